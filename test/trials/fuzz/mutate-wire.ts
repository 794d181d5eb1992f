import type { Draft } from './draft.js';
import type { Random } from './random.js';
import { type Asked, encode, type Header } from './request.js';

/*
 * What no client would send: the frame of HTTP itself is broken, or told twice. A request within a request would
 * delete somebody, if anybody took it for one.
 */

/** Changes the bytes of a request. Answers with what it has done. */
type Break = (draft: Draft, random: Random) => Buffer[];

/** The frame is broken. */
export function breakFrame(draft: Draft, random: Random): string {
  const [name, change] = random.pick(BREAKS);
  draft.parts = change(draft, random);
  draft.asked = startLineOf(draft.parts);
  draft.isLast = true;
  draft.isCut = CUT.includes(name);
  return name;
}

/** What is asked for by these bytes, whatever it was that they were made of. */
function startLineOf(parts: readonly Buffer[]): Asked[] {
  const [, method, target] = /^\s*(\S+) +(\S+)/.exec(Buffer.concat([...parts]).toString('latin1')) ?? [];
  return method !== undefined && target !== undefined ? [{ method, target }] : [];
}

const withHeaders = (draft: Draft, headers: readonly Header[], body: string | Buffer): Buffer =>
  encode({ ...head(draft), headers: [...draft.headers, ...headers] }, Buffer.from(body));
const head = ({ method, target, version }: Draft) => ({ method, target, version });
const text = (draft: Draft) => draft.bytes?.toString('latin1') ?? '{}';
const chunked = (body: string) => `${Buffer.byteLength(body).toString(16)}\r\n${body}\r\n0\r\n\r\n`;
const CHUNKED: Header = ['Transfer-Encoding', 'chunked'];

/** Within another request: it must not be done. */
function smuggled({ headers, victim }: Draft): string {
  return encode({ method: 'DELETE', target: victim, headers }).toString('latin1');
}

/** Replaces the first header line's end, the start line, or anything else in the text of a request. */
const edited =
  (change: (request: string, random: Random) => string): Break =>
  (draft, random) => [Buffer.from(change(draft.encoded.toString('latin1'), random), 'latin1')];

const BREAKS: readonly [name: string, change: Break][] = [
  [
    'CL.TE',
    (draft) => [withHeaders(draft, [['Content-Length', '4'], CHUNKED], `0\r\n\r\n${smuggled(draft)}`)],
  ],
  ['TE.CL', (draft) => [withHeaders(draft, [CHUNKED, ['Content-Length', '4']], chunked(smuggled(draft)))]],
  [
    'two lengths',
    (draft) => [
      withHeaders(
        draft,
        [
          ['Content-Length', '0'],
          ['Content-Length', '100'],
        ],
        smuggled(draft),
      ),
    ],
  ],
  ['a list of lengths', (draft) => [withHeaders(draft, [['Content-Length', '2, 2']], '{}')]],
  [
    'TE twice',
    (draft) => [withHeaders(draft, [CHUNKED, ['Transfer-Encoding', 'identity']], chunked(text(draft)))],
  ],
  [
    'TE of another kind',
    (draft, random) => [
      withHeaders(
        draft,
        [
          [
            'Transfer-Encoding',
            random.pick(['gzip, chunked', 'chunked, gzip', 'xchunked', '\tchunked', 'Chunked', 'identity']),
          ],
        ],
        chunked(text(draft)),
      ),
    ],
  ],
  [
    'a length that is none',
    (draft, random) => [
      withHeaders(
        draft,
        [
          [
            'Content-Length',
            random.pick(['-1', '+2', '0x2', '2.0', 'NaN', '', '99999999999999999999', '1e1']),
          ],
        ],
        text(draft),
      ),
    ],
  ],
  ['more than it says', (draft) => [withHeaders(draft, [['Content-Length', '1']], text(draft))]],
  [
    'less than it says',
    (draft) => [withHeaders(draft, [['Content-Length', String(text(draft).length + 100)]], text(draft))],
  ],
  [
    'over the limit by its word',
    (draft) => [withHeaders(draft, [['Content-Length', '104857600']], text(draft))],
  ],
  ['chunked', (draft) => [withHeaders(draft, [CHUNKED], chunked(text(draft)))]],
  [
    'chunked with extensions',
    (draft) => [withHeaders(draft, [CHUNKED], chunked(text(draft)).replace('\r\n', ';a="b";c\r\n'))],
  ],
  [
    'chunked with a trailer',
    (draft) => [
      withHeaders(
        draft,
        [CHUNKED],
        chunked(text(draft)).replace(/\r\n$/, 'Content-Length: 99\r\nAuthorization: Bearer x\r\n\r\n'),
      ),
    ],
  ],
  [
    'a chunk of a bad size',
    (draft, random) => [
      withHeaders(
        draft,
        [CHUNKED],
        `${random.pick(['-1', 'zz', '0x2', 'ffffffffffffffff', ' 2', ''])}\r\n${text(draft)}\r\n0\r\n\r\n`,
      ),
    ],
  ],
  ['chunks that do not end', (draft) => [withHeaders(draft, [CHUNKED], chunked(text(draft)).slice(0, -7))]],
  [
    'bytewise chunks',
    (draft) => [
      withHeaders(
        draft,
        [CHUNKED],
        `${[...text(draft).slice(0, 2000)].map((byte) => `1\r\n${byte}\r\n`).join('')}0\r\n\r\n`,
      ),
    ],
  ],
  ['an obsolete fold', edited((request) => request.replace('\r\n', '\r\nX-Folded: a\r\n  b\r\n'))],
  ['a space before the colon', edited((request) => request.replace('\r\nHost:', '\r\nHost :'))],
  ['a header without a colon', edited((request) => request.replace('\r\n', '\r\nnothing\r\n'))],
  ['a header without a name', edited((request) => request.replace('\r\n', '\r\n: x\r\n'))],
  ['NUL in a header', edited((request) => request.replace('\r\n', '\r\nX-A: a\0b\r\n'))],
  ['CR in a header', edited((request) => request.replace('\r\n', '\r\nX-A: a\rX-B: b\r\n'))],
  ['bare LF', edited((request) => request.replaceAll('\r\n', '\n'))],
  ['no host', edited((request) => request.replace(/\r\nHost: [^\r]*/, ''))],
  ['two hosts', edited((request) => request.replace('\r\n', '\r\nHost: a\r\n'))],
  [
    'another version',
    edited((request, random) =>
      request.replace(
        'HTTP/1.1',
        random.pick([
          'HTTP/1.0',
          'HTTP/0.9',
          'HTTP/2.0',
          'HTTP/9.9',
          'HTTP/1.10',
          'http/1.1',
          'HTTP/',
          'RTSP/1.0',
          '',
        ]),
      ),
    ),
  ],
  ['spaces in the first line', edited((request) => request.replace(' ', '   '))],
  ['a space in the path', edited((request) => request.replace(' HTTP/', ' x HTTP/'))],
  ['lines before', edited((request) => `\r\n\r\n${request}`)],
  ['a greeting of HTTP/2', edited((request) => `PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n${request}`)],
  ['a greeting of TLS', () => [Buffer.from([0x16, 3, 1, 2, 0, 1, 0, 1, 0xfc, 3, 3])]],
  [
    'random bytes',
    (_, random) => [Buffer.from(Array.from({ length: random.below(500) }, () => random.below(256)))],
  ],
  [
    'a byte of the head changed',
    (draft, random) => {
      const bytes = Buffer.from(draft.encoded);
      bytes[random.below(Math.min(bytes.length, bytes.indexOf('\r\n\r\n')))] = random.below(256);
      return [bytes];
    },
  ],
  ['cut off', (draft, random) => [draft.encoded.subarray(0, random.below(draft.encoded.length))]],
  ['CONNECT', ({ headers }) => [encode({ method: 'CONNECT', target: 'elsewhere.invalid:443', headers })]],
  [
    'an upgrade',
    (draft) => [
      withHeaders(
        draft,
        [
          ['Connection', 'Upgrade'],
          ['Upgrade', 'websocket'],
          ['Sec-WebSocket-Key', 'x'],
        ],
        text(draft),
      ),
    ],
  ],
];

/** Of these, nothing more is to come. */
const CUT: readonly string[] = [
  'less than it says',
  'chunks that do not end',
  'random bytes',
  'cut off',
  'a greeting of TLS',
];

/** In many small packets. */
export function sendSlowly(draft: Draft, random: Random): string {
  const bytes = draft.encoded;
  const count = Math.min(2 + random.below(6), bytes.length);
  const size = Math.ceil(bytes.length / count);
  draft.parts = Array.from({ length: count }, (_, index) => bytes.subarray(index * size, (index + 1) * size));
  return `in ${count} packets`;
}

/** Several requests at once, of which the others only read. */
export function pipeline(draft: Draft, random: Random): string {
  const count = 2 + random.below(4);
  const asked = Array.from({ length: count }, () => ({
    method: 'GET',
    target: random.pick(['/user/current', '/info', '/network/count', '/nothing', '/user/0', '/health/live']),
  }));
  const { headers } = draft;
  const more = asked.map((one) =>
    encode({ ...one, headers: headers.filter(([name]) => name !== 'Content-Type') }),
  );
  draft.asked = [{ method: draft.method, target: draft.target }, ...asked];
  draft.parts = [Buffer.concat([draft.encoded, ...more])];
  return `${count} more behind it`;
}

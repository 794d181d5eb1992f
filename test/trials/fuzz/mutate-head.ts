import type { Draft } from './draft.js';
import type { Random } from './random.js';
import type { Header } from './request.js';
import { oddText } from './values.js';

/** One header more or another; what HTTP allows, however odd. */
export function changeHeader(draft: Draft, random: Random): string {
  const [name, value] = random.chance(0.9) ? random.pick(HEADERS) : oddHeader(random);
  if (random.chance(0.5)) draft.setHeader(name, value);
  else draft.headers.push([name, value]);
  return `${name}: ${value.slice(0, 40)}`;
}

const HEADERS: readonly Header[] = [
  ['X-Request-Id', ''],
  ['X-Request-Id', 'sane-1'],
  ['X-Request-Id', 'x'.repeat(129)],
  ['X-Request-Id', '<script>alert(1)</script>'],
  ['X-Request-Id', '{"a":1}\\u000a'],
  ['X-Request-Id', '\xe9\xff'],
  ['X-Forwarded-For', '1.2.3.4, , ::1, not an address'],
  ['X-Forwarded-Host', 'evil.invalid"><'],
  ['X-Forwarded-Proto', 'https,http'],
  ['X-Forwarded-Prefix', '/../..'],
  ['X-HTTP-Method-Override', 'DELETE'],
  ['X-Original-URL', '/user'],
  ['Forwarded', 'for="[::1]";host=evil.invalid;proto=https'],
  ['If-Match', '*'],
  ['If-Match', '"1"'],
  ['If-Match', 'W/"1"'],
  ['If-Match', '"999999"'],
  ['If-Match', '"'],
  ['If-Match', ', ,,'],
  ['If-Match', '"1", '.repeat(2000)],
  ['If-None-Match', '*'],
  ['If-None-Match', 'W/"1.1-", "a,b"'],
  ['If-None-Match', `"1"${' '.repeat(8000)}x`],
  ['If-Modified-Since', 'never'],
  ['Range', 'bytes=0-0,-1,5-2'],
  ['Accept', 'text/html;q=2, ;;, */'],
  ['Accept-Encoding', 'gzip;q=x, *;q=0'],
  ['Accept-Charset', 'utf-16'],
  ['Accept-Language', '*'.repeat(5000)],
  ['Origin', 'null'],
  ['Access-Control-Request-Method', 'DELETE'],
  ['Cookie', 'a=b; __proto__=1; ='],
  ['Expect', '100-continue'],
  ['Expect', 'nothing'],
  ['TE', 'trailers, deflate'],
  ['Trailer', 'Content-Length'],
  ['Max-Forwards', '-1'],
  ['Upgrade', 'websocket'],
  ['Upgrade', 'h2c'],
  ['Connection', 'Upgrade'],
  ['Connection', 'Authorization, Content-Length'],
  ['Keep-Alive', 'timeout=-1, max=0'],
  ['Date', '1'],
  ['Via', 'x'.repeat(1000)],
  ['__proto__', 'x'],
  ['constructor', 'x'],
  ['User-Agent', '() { :; }; id'],
  ['Host', 'evil.invalid'],
  ['Host', 'a:99999999'],
  ['Host', '[::1'],
  ['Host', '"><script>'],
  ['Host', '\xe9'],
  ['Host', 'a, b'],
  ['Host', '?'.repeat(3000)],
];

function oddHeader(random: Random): Header {
  return [`X-${random.below(1000)}`, oddText(random).replaceAll(/[^\t -~\x80-\xff]/g, '')];
}

/** So many headers, or such long ones, that they may be too much. */
export function crowdHeaders(draft: Draft, random: Random): string {
  const [count, length] = random.pick([
    [50, 10],
    [1900, 3],
    [3, 4000],
    [1, 16_000],
    [1, 70_000],
    [5000, 100],
  ] as const);
  for (let index = 0; index < count; index += 1) draft.headers.push([`X-${index}`, 'a'.repeat(length)]);
  draft.isLast = true;
  return `${count} headers of ${length}`;
}

/** Another `Authorization` header, or two. */
export function changeAuthorization(draft: Draft, random: Random): string {
  const token = draft.token ?? 'eyJhbGciOiJFUzI1NiJ9.e30.c2ln';
  const value = random.pick([
    `bearer ${token}`,
    `Bearer  ${token} `,
    `Bearer ${token}, Bearer ${token}`,
    `Bearer ${token}=`,
    `Bearer ${token}.${token}`,
    `Bearer ${mangle(token, random)}`,
    `Bearer ${mangle(token, random)}`,
    `Bearer ${Buffer.from('{"alg":"none","kid":"__proto__"}').toString('base64url')}.e30.`,
    `Bearer ${Buffer.from('{"alg":"ES256","kid":{"a":[1]},"crit":["x"],"b64":false}').toString('base64url')}.e30.e30`,
    `Bearer ${Buffer.from('{"alg":"ES256"}').toString('base64url')}.e30.`,
    `Bearer ${'a'.repeat(8000)}`,
    `Bearer ${'e30.'.repeat(2000)}`,
    `Bearer \xe9`,
    'Bearer',
    'Bearer null',
    token,
    'Basic YWRtaW46YWRtaW4=',
    `Digest username="${oddText(random).replaceAll(/[^ -~]/g, '')}"`,
    '',
  ]);
  if (random.chance(0.7)) draft.setHeader('Authorization', value);
  else draft.headers.push(['Authorization', value]);
  return `Authorization ${value.slice(0, 20)}`;
}

function mangle(token: string, random: Random): string {
  const at = random.below(token.length);
  return random.pick([
    token.slice(0, at),
    token.slice(0, at) + random.pick([...'aZ09-_.=']) + token.slice(at + 1),
    token.slice(0, at) + token.slice(at + 1),
    token.toLowerCase(),
    [...token].reverse().join(''),
  ]);
}

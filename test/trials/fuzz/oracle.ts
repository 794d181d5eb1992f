import type { OpenApiConformance } from '../../support/conformance/openapi-conformance.js';
import { parseJson } from '../../support/json.js';
import type { WireAnswer } from './answer-parser.js';
import type { Exchange } from './connection.js';
import { pathOf } from './document.js';
import type { Asked, FuzzRequest } from './request.js';

/** What HTTP itself may be answered with, whatever the operation (contract.md §6). */
const OF_HTTP: readonly number[] = [400, 404, 405, 408, 413, 414, 415, 431];
/** What every answer tells browsers. */
const HEADERS: Readonly<Record<string, RegExp>> = {
  'x-request-id': /^[\w.:-]{1,128}$/,
  'x-content-type-options': /^nosniff$/,
  'x-frame-options': /^DENY$/,
  'referrer-policy': /^no-referrer$/,
  'strict-transport-security': /^max-age=\d+$/,
  'content-security-policy': /^default-src 'none'/,
  'cache-control': /./,
};
/** What only the inside of the service knows. */
const INSIDE =
  /\bat \S+ \(|node_modules|\/dist\/|\.[cm]?[jt]s:\d+|SQLITE|SELECT "|INSERT INTO|UPDATE "|syntax error at|violates|QueryFailed|TypeError|RangeError|\/tmp\/|\/home\/|\/work\//;
/** What was sent as a password. */
const PASSWORD = /(?:a|the) password of fuzz/;
/** 400s that name no field, for there is none: what is no HTTP, a path that cannot be read, a sign-in without credentials. */
const FIELDLESS: readonly string[] = [
  'Invalid request',
  'Invalid request parameters',
  'Invalid or empty authorization request parameters',
];
/** Of a field's name, an error tells so much. */
const LONGEST_FIELD = 64;
const BODY_LIMIT = 1024 * 1024;

/** Says what is wrong with answers. */
export class Oracle {
  constructor(private readonly document: OpenApiConformance) {}

  /** Everything that is wrong with what a request has brought; nothing: all is well. */
  judge(request: FuzzRequest, { answers, isHung, garbage }: Exchange): string[] {
    const bytes = Buffer.concat([...request.parts]);
    if (isHung) return ['neither answered nor closed'];
    // A service that hangs up on what it does not want to hear may cut its own answer off.
    if (garbage !== undefined) return request.isLast ? [] : [`answered with what is no HTTP: ${garbage}`];
    const faults = answers.flatMap((answer, index) =>
      this.judgeAnswer(request, answer, request.asked[index], bytes),
    );
    const isMissed = answers.length < request.asked.length && answers.at(-1)?.closes !== true;
    if (isMissed && !request.isLast && bytes.length < BODY_LIMIT) faults.push('closed without an answer');
    return faults;
  }

  private judgeAnswer(
    request: FuzzRequest,
    answer: WireAnswer,
    asked: Asked | undefined,
    bytes: Buffer,
  ): string[] {
    const { status, text, headers } = answer;
    if (status >= 500) return [`answered ${status}: ${text.slice(0, 200)}`];
    const faults = Object.entries(HEADERS)
      .filter(([name, form]) => !form.test(headers.get(name) ?? ''))
      .map(([name]) => `answered ${status} with ${name}: ${headers.get(name) ?? 'none'}`);
    const path = normalPathOf(asked?.target ?? '*');
    const isPage = /^\/(?:swagger.*)?$/s.test(path) && status < 400;
    if (text !== '' && !isPage) {
      if (!/^application\/json(?:;|$)/.test(headers.get('content-type') ?? ''))
        faults.push(`answered ${status} with content-type ${headers.get('content-type') ?? 'none'}`);
      const leak = INSIDE.exec(text)?.[0] ?? PASSWORD.exec(text)?.[0];
      if (leak !== undefined && !bytes.includes(leak)) faults.push(`answered ${status} with "${leak}" in it`);
      if (PASSWORD.test(text)) faults.push(`answered ${status} with a password in it`);
    }
    const complaint = this.complaintOfDocument(answer, asked?.method ?? '*', path);
    if (complaint !== undefined) faults.push(complaint);
    if (status === 400 && text !== '') faults.push(...complaintsOfFields(text, request, path));
    return faults;
  }

  private complaintOfDocument(
    { status, text, headers }: WireAnswer,
    method: string,
    path: string,
  ): string | undefined {
    try {
      const body = parseJson(text) as { error?: unknown } | undefined;
      if (status >= 400 && text !== '' && body?.error !== status)
        return `answered ${status} with another body than errors have: ${text.slice(0, 200)}`;
      const isOfHttp = OF_HTTP.includes(status);
      // The path has been decoded, and the document decodes it.
      const url = path.replaceAll('%', '%25');
      const request = { method, url, headers: new Headers(), body: Buffer.alloc(0) };
      this.document.check({
        // Refused before its first line was read, a HEAD has an answer with a body.
        request: isOfHttp ? { ...request, url: '/nowhere', ...(text !== '' && { method: 'GET' }) } : request,
        response: { status, headers: new Headers([...headers]), body: text },
      });
      return undefined;
    } catch (error) {
      return (error as Error).message.slice(0, 500);
    }
  }
}

/** What is wrong with a 400 for what it says of fields. */
function complaintsOfFields(text: string, { fieldAtFault, operation }: FuzzRequest, path: string): string[] {
  const { message, details } = parseJson(text) as { message: string; details?: readonly { field: string }[] };
  if (details === undefined && !FIELDLESS.includes(message)) return [`400 "${message}" names no field`];
  const [, own = ''] = operation.split(' ');
  const isOwn = !own.includes('{') && path === own && own !== '/token';
  if (fieldAtFault === undefined || !isOwn || details === undefined) return [];
  const names = details.map(({ field }) => field);
  const expected = fieldAtFault.slice(0, LONGEST_FIELD);
  // What cannot be read at all is the body's fault; what excludes one another is told of `after`.
  return [expected, 'body', 'after'].some((name) => names.includes(name))
    ? []
    : [`400 names ${names.join()} and not ${JSON.stringify(expected)}`];
}

/** The path of a target as routes see it. */
export function normalPathOf(target: string): string {
  const path = pathOf(target);
  try {
    return decodeURI(path);
  } catch {
    return path;
  }
}

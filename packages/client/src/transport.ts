import { HivegateError } from './errors.js';
import { mayRepeat, Retries, type RetryLimits } from './retries.js';
import type { Session } from './session.js';
import { sleep } from './waiting.js';

/** `fetch`, or a function that does the same: `url` is a text, and `init` holds everything else. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

/** A request that can be sent again. */
interface Sendable {
  readonly url: string;
  readonly method: string;
  /** From the base URL on: `/user/7`. Undefined where the request goes elsewhere. */
  readonly path: string | undefined;
  readonly headers: Headers;
  readonly body: string | undefined;
  readonly signal: AbortSignal | undefined;
}

/** Routes that take no token: they begin, go on with or end a session. */
const WITHOUT_TOKEN = new Set(['/token', '/token/refresh', '/token/revoke']);

/** Sends requests: with the token, again after a 401 with a new one, and again after a 429 or 503. */
export class Transport {
  constructor(
    private readonly baseUrl: string,
    private readonly fetch: Fetch,
    private readonly retry: RetryLimits,
  ) {}

  /** Sends a request of `openapi-fetch`. @throws {HivegateError} `network`, `unreadable` or `signedOut` */
  async send(request: Request, session: Session): Promise<Response> {
    const sendable = await this.read(request);
    const { path, headers, signal } = sendable;
    // A token goes to no other place than the base URL, and replaces none that the caller has set.
    const hasToken = path !== undefined && !WITHOUT_TOKEN.has(path) && !headers.has('authorization');
    const token = hasToken ? await session.accessToken(signal) : undefined;
    const response = await this.repeat(sendable, token);
    if (response.status !== 401 || token === undefined) return response;
    // A 401 means that nothing has been done, so that any request may follow it.
    const renewed = await session.replace(token, signal);
    return renewed === undefined ? response : this.repeat(sendable, renewed);
  }

  private async read(request: Request): Promise<Sendable> {
    const { url, method, headers, signal } = request;
    const [address = ''] = url.split(/[?#]/, 1);
    const isHere = address.startsWith(`${this.baseUrl}/`);
    const hasBody = method !== 'GET' && method !== 'HEAD';
    return {
      url,
      method,
      path: isHere ? address.slice(this.baseUrl.length) : undefined,
      headers: new Headers(headers),
      body: hasBody ? (await request.text()) || undefined : undefined,
      signal,
    };
  }

  private async repeat(sendable: Sendable, token: string | undefined): Promise<Response> {
    const { method, path = '', headers, body, signal } = sendable;
    const retries = new Retries(this.retry);
    // A 503 of a conditional change: it may have been made all the same.
    let uncertain: Response | undefined;
    for (;;) {
      const response = await this.once(sendable, token);
      // The record has changed since: by the first attempt, or by someone else. Only the 503 tells the truth.
      if (response.status === 412 && uncertain) return uncertain;
      if (!mayRepeat({ method, path, body }, response.status)) return response;
      const wait = retries.take(response.headers);
      if (wait === undefined) return response;
      if (response.status === 503 && headers.has('if-match')) uncertain = response;
      await sleep(wait, signal);
    }
  }

  /** Sends a request once and reads the response whole, so that it cannot break off later. */
  private async once(sendable: Sendable, token: string | undefined): Promise<Response> {
    const { url, method, body, signal } = sendable;
    const headers = new Headers(sendable.headers);
    if (token !== undefined) headers.set('authorization', `Bearer ${token}`);
    const { fetch } = this;
    try {
      const response = await fetch(url, {
        method,
        headers,
        ...(body !== undefined && { body }),
        ...(signal && { signal }),
        // The service redirects nothing. Passwords and tokens follow no redirect, cookies are not sent.
        redirect: 'error',
        credentials: 'omit',
      });
      return await readWhole(response);
    } catch (error) {
      if (signal?.aborted || error instanceof HivegateError) throw error;
      throw new HivegateError('The service cannot be reached', { kind: 'network', cause: error });
    }
  }
}

async function readWhole(response: Response): Promise<Response> {
  const { status, statusText, headers } = response;
  const text = await response.text();
  if (response.ok && text !== '' && !isJson(text)) {
    const type = headers.get('content-type')?.split(';', 1)[0] ?? 'no content type';
    throw new HivegateError(`The response is not JSON: ${status}, ${type}`, {
      kind: 'unreadable',
      status,
      requestId: headers.get('x-request-id') ?? undefined,
    });
  }
  return new Response(text === '' ? null : text, { status, statusText, headers });
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

import { decodeJwt, type JWTPayload } from 'jose';
import { conformanceAt } from './conformance/descriptions.js';
import type { Exchange } from './conformance/exchange.js';
import { hold } from './conformance/found-faults.js';
import { parseJson } from './json.js';

/** An answer, read whole. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  /** The body as it came. */
  readonly text: string;
  /** The body as JSON; undefined when it is empty. */
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- tests look into it as they please
  readonly body: any;
}

/** What a request carries. */
export interface RequestParts {
  /** Sent as JSON; a string or bytes as they are. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

/** Calls the service over real HTTP, with or without a token. */
export class Client {
  constructor(
    readonly baseUrl: string,
    readonly token?: string | undefined,
  ) {}

  /** The same service, called with another token. */
  as(token: string | undefined): Client {
    return new Client(this.baseUrl, token);
  }

  get(path: string, headers?: Readonly<Record<string, string>>): Promise<Answer> {
    return this.send('GET', path, { headers });
  }

  post(path: string, body?: unknown, headers?: Readonly<Record<string, string>>): Promise<Answer> {
    return this.send('POST', path, { body, headers });
  }

  put(path: string, body?: unknown, headers?: Readonly<Record<string, string>>): Promise<Answer> {
    return this.send('PUT', path, { body, headers });
  }

  /** Sends a JSON merge patch. */
  patch(path: string, body?: unknown, headers?: Readonly<Record<string, string>>): Promise<Answer> {
    const type = { 'content-type': 'application/merge-patch+json' };
    return this.send('PATCH', path, { body, headers: { ...type, ...headers } });
  }

  delete(path: string, headers?: Readonly<Record<string, string>>): Promise<Answer> {
    return this.send('DELETE', path, { headers });
  }

  /**
   * Signs a user in: 201 with `accessToken` and `refreshToken`. `from`: the address that a proxy names as the client's.
   */
  signIn(
    { login, password }: { readonly login: unknown; readonly password: unknown },
    from?: string,
  ): Promise<Answer> {
    return this.post('/token', { login, password }, from === undefined ? {} : { 'x-forwarded-for': from });
  }

  /** Asks for a new access token: 201 with `accessToken`. */
  refresh(refreshToken: unknown): Promise<Answer> {
    return this.post('/token/refresh', { refreshToken });
  }

  async send(method: string, path: string, { body, headers = {} }: RequestParts = {}): Promise<Answer> {
    const isRaw = typeof body === 'string' || body instanceof Uint8Array;
    const request = {
      method,
      headers: {
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...(this.token !== undefined && { authorization: `Bearer ${this.token}` }),
        ...headers,
      },
      ...(body !== undefined && { body: isRaw ? (body as string) : JSON.stringify(body) }),
    };
    const url = new URL(`${this.baseUrl}${path}`);
    const answer = await fetch(url, { redirect: 'manual', ...request });
    const text = await answer.text();
    const { status, headers: received } = answer;
    this.hear({
      request: {
        method,
        url: url.pathname + url.search,
        headers: new Headers(request.headers),
        body: Buffer.from(request.body ?? ''),
      },
      response: { status, headers: received, body: text },
    });
    return { status, headers: received, text, body: parseJson(text) };
  }

  /** Holds what another process answers to the API document. A service of this process is watched itself. */
  protected hear(exchange: Exchange): void {
    const conformance = conformanceAt(this.baseUrl);
    if (conformance) hold(conformance, exchange);
  }
}

/** The claims of a token, unverified. */
export function claimsOf(token: string): JWTPayload & { payload: Record<string, unknown> } {
  return decodeJwt(token);
}

/** What a caller can compare in two responses: all but the time and the request id. */
export function visiblePart({ status, text, headers }: Answer): string {
  const shown = [...headers].filter(([name]) => !['date', 'x-request-id'].includes(name));
  return JSON.stringify([status, text, shown]);
}

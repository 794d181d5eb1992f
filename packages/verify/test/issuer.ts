import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { type AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose';
import { onTestFinished } from 'vitest';

/** A response to send instead of the usual one. */
export interface Scripted {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/** What the issuer shows at the path of a request: undefined breaks the connection off, `silent` never responds. */
export type Script = (request: IncomingMessage, path: string) => Response | Promise<Response>;
type Response = Scripted | 'silent' | undefined;

type Key = Awaited<ReturnType<typeof generateKeyPair>>['privateKey'];

/** An issuer that does what Hivegate does, and on demand what it never does, over real HTTP. */
export class Issuer {
  /** Requests that arrived, without their queries: `GET /revocation`. */
  readonly requests: string[] = [];
  /** Bearers of the requests to the feed. */
  readonly bearers: (string | undefined)[] = [];
  /** What the next response of the feed adds to `revoked` and `narrowed`; the latest is at the end. */
  readonly revoked: { sid: string; until: string }[] = [];
  readonly narrowed: { sid: string; at: string }[] = [];
  notBefore: string | null = null;
  epoch = 'epoch';
  introspection: Record<string, unknown> = { active: false };
  /** Scripts by path; they replace what is usual there. */
  readonly scripts = new Map<string, Script>();
  readonly #keys: { kid: string; privateKey: Key; jwk: JWK }[] = [];

  private constructor(readonly url: string) {}

  /** Starts one; it ends with the test. `path`: that of the issuer's URL. */
  static async start(path = ''): Promise<Issuer> {
    const respond = async (request: IncomingMessage, response: ServerResponse) => {
      const { pathname } = new URL(request.url ?? '', 'http://localhost');
      issuer.requests.push(`${request.method ?? ''} ${pathname}`);
      request.resume();
      const script = issuer.scripts.get(pathname);
      const scripted = script ? await script(request, pathname) : issuer.#usual(request, pathname);
      if (scripted === 'silent') return;
      if (!scripted) {
        request.socket.destroy();
        return;
      }
      const { status = 200, headers = {}, body } = scripted;
      response.writeHead(status, { 'content-type': 'application/json', ...headers });
      response.end(typeof body === 'string' ? body : JSON.stringify(body ?? {}));
    };
    const server = createServer((request, response) => void respond(request, response));
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    onTestFinished(() => {
      server.closeAllConnections();
      server.close();
    });
    const issuer = new Issuer(`http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`);
    await issuer.rotate();
    return issuer;
  }

  get #path(): string {
    return new URL(this.url).pathname.replace(/\/$/, '');
  }

  /** Makes a new key, which signs from now on. */
  async rotate(): Promise<void> {
    const { privateKey, publicKey } = await generateKeyPair('ES256', { extractable: true });
    const kid = randomUUID();
    this.#keys.unshift({
      kid,
      privateKey,
      jwk: { ...(await exportJWK(publicKey)), kid, alg: 'ES256', use: 'sig' },
    });
  }

  /** Forgets all keys but the newest. */
  revokeOldKeys(): void {
    this.#keys.length = 1;
  }

  /** An access token; `claims`, `payload` and `header` replace or add members, undefined removes one. */
  async token(
    claims: Readonly<Record<string, unknown>> = {},
    payload: Readonly<Record<string, unknown>> = {},
    header: Readonly<Record<string, unknown>> = {},
  ): Promise<string> {
    const [key] = this.#keys;
    if (!key) throw new Error('There is no key');
    const seconds = Math.floor(Date.now() / 1000);
    const exp = (claims['exp'] as number | undefined) ?? seconds + 600;
    return new SignJWT({
      payload: { u: 7, a: [3, 10], n: ['1', '2'], dt: ['*'], e: exp * 1000, t: 1, ...payload },
      iss: this.url,
      sub: '7',
      iat: seconds - 5,
      exp,
      jti: randomUUID(),
      sid: randomUUID(),
      ...claims,
    })
      .setProtectedHeader({ alg: 'ES256', typ: 'at+jwt', kid: key.kid, ...header })
      .sign(key.privateKey);
  }

  /** What Hivegate responds. */
  #usual(request: IncomingMessage, path: string): Scripted {
    const at = (rest: string) => `${this.#path}${rest}`;
    if (path === `/.well-known/oauth-authorization-server${this.#path}`)
      return {
        body: {
          issuer: this.url,
          jwks_uri: `${this.url}/jwks`,
          introspection_endpoint: `${this.url}/token/introspect`,
          revocation_feed_endpoint: `${this.url}/revocation`,
        },
      };
    if (path === at('/jwks'))
      return {
        headers: { 'cache-control': 'public, max-age=300' },
        body: { keys: this.#keys.map(({ jwk }) => jwk) },
      };
    if (path === at('/token/introspect'))
      return { headers: { 'cache-control': 'private, max-age=1' }, body: this.introspection };
    if (path === at('/revocation')) return this.#feed(request);
    return { status: 404 };
  }

  #feed(request: IncomingMessage): Scripted {
    this.bearers.push(request.headers.authorization);
    const cursor = new URL(request.url ?? '', 'http://localhost').searchParams.get('after');
    const [epoch, from = 0, narrowedFrom = 0] = cursor?.split('.') ?? [this.epoch];
    if (epoch !== this.epoch) return { status: 410 };
    return {
      body: {
        cursor: `${this.epoch}.${this.revoked.length}.${this.narrowed.length}`,
        notBefore: this.notBefore,
        revoked: this.revoked.slice(Number(from)),
        narrowed: this.narrowed.slice(Number(narrowedFrom)),
      },
    };
  }
}

import { createServer, type IncomingHttpHeaders } from 'node:http';
import { type AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

/** A request that arrived. */
export interface Arrived {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** A response to send. An object as body is sent as JSON. */
export interface Scripted {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/** A server that does what Hivegate never does, over real HTTP. */
export interface ScriptedServer {
  readonly url: string;
  readonly requests: Arrived[];
  /** The requests of this method and path. */
  countOf(request: string): number;
}

/** Starts a server that responds as `script` says: undefined breaks the connection off. It ends with the test. */
export async function serve(
  script: (request: Arrived, index: number) => Scripted | undefined | Promise<Scripted | undefined>,
): Promise<ScriptedServer> {
  const requests: Arrived[] = [];
  const server = createServer((incoming, outgoing) => {
    let body = '';
    incoming.setEncoding('utf8').on('data', (text: string) => (body += text));
    incoming.on('end', () => {
      const { method = '', url = '', headers } = incoming;
      const request = { method, url, headers, body };
      const index = requests.push(request) - 1;
      void Promise.resolve(script(request, index)).then((scripted) => {
        if (!scripted) {
          incoming.socket.destroy();
          return;
        }
        const { status = 200, headers: more = {}, body: sent } = scripted;
        const isText = typeof sent === 'string';
        outgoing.writeHead(status, {
          ...(sent !== undefined && { 'content-type': isText ? 'text/html' : 'application/json' }),
          ...more,
        });
        outgoing.end(sent === undefined || isText ? sent : JSON.stringify(sent));
      });
    });
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    countOf: (wanted) => requests.filter(({ method, url }) => `${method} ${url}` === wanted).length,
  };
}

const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

/** A token like those of the service, with no signature. `seconds`: until it expires; `age`: since it was issued. */
export function tokenOf(name: string, { user = 1, seconds = 1800, age = 0 } = {}): string {
  const now = Math.floor(Date.now() / 1000);
  const claims = { payload: { u: user }, iat: now - age, exp: now + seconds, jti: name };
  return `${part({ alg: 'none' })}.${part(claims)}.signature`;
}

import {
  createServer,
  type IncomingMessage,
  request as send,
  type Server,
  type ServerResponse,
} from 'node:http';
import { type AddressInfo } from 'node:net';

/** What becomes of requests: `refused` breaks their connections off, `silent` leaves them without a response. */
export type Cut = 'refused' | 'silent';

/**
 * What stands in front of services: their issuer's URL is its own, which is known before they start. It gives the
 * requests to them in turn, and can be cut.
 */
export class Front {
  readonly #server: Server;
  #targets: readonly URL[] = [];
  #next = 0;
  #cut: { readonly how: Cut; readonly paths: RegExp } | undefined;
  /** Responds instead of the services, where it does: returns whether it has. */
  instead?: (request: IncomingMessage, response: ServerResponse) => boolean;

  private constructor() {
    this.#server = createServer((request, response) => {
      if (this.#isCut(request)) {
        if (this.#cut?.how === 'refused') request.socket.destroy();
        return;
      }
      if (!this.instead?.(request, response)) this.#forward(request, response);
    });
  }

  /** Starts one. */
  static async start(): Promise<Front> {
    const front = new Front();
    await new Promise<void>((done) => front.#server.listen(0, '127.0.0.1', done));
    return front;
  }

  /** Where it listens: the `JWT_ISSUER` of the services. */
  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Gives the requests to these services from now on. */
  to(...urls: readonly string[]): void {
    this.#targets = urls.map((url) => new URL(url));
  }

  /** Cuts the requests for these paths, those that are waiting included; undefined: none is cut any more. */
  cut(how: Cut | undefined, paths = /^/): void {
    this.#cut = how && { how, paths };
    if (how) this.#server.closeAllConnections();
  }

  /** Ends it. */
  close(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }

  #isCut({ url = '' }: IncomingMessage): boolean {
    return this.#cut?.paths.test(url) === true;
  }

  #forward(request: IncomingMessage, response: ServerResponse): void {
    const target = this.#targets[(this.#next += 1) % this.#targets.length];
    if (!target) {
      request.socket.destroy();
      return;
    }
    const { method, url, headers } = request;
    const forwarded = send(
      { host: target.hostname, port: target.port, method, path: url, headers },
      (received) => {
        response.writeHead(received.statusCode ?? 502, received.headers);
        received.pipe(response);
      },
    );
    // A service that is restarted, or a client that has gone.
    forwarded.on('error', () => request.socket.destroy());
    response.on('close', () => forwarded.destroy());
    request.pipe(forwarded);
  }
}

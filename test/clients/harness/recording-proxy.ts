import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A request as the client sent it, and what the service returned. */
export interface Exchange {
  readonly method: string;
  /** Path and query. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: string;
  readonly response: {
    readonly status: number;
    readonly headers: Readonly<Record<string, string | undefined>>;
    readonly body: string;
  };
}

/** What the proxy changes in a request before the service gets it. */
export interface Alteration {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** An HTTP proxy in front of a service that records what goes through, and can change the next request. */
export class RecordingProxy {
  /** The address that the service sees as the client's, by `X-Forwarded-For`. */
  address = '192.0.2.1';
  /** Applied to the next request alone. */
  alteration: Alteration | undefined;
  private exchanges: Exchange[] = [];

  private constructor(
    private readonly server: Server,
    private readonly target: URL,
  ) {}

  /** Starts one in front of `target`, the base URL of a service. */
  static async start(target: string): Promise<RecordingProxy> {
    const server = createServer();
    const proxy = new RecordingProxy(server, new URL(target));
    server.on('request', (incoming, outgoing) => {
      proxy.pass(incoming, outgoing).catch((error: unknown) => outgoing.destroy(error as Error));
    });
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    return proxy;
  }

  /** The base URL that clients call. */
  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** What has gone through since the last time this was called. */
  take(): readonly Exchange[] {
    const taken = this.exchanges;
    this.exchanges = [];
    return taken;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((closed) => this.server.close(closed));
  }

  private async pass(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const { method = '', url = '', headers } = incoming;
    const body = await read(incoming);
    const alteration = this.alteration;
    this.alteration = undefined;
    const { 'transfer-encoding': _, ...forwarded } = headers;
    const answer = await this.ask(alteration?.method ?? method, url, body, {
      ...forwarded,
      ...(body.length > 0 && { 'content-length': String(body.length) }),
      'x-forwarded-for': this.address,
      ...alteration?.headers,
    });
    this.exchanges.push({
      method,
      url,
      headers: headers as Exchange['headers'],
      body: body.toString('utf8'),
      response: {
        status: answer.incoming.statusCode ?? 0,
        headers: answer.incoming.headers as Exchange['headers'],
        body: answer.body.toString('utf8'),
      },
    });
    outgoing.writeHead(answer.incoming.statusCode ?? 0, answer.incoming.rawHeaders).end(answer.body);
  }

  /** Asks the service. It may respond, and close the connection, before it has read the body. */
  private ask(
    method: string,
    path: string,
    body: Buffer,
    headers: Readonly<Record<string, string | string[] | undefined>>,
  ): Promise<{ incoming: IncomingMessage; body: Buffer }> {
    const { hostname, port } = this.target;
    return new Promise((done, fail) => {
      let isAnswered = false;
      request({ hostname, port, method, path, headers, agent: false }, (incoming) => {
        isAnswered = true;
        read(incoming).then((text) => {
          done({ incoming, body: text });
        }, fail);
      })
        .on('error', (error) => {
          if (!isAnswered) fail(error);
        })
        .end(body);
    });
  }
}

async function read(message: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

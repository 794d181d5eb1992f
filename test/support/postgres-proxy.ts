import { connect, createServer, type Server, type Socket } from 'node:net';

/** A way to a PostgreSQL that can be closed and opened again, so that the database is away for one service alone. */
export class PostgresProxy {
  private readonly sockets = new Set<Socket>();
  private server?: Server;
  private port = 0;

  private constructor(private readonly target: URL) {}

  static async to(url: string): Promise<PostgresProxy> {
    const proxy = new PostgresProxy(new URL(url));
    await proxy.open();
    return proxy;
  }

  /** The database, by way of the proxy. */
  get url(): string {
    const url = new URL(this.target);
    url.host = `127.0.0.1:${this.port}`;
    return url.href;
  }

  async open(): Promise<void> {
    const server = createServer((socket) => {
      const upstream = connect(Number(this.target.port), this.target.hostname);
      for (const end of [socket, upstream]) {
        this.sockets.add(end);
        end.on('error', () => end.destroy()).once('close', () => this.sockets.delete(end));
      }
      socket.pipe(upstream).pipe(socket);
    });
    await new Promise<void>((done, fail) => {
      server.once('error', fail).listen(this.port, '127.0.0.1', done);
    });
    const address = server.address();
    this.port = typeof address === 'object' && address ? address.port : this.port;
    this.server = server;
  }

  /** Breaks what goes through and lets nothing more in. */
  async close(): Promise<void> {
    const closed = new Promise<void>((done) => {
      if (this.server)
        this.server.close(() => {
          done();
        });
      else done();
    });
    for (const socket of this.sockets) socket.destroy();
    await closed;
    this.server = undefined;
  }
}

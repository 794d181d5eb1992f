import { connect, createServer, type Server, type Socket } from 'node:net';

/** A way to a PostgreSQL that can be closed, slow or silent, so that the database is so for one service alone. */
export class PostgresProxy {
  /** Milliseconds by which every answer is late. */
  delay = 0;
  private readonly sockets = new Set<Socket>();
  private server?: Server | undefined;
  private port = 0;
  private isSilent = false;
  /** To these ends nothing comes from the database any more. */
  private readonly silenced = new Set<Socket>();

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
        end
          .on('error', () => end.destroy())
          .once('close', () => this.sockets.delete(end) && this.silenced.delete(end));
      }
      if (this.isSilent) this.silenced.add(socket);
      socket.pipe(upstream).on('data', (chunk) => {
        const pass = () => !this.silenced.has(socket) && socket.write(chunk);
        if (this.delay > 0) setTimeout(pass, this.delay);
        else pass();
      });
      upstream.once('end', () => socket.end());
      socket.once('close', () => upstream.destroy());
    });
    await new Promise<void>((done, fail) => {
      server.once('error', fail).listen(this.port, '127.0.0.1', done);
    });
    const address = server.address();
    this.port = typeof address === 'object' && address ? address.port : this.port;
    this.server = server;
  }

  /** Lets nothing come back any more, and takes connections all the same; those stay silent for good. */
  silence(): void {
    this.isSilent = true;
    for (const socket of this.sockets) this.silenced.add(socket);
  }

  /** Lets answers through again, on new connections. */
  speak(): void {
    this.isSilent = false;
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

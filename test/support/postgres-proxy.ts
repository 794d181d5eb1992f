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
  /** The name of the connections that are cut or silenced alone. */
  private chosen?: { readonly name: string; readonly how: 'cut' | 'silent' | number } | undefined;
  /** What each connection began with: it has its name. */
  private readonly startups = new Map<Socket, string>();

  private constructor(private target: URL) {}

  static async to(url: string): Promise<PostgresProxy> {
    const proxy = new PostgresProxy(new URL(url));
    await proxy.open();
    return proxy;
  }

  /** Sends new connections to another server. Those that are open stay with the old one, as after a change of an address. */
  moveTo(url: string): void {
    this.target = new URL(url);
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
          .once('close', () => {
            this.sockets.delete(end);
            this.silenced.delete(end);
            this.startups.delete(end);
          });
      }
      socket.once('data', (startup) => {
        this.startups.set(socket, startup.toString('latin1'));
        this.meddle(socket);
      });
      if (this.isSilent) this.silenced.add(socket);
      socket.pipe(upstream).on('data', (chunk) => {
        const pass = () => !this.silenced.has(socket) && socket.write(chunk);
        const delay = this.delayOf(socket);
        if (delay > 0) setTimeout(pass, delay);
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

  /**
   * Cuts only the connections with this `application_name`, silences them, or has their answers late by so many
   * milliseconds: those there are, and new ones.
   */
  choose(name: string, how: 'cut' | 'silent' | number): void {
    this.chosen = { name, how };
    for (const socket of this.startups.keys()) this.meddle(socket);
  }

  /** Lets answers through again, on new connections. */
  speak(): void {
    this.isSilent = false;
    this.chosen = undefined;
  }

  private isChosen(socket: Socket): boolean {
    return this.chosen !== undefined && this.startups.get(socket)?.includes(`${this.chosen.name}\0`) === true;
  }

  private meddle(socket: Socket): void {
    if (!this.isChosen(socket)) return;
    if (this.chosen?.how === 'cut') socket.destroy();
    else if (this.chosen?.how === 'silent') this.silenced.add(socket);
  }

  private delayOf(socket: Socket): number {
    const how = this.chosen?.how;
    return typeof how === 'number' && this.isChosen(socket) ? how : this.delay;
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

import { connect, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import type { Answer } from '../../support/client.js';
import type { ServiceProcess } from '../../support/process.js';

/** A connection to the service on which anything may be sent, at any pace. */
export class Connection {
  /** All that came back, unless it is not read. */
  received = '';
  /** Whether it has ended, and after how many milliseconds. */
  endedAfter?: number | undefined;
  readonly ended: Promise<void>;

  private constructor(readonly socket: Socket) {
    const began = performance.now();
    socket.setEncoding('latin1').on('data', (text: string) => (this.received += text));
    socket.on('error', () => undefined);
    this.ended = new Promise((done) => {
      socket.once('close', () => {
        this.endedAfter = performance.now() - began;
        done();
      });
    });
  }

  static open(baseUrl: string): Promise<Connection> {
    const { hostname, port } = new URL(baseUrl);
    return new Promise((resolve, reject) => {
      const socket = connect(Number(port), hostname, () => {
        resolve(new Connection(socket));
      });
      socket.once('error', reject);
    });
  }

  /** Opens many, a few hundred at a time. */
  static async openMany(baseUrl: string, count: number): Promise<Connection[]> {
    const connections: Connection[] = [];
    while (connections.length < count) {
      const batch = Math.min(250, count - connections.length);
      connections.push(...(await Promise.all(Array.from({ length: batch }, () => Connection.open(baseUrl)))));
    }
    return connections;
  }

  /** The statuses of the answers so far. */
  get statuses(): number[] {
    return [...this.received.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map(([, status]) => Number(status));
  }

  /** Sends a request and waits for the answer, which must come before another request is sent. */
  async ask(request: string): Promise<number> {
    const before = this.statuses.length;
    this.socket.write(request);
    while (this.statuses.length === before) {
      if (this.endedAfter !== undefined) throw new Error('The connection has ended without an answer');
      await pause(5);
    }
    return this.statuses.at(-1) ?? 0;
  }

  /** Sends one character after the other, endlessly, until it ends. */
  async dribble(text: string, milliseconds: number, filling = 'x'): Promise<void> {
    for (let index = 0; this.endedAfter === undefined && this.socket.writable; index += 1) {
      this.socket.write(text.charAt(index) || filling);
      await Promise.race([pause(milliseconds), this.ended]);
    }
    await this.ended;
  }

  destroy(): void {
    this.socket.destroy();
  }
}

/** The head, and the body, of a request. */
export function requestOf(
  method: string,
  path: string,
  {
    token,
    body = '',
    headers = [],
  }: { token?: string | undefined; body?: string | undefined; headers?: readonly string[] | undefined } = {},
): string {
  return [
    `${method} ${path} HTTP/1.1`,
    'Host: proofs',
    ...(token === undefined ? [] : [`Authorization: Bearer ${token}`]),
    ...(body === '' ? [] : ['Content-Type: application/json', `Content-Length: ${Buffer.byteLength(body)}`]),
    ...headers,
    '',
    body,
  ].join('\r\n');
}

/** What others got meanwhile. */
export interface Service {
  /** How many answers of each status. */
  readonly statuses: Readonly<Record<number, number>>;
  /** Milliseconds of the slowest. */
  readonly slowest: number;
}

/** Asks one thing after the other, as an ordinary client does, for as long as `work` takes. */
export async function whileServed<T>(
  asks: readonly (() => Promise<Answer>)[],
  work: Promise<T>,
): Promise<{ result: T; others: Service }> {
  let isOver = false;
  const over = work.finally(() => (isOver = true));
  // Told below, and not before.
  over.catch(() => undefined);
  const statuses: Record<number, number> = {};
  let slowest = 0;
  do {
    for (const ask of asks) {
      const began = performance.now();
      const { status } = await ask();
      slowest = Math.max(slowest, performance.now() - began);
      statuses[status] = (statuses[status] ?? 0) + 1;
    }
    await pause(20);
  } while (!isOver);
  return { result: await over, others: { statuses, slowest } };
}

/**
 * Waits until the process holds no more than so many files and sockets: those of connections that have ended are gone.
 *
 * @throws when they are not within `patience` milliseconds
 */
export async function expectHandles(process: ServiceProcess, most: number, patience = 60_000): Promise<void> {
  const deadline = performance.now() + patience;
  while (process.handles() > most) {
    if (performance.now() > deadline)
      throw new Error(`${process.handles()} files and sockets are open, and not ${most}`);
    await pause(50);
  }
}

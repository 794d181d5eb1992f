import { connect, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { AnswerParser, type WireAnswer } from './answer-parser.js';
import type { FuzzRequest } from './request.js';

/** Milliseconds until a request that is not answered, and whose connection is not closed, counts as hung. */
const PATIENCE = 60_000;
/** Milliseconds after which the service is told that no more will come. */
const PAUSE = 300;
/** Milliseconds between the packets of a slow one. */
const BETWEEN_PACKETS = 3;

/** What came of a request. */
export interface Exchange {
  readonly answers: readonly WireAnswer[];
  /** Neither answered nor closed. */
  readonly isHung: boolean;
  /** What was no HTTP, if anything. */
  readonly garbage?: string | undefined;
}

/** Sends requests one after the other over a connection that is kept, and made anew when it is closed. */
export class Connection {
  private socket?: Socket | undefined;

  constructor(
    private readonly hostname: string,
    private readonly port: number,
  ) {}

  async send({ parts, asked, isLast, isCut }: FuzzRequest): Promise<Exchange> {
    const socket = await this.open();
    const parser = new AnswerParser(asked.map(({ method }) => method));
    const heard = this.hear(socket, parser, isLast ? Infinity : asked.length);
    if (isLast) socket.on('data', () => parser.answers.length >= asked.length && socket.end());
    for (const [index, part] of parts.entries()) {
      if (index > 0) await pause(BETWEEN_PACKETS);
      if (socket.writable) socket.write(part);
    }
    const timer = isLast ? setTimeout(() => socket.end(), isCut ? 0 : PAUSE) : undefined;
    const isHung = await heard;
    clearTimeout(timer);
    const { answers, garbage } = parser;
    if (isLast || isHung || garbage !== undefined || answers.some(({ closes }) => closes)) this.close();
    return { answers, isHung, ...(garbage !== undefined && { garbage }) };
  }

  close(): void {
    this.socket?.destroy();
    this.socket = undefined;
  }

  /** Answers, once there are `count` answers or the connection is closed, whether neither came. */
  private hear(socket: Socket, parser: AnswerParser, count: number): Promise<boolean> {
    return new Promise((resolve) => {
      const finish = (isHung: boolean) => {
        clearTimeout(timer);
        socket.removeAllListeners('data').removeAllListeners('close');
        resolve(isHung);
      };
      const timer = setTimeout(finish, PATIENCE, true);
      socket.on('data', (bytes: Buffer) => {
        parser.push(bytes);
        if (parser.answers.length >= count || parser.garbage !== undefined) finish(false);
      });
      socket.once('close', () => {
        parser.end();
        this.socket = undefined;
        finish(false);
      });
    });
  }

  private async open(): Promise<Socket> {
    if (this.socket && !this.socket.destroyed && this.socket.readyState === 'open') return this.socket;
    const socket = connect({ port: this.port, host: this.hostname, noDelay: true });
    // A connection that is reset is closed, too: what has been heard until then counts.
    socket.on('error', () => undefined);
    await new Promise<void>((resolve, reject) => {
      socket.once('connect', resolve).once('close', () => {
        reject(new Error('The service takes no connection'));
      });
    });
    socket.removeAllListeners('close');
    this.socket = socket;
    return socket;
  }
}

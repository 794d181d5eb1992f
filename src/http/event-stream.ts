import { Readable } from 'node:stream';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { OpenReader } from './open-readers.js';

/** The media type of server-sent events (WHATWG HTML §9.2). */
export const EVENT_STREAM = 'text/event-stream';

/** Bytes that are kept for a client that has not read them: no more messages are made beyond. */
const BUFFERED = 64 * 1024;
/** Milliseconds after which a client that does not read is disconnected. */
const LONGEST_STALL = 20_000;
/** Milliseconds without a message after which a comment is sent: so a client can tell a dead connection from a quiet one. */
const HEARTBEAT = 3000;
/** Milliseconds that a client has to read the last bytes of a stream that ends. */
const LAST_BYTES = 500;
/** Milliseconds after which a browser connects again. */
const RETRY = 1000;

/** A message of a stream. */
export interface StreamMessage {
  /** What the client sends as `Last-Event-ID` when it connects again. */
  readonly id: string;
  /** JSON, in one line. */
  readonly data: string;
}

/**
 * Whether a request asks for a stream, and would not like JSON as much: generated clients accept every type that the
 * document has, and would wait for the end. A `HEAD` request has no body that could be streamed.
 */
export function wantsEventStream({ headers, method }: FastifyRequest): boolean {
  if (method === 'HEAD') return false;
  const [stream, json] = [EVENT_STREAM, 'application/json'].map((type) => qualityOf(headers.accept, type));
  return (stream ?? 0) > (json ?? 0);
}

/** Returns the quality with which `Accept` names exactly this type; undefined: it does not. */
function qualityOf(accept: string | undefined, type: string): number | undefined {
  for (const range of accept?.split(',') ?? []) {
    const [name = '', ...parameters] = range.split(';').map((part) => part.trim().toLowerCase());
    if (name !== type) continue;
    const quality = parameters.find((parameter) => parameter.startsWith('q='));
    return quality === undefined ? 1 : Number(quality.slice(2)) || 0;
  }
  return undefined;
}

/** Returns the `Last-Event-ID` of a request; an empty one counts as none. */
export function lastEventIdOf({ headers }: FastifyRequest): string | undefined {
  const id = headers['last-event-id'];
  return typeof id === 'string' && id !== '' ? id : undefined;
}

/**
 * Returns the body of a response that streams `messages`, and sets its headers. The stream ends when the messages do, and
 * when the reader is aborted; it closes the reader.
 */
export function streamOf(
  reply: FastifyReply,
  messages: AsyncIterable<StreamMessage>,
  reader: OpenReader,
  longestStall = LONGEST_STALL,
): Readable {
  // For nginx: it would keep the messages in a buffer.
  reply.headers({ 'content-type': EVENT_STREAM, 'x-accel-buffering': 'no' });
  return new EventStream(messages, reader, longestStall);
}

class EventStream extends Readable {
  /** When the connection took bytes last, and when some were offered. */
  private readAt = performance.now();
  private pushedAt = performance.now();
  private isEnded = false;
  private demand: (() => void) | undefined;
  private readonly timer: NodeJS.Timeout;

  constructor(
    private readonly messages: AsyncIterable<StreamMessage>,
    private readonly reader: OpenReader,
    private readonly longestStall: number,
  ) {
    super({ highWaterMark: BUFFERED });
    this.timer = setInterval(
      () => {
        this.keepAlive();
      },
      Math.min(HEARTBEAT, longestStall) / 3,
    ).unref();
    reader.signal.addEventListener('abort', () => {
      this.end();
    });
    if (reader.signal.aborted) this.end();
    else void this.pump();
  }

  override _read(): void {
    this.readAt = performance.now();
    this.demand?.();
  }

  override _destroy(_error: Error | null, done: (error?: Error | null) => void): void {
    clearInterval(this.timer);
    this.isEnded = true;
    this.reader.close();
    this.demand?.();
    done();
  }

  private async pump(): Promise<void> {
    try {
      this.send(`retry: ${RETRY}\n\n`);
      for await (const { id, data } of this.messages) {
        if (!this.send(`id: ${id}\ndata: ${data}\n\n`)) await this.untilRead();
        if (this.isEnded) return;
      }
    } catch {
      // The client connects again, and then gets the error as a response.
    }
    this.end();
  }

  private untilRead(): Promise<void> {
    return new Promise((resolve) => {
      this.demand = () => {
        this.demand = undefined;
        resolve();
      };
    });
  }

  private send(text: string): boolean {
    if (this.isEnded) return true;
    this.pushedAt = performance.now();
    return this.push(text);
  }

  private keepAlive(): void {
    const now = performance.now();
    if (this.readableLength > 0) {
      if (now - this.readAt > this.longestStall) this.destroy();
    } else if (now - this.pushedAt > HEARTBEAT) this.send(':\n\n');
  }

  private end(): void {
    if (this.isEnded) return;
    this.isEnded = true;
    this.push(null);
    this.demand?.();
    this.reader.close();
    setTimeout(() => {
      this.destroy();
    }, LAST_BYTES).unref();
  }
}

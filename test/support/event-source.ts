import { until } from './until.js';

/** A message that a stream has sent. */
export interface Message {
  readonly id: string;
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- tests look into it as they please
  readonly data: any;
}

/** A stream of server-sent events that is open, and what it has sent so far. */
export class EventSourceReader {
  readonly messages: Message[] = [];
  comments = 0;
  hasEnded = false;
  private readonly abort = new AbortController();

  private constructor(
    readonly status: number,
    readonly headers: Headers,
    /** The body of an error. */
    // eslint-disable-next-line @typescript-eslint/no-explicit-any -- tests look into it as they please
    readonly error: any,
  ) {}

  /** Opens a stream. `headers` may have `Last-Event-ID`. */
  static async open(
    url: string,
    token: string | undefined,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<EventSourceReader> {
    const abort = new AbortController();
    const response = await fetch(url, {
      headers: { accept: 'text/event-stream', authorization: `Bearer ${token ?? ''}`, ...headers },
      signal: abort.signal,
    });
    const isStream = response.headers.get('content-type') === 'text/event-stream';
    const reader = new EventSourceReader(
      response.status,
      response.headers,
      isStream ? undefined : await response.json(),
    );
    reader.abort.signal.addEventListener('abort', () => {
      abort.abort();
    });
    if (isStream) void reader.read(response);
    else reader.hasEnded = true;
    return reader;
  }

  /** Waits until there are so many messages, and returns them. */
  async first(count: number): Promise<Message[]> {
    await until(() => this.messages.length >= count);
    return this.messages;
  }

  async ended(): Promise<void> {
    await until(() => this.hasEnded);
  }

  close(): void {
    this.abort.abort();
  }

  private async read(response: Response): Promise<void> {
    let rest = '';
    const decoder = new TextDecoder();
    try {
      for await (const bytes of response.body as unknown as AsyncIterable<Uint8Array>) {
        const blocks = (rest + decoder.decode(bytes, { stream: true })).split('\n\n');
        rest = blocks.pop() ?? '';
        for (const block of blocks) this.take(block);
      }
    } catch {
      // Closed by one of the two.
    }
    this.hasEnded = true;
  }

  private take(block: string): void {
    const { id, data } = /^id: (?<id>\S+)\ndata: (?<data>.*)$/.exec(block)?.groups ?? {};
    if (id !== undefined && data !== undefined) this.messages.push({ id, data: JSON.parse(data) });
    else if (block.startsWith(':')) this.comments += 1;
  }
}

/** An answer as it came over the wire. */
export interface WireAnswer {
  readonly status: number;
  /** By name in lower case; of several the last. */
  readonly headers: ReadonlyMap<string, string>;
  readonly text: string;
  /** Whether it announces that the connection ends with it. */
  readonly closes: boolean;
}

/** Takes the answers out of what a connection brings. */
export class AnswerParser {
  readonly answers: WireAnswer[] = [];
  /** What is no HTTP, if there was such. */
  garbage?: string;
  private rest = Buffer.alloc(0);
  private chunks: Buffer[] = [];
  private size = 0;
  /** How many bytes are needed to go on. */
  private needed = 0;

  /** `methods`: of the requests, in their order: the answer to `HEAD` has no body. */
  constructor(private readonly methods: readonly string[]) {}

  push(bytes: Buffer): void {
    this.chunks.push(bytes);
    this.size += bytes.length;
    if (this.size < this.needed) return;
    this.rest = Buffer.concat(this.chunks);
    while (this.garbage === undefined && this.take());
    this.chunks = [this.rest];
    this.size = this.rest.length;
  }

  /** The connection is closed. */
  end(): void {
    if (this.size > 0) this.garbage ??= `half an answer: ${this.rest.toString('latin1').slice(0, 200)}`;
  }

  /** Takes one answer. False: there is none that is whole. */
  private take(): boolean {
    this.needed = 0;
    const end = this.rest.indexOf('\r\n\r\n');
    if (end < 0) {
      if (!'HTTP/1.1 '.startsWith(this.rest.toString('latin1', 0, 9)) && this.rest.length > 0)
        this.complain();
      return false;
    }
    const [statusLine = '', ...lines] = this.rest.toString('latin1', 0, end).split('\r\n');
    const status = Number(/^HTTP\/1\.1 (\d{3})(?: |$)/.exec(statusLine)?.[1]);
    if (Number.isNaN(status)) {
      this.complain();
      return false;
    }
    const headers = new Map(
      lines.map((line) => {
        const colon = line.indexOf(':');
        return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()] as const;
      }),
    );
    const body = this.bodyFrom(end + 4, status, headers);
    if (!body) return false;
    this.rest = this.rest.subarray(body.end);
    if (status >= 200)
      this.answers.push({
        status,
        headers,
        text: body.bytes.toString('utf8'),
        closes: headers.get('connection')?.toLowerCase() === 'close',
      });
    return this.rest.length > 0;
  }

  private bodyFrom(
    start: number,
    status: number,
    headers: ReadonlyMap<string, string>,
  ): { bytes: Buffer; end: number } | undefined {
    const none = { bytes: Buffer.alloc(0), end: start };
    if (status < 200 || status === 204 || status === 304) return none;
    const isHead = this.methods[this.answers.length] === 'HEAD';
    // What is not even read as a request is answered with a body, whatever its method was.
    if (isHead && (this.rest.length === start || this.rest.toString('latin1', start, start + 5) === 'HTTP/'))
      return none;
    if (headers.get('transfer-encoding') === 'chunked') return this.chunksFrom(start);
    const end = start + Number(headers.get('content-length') ?? 0);
    if (this.rest.length >= end) return { bytes: this.rest.subarray(start, end), end };
    this.needed = end;
    return undefined;
  }

  private chunksFrom(start: number): { bytes: Buffer; end: number } | undefined {
    const chunks: Buffer[] = [];
    for (let at = start; ;) {
      const line = this.rest.indexOf('\r\n', at);
      if (line < 0) return undefined;
      const size = Number.parseInt(this.rest.toString('latin1', at, line), 16);
      const next = line + 2 + size + 2;
      if (this.rest.length < next) return undefined;
      if (size === 0) return { bytes: Buffer.concat(chunks), end: next };
      chunks.push(this.rest.subarray(line + 2, line + 2 + size));
      at = next;
    }
  }

  private complain(): void {
    this.garbage = this.rest.toString('latin1').slice(0, 200);
  }
}

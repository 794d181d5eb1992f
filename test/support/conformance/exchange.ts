/** A request and its response, as they were on the wire. */
export interface Exchange {
  /** Undefined: the request could not be read. */
  readonly request?: SentRequest | undefined;
  readonly response: ReceivedResponse;
}

/** A request as the service received it. */
export interface SentRequest {
  readonly method: string;
  /** The path with the prefix, and the query. */
  readonly url: string;
  readonly headers: Headers;
  /** The body, as far as it has been read; empty: none was sent. */
  readonly body: Uint8Array;
}

/** A response, read whole. */
export interface ReceivedResponse {
  readonly status: number;
  readonly headers: Headers;
  /** The body as text. */
  readonly body: string;
}

/** Reads a status line and headers, as they are on the wire. */
export function parseHead(head: string): Pick<ReceivedResponse, 'status' | 'headers'> {
  const [statusLine = '', ...lines] = head.split('\r\n').filter((line) => line !== '');
  const headers = new Headers(lines.map((line) => line.split(/:\s*(.*)/s, 2) as [string, string]));
  return { status: Number(statusLine.split(' ')[1]), headers };
}

/** Reads one response that was sent whole, with a length. */
export function parseResponse(raw: string): ReceivedResponse {
  const end = raw.indexOf('\r\n\r\n');
  return { ...parseHead(raw.slice(0, end)), body: raw.slice(end + 4) };
}

/** A header as it is sent. */
export type Header = readonly [name: string, value: string];

/** One request of the fuzzer, as it goes over the wire. */
export interface FuzzRequest {
  /** The operation of the document that it is, or was before it was spoilt: `PUT /user/{id}`. */
  readonly operation: string;
  /** Who asks. */
  readonly as: string;
  /** What has been done to it; nothing: it is as the document has it. */
  readonly mutations: readonly string[];
  /** The bytes, each part in a packet of its own. */
  readonly parts: readonly Buffer[];
  /** The methods and targets of the requests that are in it and count, one answer for each. */
  readonly asked: readonly Asked[];
  /**
   * Whether it may end the connection, or be more or less than one request: then the client closes its side once it
   * has heard enough, or nothing for a while, and hears whatever comes.
   */
  readonly isLast: boolean;
  /** Whether it is broken off: then the client closes its side at once. */
  readonly isCut: boolean;
  /** The field that alone is at fault, if there is one. */
  readonly fieldAtFault?: string;
}

/** What an answer answers. */
export interface Asked {
  readonly method: string;
  readonly target: string;
}

/** What a request is made of, before it is bytes. */
export interface Head {
  readonly method: string;
  readonly target: string;
  readonly version?: string;
  readonly headers: readonly Header[];
}

/** A request as HTTP/1.1 has it; the length is told unless the headers tell one. */
export function encode({ method, target, version = 'HTTP/1.1', headers }: Head, body?: Buffer): Buffer {
  const isFramed = headers.some(([name]) => /^(?:content-length|transfer-encoding)$/i.test(name));
  const lines = [
    `${method} ${target} ${version}`,
    ...headers.map(([name, value]) => `${name}: ${value}`),
    ...(body && !isFramed ? [`Content-Length: ${body.length}`] : []),
  ];
  const head = Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1');
  return body ? Buffer.concat([head, body]) : head;
}

const SHOWN = 3000;

/** The bytes of a request, to be read and to be sent again. */
export function show({ operation, as, mutations, parts }: FuzzRequest): string {
  const bytes = Buffer.concat([...parts]);
  const text = JSON.stringify(bytes.toString('latin1').replaceAll(/(Bearer \S{12})\S+/g, '$1…'));
  const shown = text.length > SHOWN ? `${text.slice(0, SHOWN)}… (${bytes.length} bytes)` : text;
  return `${operation} as ${as}, ${mutations.join(' + ') || 'as documented'}: ${shown}`;
}

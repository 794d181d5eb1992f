import { connect, type Socket } from 'node:net';
import { performance } from 'node:perf_hooks';

/** An answer as it came over the wire, and how long it took. */
export interface TimedAnswer {
  readonly status: number;
  /** All of it, with the one thing that differs by the moment, the `Date`, taken out. */
  readonly bytes: string;
  /** Milliseconds from the last byte sent to the last one received. */
  readonly duration: number;
}

/**
 * One connection that is kept, and nothing between it and the socket: what is measured is the service. Requests go one
 * after the other.
 */
export class KeptConnection {
  private constructor(private readonly socket: Socket) {}

  static async to(baseUrl: string): Promise<KeptConnection> {
    const { hostname, port } = new URL(baseUrl);
    const socket = connect(Number(port), hostname).setNoDelay().setEncoding('latin1');
    await new Promise((done, fail) => socket.once('connect', done).once('error', fail));
    return new KeptConnection(socket);
  }

  /** `POST`s JSON. Make the request once where it is sent often: {@link requestOf}. */
  async send(request: Buffer): Promise<TimedAnswer> {
    const { socket } = this;
    return new Promise((resolve, reject) => {
      let text = '';
      const began = performance.now();
      const hear = (chunk: string) => {
        text += chunk;
        const end = text.indexOf('\r\n\r\n');
        const length = Number(/\r\ncontent-length: (\d+)\r\n/i.exec(text)?.[1]);
        if (end < 0 || text.length < end + 4 + length) return;
        const duration = performance.now() - began;
        socket.off('data', hear).off('close', lose);
        const status = Number(text.slice(9, 12));
        resolve({ status, bytes: text.replace(/\r\ndate: [^\r]*/i, ''), duration });
      };
      const lose = () => {
        reject(new Error('The service hung up'));
      };
      socket.on('data', hear).once('close', lose);
      socket.write(request);
    });
  }

  close(): void {
    this.socket.destroy();
  }
}

/** The bytes of a `POST` of JSON. They name the request, so that its id is the same in every answer. */
export function requestOf(path: string, body: object): Buffer {
  const json = JSON.stringify(body);
  return Buffer.from(
    `POST ${path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nX-Request-Id: proof\r\n` +
      `Content-Length: ${Buffer.byteLength(json)}\r\n\r\n${json}`,
  );
}

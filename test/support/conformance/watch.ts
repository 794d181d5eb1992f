import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { type Exchange, parseHead, parseResponse } from './exchange.js';

/**
 * Tells `heard` of every exchange of a server of this process, before its client can read the response: also of those
 * that raw sockets and other programs have with it. A response that is broken off is left out.
 */
export function watchServer(server: Server, heard: (exchange: Exchange) => void): void {
  server.prependListener('request', (request, response) => {
    watchResponse(request, response, heard);
  });
  server.prependListener('connection', (socket) => {
    watchSocket(socket, heard);
  });
}

type Write = (chunk?: unknown, ...rest: unknown[]) => boolean;
type End = (chunk?: unknown, ...rest: unknown[]) => ServerResponse;

function watchResponse(
  request: IncomingMessage,
  response: ServerResponse,
  heard: (exchange: Exchange) => void,
): void {
  const received: Buffer[] = [];
  // A listener would start the flow before the service is ready to read.
  const push = request.push.bind(request);
  request.push = (chunk: unknown, encoding) => {
    if (Buffer.isBuffer(chunk)) received.push(chunk);
    return push(chunk, encoding);
  };
  const sent: Buffer[] = [];
  const keep = (chunk: unknown) => {
    if (typeof chunk === 'string' || chunk instanceof Uint8Array) sent.push(Buffer.from(chunk as string));
  };
  const write = response.write.bind(response) as Write;
  response.write = ((chunk: unknown, ...rest: unknown[]) => {
    keep(chunk);
    return write(chunk, ...rest);
  }) as typeof response.write;
  const end = response.end.bind(response) as End;
  response.end = ((chunk: unknown, ...rest: unknown[]) => {
    if (response.writableEnded) return end(chunk, ...rest);
    keep(chunk);
    const ended = end(chunk, ...rest);
    // The only place where the head is as it is sent.
    const { _header: head } = response as ServerResponse & { _header: string };
    heard({
      request: {
        method: request.method ?? '',
        url: (request as { originalUrl?: string }).originalUrl ?? request.url ?? '',
        headers: requestHeaders(request),
        body: Buffer.concat(received),
      },
      response: {
        ...parseHead(head),
        body: hasBody(request, response) ? Buffer.concat(sent).toString('utf8') : '',
      },
    });
    return ended;
  }) as typeof response.end;
}

/** Whether what is written becomes a body: Node drops it where HTTP allows none. */
const hasBody = ({ method }: IncomingMessage, { statusCode }: ServerResponse): boolean =>
  method !== 'HEAD' && statusCode !== 204 && statusCode !== 304;

/** Hears of the responses that are written to the socket itself: there is no request that could be read. */
function watchSocket(socket: Socket, heard: (exchange: Exchange) => void): void {
  const end = socket.end.bind(socket) as (...parts: unknown[]) => Socket;
  socket.end = ((...parts: unknown[]) => {
    const [text] = parts;
    if (typeof text === 'string' && text.startsWith('HTTP/1.1 ')) heard({ response: parseResponse(text) });
    return end(...parts);
  }) as typeof socket.end;
}

function requestHeaders({ rawHeaders }: IncomingMessage): Headers {
  const headers = new Headers();
  for (let index = 0; index + 1 < rawHeaders.length; index += 2)
    headers.append(rawHeaders[index] ?? '', rawHeaders[index + 1] ?? '');
  return headers;
}

import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Webhook } from 'standardwebhooks';
import type { EventView } from '../../src/events/event.view.js';

/** A request that a receiver got. */
export interface Received {
  readonly event: EventView;
  readonly headers: IncomingMessage['headers'];
  readonly path: string;
}

/** Writes the response to a request. */
export type Responder = (received: Received, response: ServerResponse) => void;

/** A secret as Standard Webhooks has it, of 32 bytes. */
export const secretOf = (byte: number): string => `whsec_${Buffer.alloc(32, byte).toString('base64')}`;

/** A receiver of webhooks, which verifies each request by the library of Standard Webhooks. */
export class WebhookReceiver {
  /** All requests, in order, whatever the response was. */
  readonly received: Received[] = [];
  /** What was not signed as it should be, or not an event. */
  readonly faults: string[] = [];
  /** The response: 204 where nothing else is set. */
  respond: Responder = (_, response) => response.writeHead(204).end();

  private constructor(
    private readonly server: Server,
    private readonly secrets: readonly string[],
  ) {}

  /** @param secrets each of them must verify */
  static async start(...secrets: readonly string[]): Promise<WebhookReceiver> {
    const server = createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const receiver = new WebhookReceiver(server, secrets);
    server.on('request', (request, response) => void receiver.receive(request, response));
    return receiver;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** The ids of the received events about a subject, in order. */
  idsOf(subject: string): string[] {
    return this.received.filter(({ event }) => event.subject === subject).map(({ event }) => event.id);
  }

  async stop(): Promise<void> {
    this.server.close();
    this.server.closeAllConnections();
    await once(this.server, 'close');
  }

  private async receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks).toString();
    try {
      for (const secret of this.secrets)
        new Webhook(secret).verify(body, request.headers as Record<string, string>);
      const received = {
        event: JSON.parse(body) as EventView,
        headers: request.headers,
        path: request.url ?? '',
      };
      this.received.push(received);
      this.respond(received, response);
    } catch (error) {
      this.faults.push(String(error));
      response.writeHead(500).end();
    }
  }
}

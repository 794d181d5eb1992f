import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Inject, Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyAdapter } from '@nestjs/platform-fastify';
import type { ApiError } from '../errors/api-error.js';
import { requestErrors } from '../errors/request.errors.js';
import { SECURITY_HEADERS } from '../http/security-headers.js';
import { type Settings, SettingsError } from '../settings/settings.js';
import { SETTINGS } from '../settings/settings.module.js';
import { METRICS_TYPE, MetricsRegistry } from './registry.js';

/** A few scrapers and somebody who looks. */
const MOST_CONNECTIONS = 64;
/** In bytes. */
const HEADERS_LIMIT = 8 * 1024;
/** In milliseconds. */
const HEADERS_TIMEOUT = 5000;
const REQUEST_TIMEOUT = 10_000;
const CHECKED_EVERY = 2500;
/** Milliseconds without traffic until a connection is closed. */
const IDLE_TIMEOUT = 10_000;

/**
 * Serves `GET /metrics` on an address of its own, and nothing else. It goes on until the last request has ended.
 *
 * A connection carries one request: those that are kept would use up all that there may be, and scrapes are rare.
 */
@Injectable()
export class MetricsServer implements OnApplicationBootstrap, OnApplicationShutdown {
  private server: Server | undefined;

  constructor(
    private readonly metrics: MetricsRegistry,
    private readonly host: HttpAdapterHost<FastifyAdapter>,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  /** Where it listens, without the path; undefined: it does not. */
  get url(): string | undefined {
    const listening = this.server?.address() as AddressInfo | null | undefined;
    if (!listening) return undefined;
    const { address, port, family } = listening;
    return `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`;
  }

  /** @throws {SettingsError} when the address cannot be used */
  async onApplicationBootstrap(): Promise<void> {
    const { metrics } = this.settings;
    if (typeof metrics === 'string') return;
    const server = createServer(
      {
        maxHeaderSize: HEADERS_LIMIT,
        headersTimeout: HEADERS_TIMEOUT,
        requestTimeout: REQUEST_TIMEOUT,
        connectionsCheckingInterval: CHECKED_EVERY,
      },
      (request, response) => void this.respond(request, response),
    );
    server.maxConnections = MOST_CONNECTIONS;
    server.timeout = IDLE_TIMEOUT;
    try {
      server.listen(metrics.port, metrics.host);
      await once(server, 'listening');
    } catch (error) {
      throw unusable(error as NodeJS.ErrnoException);
    }
    this.server = server;
    this.host.httpAdapter.getInstance().log.info(`Metrics are served at ${this.url}/metrics`);
  }

  /** After the last request of the service. */
  async onApplicationShutdown(): Promise<void> {
    const { server } = this;
    if (!server) return;
    const closed = once(server, 'close');
    server.close();
    server.closeAllConnections();
    await closed;
  }

  private async respond(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = '', url = '' } = request;
    if (url.split('?', 1)[0] !== '/metrics') refuse(response, requestErrors.routeNotFound());
    else if (method !== 'GET' && method !== 'HEAD')
      refuse(response, requestErrors.methodNotAllowed(['GET', 'HEAD']));
    else {
      try {
        send(response, 200, { 'content-type': METRICS_TYPE }, await this.metrics.text());
      } catch {
        refuse(response, requestErrors.internal());
      }
    }
    // A body is not wanted. Node drops the rest of it with the connection.
    if (!request.complete) request.resume();
  }
}

const refuse = (response: ServerResponse, { status, headers, body }: ApiError): void => {
  const type = { 'content-type': 'application/json; charset=utf-8' };
  send(response, status, { ...headers, ...type }, JSON.stringify(body));
};

function send(response: ServerResponse, status: number, headers: Record<string, string>, text: string): void {
  response.writeHead(status, {
    ...SECURITY_HEADERS,
    ...headers,
    'content-length': Buffer.byteLength(text),
    connection: 'close',
  });
  response.end(text);
}

function unusable({ code, message }: NodeJS.ErrnoException): SettingsError {
  const reason = code === 'EADDRINUSE' ? 'another program listens at this address' : message;
  return new SettingsError(`METRICS cannot be used: ${reason}`);
}

import type { Server } from 'node:http';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Counter, Gauge, Histogram } from 'prom-client';
import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import type { Settings } from '../settings/settings.js';
import { SETTINGS } from '../settings/settings.module.js';
import { unroutedResponses } from '../telemetry/measurements.js';
import { MetricsRegistry } from './registry.js';

/** The methods that a label names. Clients may send any other: all of those are one. */
const METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);
const OTHER_METHOD = 'other';
/** The route of requests that have none. */
const NO_ROUTE = 'unknown';
const METHOD_NOT_ALLOWED = 405;
/** In seconds. */
const BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10];

type Labels = 'method' | 'route' | 'status';

/**
 * Counts requests by route, method and status. However many paths and methods clients make up, there are no more series
 * than routes, their own methods and statuses.
 */
@Injectable()
export class RequestMetrics implements OnApplicationShutdown {
  private readonly durations: Histogram<Labels>;
  private readonly signIns: Counter<'status'>;
  /** What observes the durations of one combination of labels: looking it up costs less than hashing them. */
  private readonly series = new Map<string, Histogram.Internal<Labels>>();
  private readonly signInRoute: string;
  private readonly stopListening: () => void;

  constructor(
    private readonly metrics: MetricsRegistry,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {
    const registers = [metrics.registry];
    this.signInRoute = `${settings.apiPrefix}/token`;
    this.durations = new Histogram({
      name: 'hivegate_http_request_duration_seconds',
      help: 'Requests by route, method and status, and how long their responses took.',
      labelNames: ['method', 'route', 'status'],
      buckets: BUCKETS,
      registers,
    });
    this.signIns = new Counter({
      name: 'hivegate_sign_ins_total',
      help: 'Sign-ins by the status of the response.',
      labelNames: ['status'],
      registers,
    });
    this.stopListening = unroutedResponses.listen(({ status, seconds }) => {
      this.observe({ method: OTHER_METHOD, route: NO_ROUTE, status }, seconds);
    });
  }

  /** Has the requests of a server measured. */
  watch(fastify: FastifyInstance): void {
    fastify.addHook('onResponse', (request, reply, done) => {
      this.add(request, reply);
      done();
    });
    const { server } = fastify;
    new Gauge({
      name: 'hivegate_http_connections',
      help: 'Open connections.',
      registers: [this.metrics.registry],
      async collect() {
        this.set(await connectionsOf(server));
      },
    });
  }

  onApplicationShutdown(): void {
    this.stopListening();
  }

  private add(request: FastifyRequest, reply: FastifyReply): void {
    const { method, routeOptions } = request;
    const { statusCode: status } = reply;
    const { url = '' } = routeOptions;
    // What has a route for another method only has none.
    const hasRoute = url !== '' && !request.is404 && status !== METHOD_NOT_ALLOWED;
    const labels = {
      method: METHODS.has(method) ? method : OTHER_METHOD,
      route: hasRoute ? this.nameOf(url) : NO_ROUTE,
      status,
    };
    this.observe(labels, reply.elapsedTime / 1000);
    if (hasRoute && method === 'POST' && url === this.signInRoute)
      this.signIns.inc({ status: String(status) });
  }

  /** The template of a route without the prefix. */
  private nameOf(url: string): string {
    const { apiPrefix } = this.settings;
    return (url.startsWith(apiPrefix) ? url.slice(apiPrefix.length) : url) || '/';
  }

  private observe(
    { method, route, status }: { method: string; route: string; status: number },
    seconds: number,
  ): void {
    const key = `${status} ${method} ${route}`;
    let series = this.series.get(key);
    if (!series) {
      series = this.durations.labels(method, route, String(status));
      this.series.set(key, series);
    }
    series.observe(seconds);
  }
}

const connectionsOf = (server: Server): Promise<number> =>
  new Promise((resolve) => {
    server.getConnections((error, count) => {
      resolve(error ? NaN : count);
    });
  });

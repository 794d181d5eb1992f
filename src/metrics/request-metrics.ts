import type { Server } from 'node:http';
import type { FastifyInstance, FastifyReply, FastifyRequest, onResponseHookHandler } from 'fastify';
import { Counter, Gauge, Histogram } from 'prom-client';
import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import type { Settings } from '../settings/settings.js';
import { SETTINGS } from '../settings/settings.module.js';
import { unroutedResponses } from '../telemetry/measurements.js';
import { Batch } from './batch.js';
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
  /** The durations of each combination of labels: by path (empty: no route), method and status. */
  private readonly series = new Map<string, Map<string, Map<number, Batch>>>();
  private readonly batches: Batch[] = [];
  private readonly signInPath: string;
  private readonly stopListening: () => void;

  constructor(
    private readonly metrics: MetricsRegistry,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {
    const registers = [metrics.registry];
    const { batches } = this;
    this.signInPath = `${settings.apiPrefix}/token`;
    this.durations = new Histogram({
      name: 'hivegate_http_request_duration_seconds',
      help: 'Requests by route, method and status, and how long their responses took.',
      labelNames: ['method', 'route', 'status'],
      buckets: BUCKETS,
      registers,
      collect() {
        for (const batch of batches) batch.flush();
      },
    });
    this.signIns = new Counter({
      name: 'hivegate_sign_ins_total',
      help: 'Sign-ins by the status of the response.',
      labelNames: ['status'],
      registers,
    });
    this.stopListening = unroutedResponses.listen(({ status, seconds }) => {
      this.observe('', OTHER_METHOD, status, seconds);
    });
  }

  /** Has the requests of a server measured. */
  watch(fastify: FastifyInstance): void {
    // A hook for each route knows its path: to ask a request for its route costs as much as all else here.
    fastify.addHook('onRoute', (route) => {
      const { url } = route;
      const hook: onResponseHookHandler = (request, reply, done) => {
        this.add(url, request, reply);
        done();
      };
      route.onResponse = [route.onResponse ?? [], hook].flat();
    });
    fastify.addHook('onResponse', (request, reply, done) => {
      if (request.is404) this.add('', request, reply);
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

  private add(url: string, { method: sent }: FastifyRequest, reply: FastifyReply): void {
    const { statusCode: status } = reply;
    const method = METHODS.has(sent) ? sent : OTHER_METHOD;
    // What has a route for another method only has none.
    const path = status === METHOD_NOT_ALLOWED ? '' : url;
    this.observe(path, method, status, reply.elapsedTime / 1000);
    if (path === this.signInPath && method === 'POST') this.signIns.inc({ status: String(status) });
  }

  private observe(path: string, method: string, status: number, seconds: number): void {
    const batch = this.series.get(path)?.get(method)?.get(status) ?? this.addSeries(path, method, status);
    batch.add(seconds);
  }

  private addSeries(path: string, method: string, status: number): Batch {
    const series = this.durations.labels(method, this.nameOf(path), String(status));
    const batch = new Batch((seconds) => {
      series.observe(seconds);
    });
    this.batches.push(batch);
    const ofPath = this.series.get(path) ?? new Map<string, Map<number, Batch>>();
    const ofMethod = ofPath.get(method) ?? new Map<number, Batch>();
    this.series.set(path, ofPath.set(method, ofMethod.set(status, batch)));
    return batch;
  }

  /** The template of a route without the prefix. */
  private nameOf(path: string): string {
    if (path === '') return NO_ROUTE;
    const { apiPrefix } = this.settings;
    return (path.startsWith(apiPrefix) ? path.slice(apiPrefix.length) : path) || '/';
  }
}

const connectionsOf = (server: Server): Promise<number> =>
  new Promise((resolve) => {
    server.getConnections((error, count) => {
      resolve(error ? NaN : count);
    });
  });

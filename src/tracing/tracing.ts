import type { FastifyBaseLogger, FastifyInstance } from 'fastify';
import type { Settings } from '../settings/settings.js';
import { type RequestLogger, traceLogger } from './trace-logger.js';

/** How requests are traced (contract.md §10). */
export interface Tracing {
  /** Makes the logger of a request: its lines name its trace. */
  readonly logger: RequestLogger;
  /** Adds the hooks that record spans, before all other hooks. */
  record(fastify: FastifyInstance): void;
}

/** What a request's `traceparent` says is in its log lines, and nothing else happens. */
const LOGGED: Tracing = { logger: traceLogger, record: () => undefined };

/** Returns the tracing of the settings. OpenTelemetry is loaded only if spans are exported. */
export async function openTracing({ collectorUrl }: Settings, log: FastifyBaseLogger): Promise<Tracing> {
  if (collectorUrl === undefined) return LOGGED;
  const { SpanExport } = await import('./span-export.js');
  return new SpanExport(collectorUrl, log);
}

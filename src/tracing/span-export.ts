import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { FastifyBaseLogger, FastifyInstance } from 'fastify';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import {
  defaultResource,
  detectResources,
  envDetector,
  resourceFromAttributes,
} from '@opentelemetry/resources';
import { BasicTracerProvider, BatchSpanProcessor, type SpanExporter } from '@opentelemetry/sdk-trace-base';
import { VERSION } from '../version.js';
import { RequestSpans } from './request-spans.js';
import type { RequestLogger } from './trace-logger.js';

/** The most spans that wait for their export; more are dropped. One takes about 1 KiB. */
const MOST_WAITING = 2048;
const BATCH = 512;
/** Milliseconds between two exports, unless a batch is full before. */
const INTERVAL = 2000;
/** Milliseconds that an export may take, with all its repetitions. */
const EXPORT_TIMEOUT = 10_000;
/** Milliseconds that the last spans may take at the end of the process. */
const SHUTDOWN_TIMEOUT = 3000;
/** Milliseconds between two log lines about failed exports. */
const FAILURES_LOGGED_EVERY = 300_000;

/**
 * Exports spans to a collector by OTLP over HTTP, in JSON. This file loads OpenTelemetry's SDK, so it is imported only
 * where `OTEL_EXPORTER_OTLP_ENDPOINT` is set.
 */
export class SpanExport {
  private readonly provider: BasicTracerProvider;
  private readonly spans: RequestSpans;

  /** @param collector the URL of the setting, without `/v1/traces` */
  constructor(collector: string, log: FastifyBaseLogger) {
    const url = `${collector.replace(/\/+$/, '')}/v1/traces`;
    const exporter = new OTLPTraceExporter({ url, timeoutMillis: EXPORT_TIMEOUT });
    this.provider = new BasicTracerProvider({
      resource: defaultResource()
        .merge(
          resourceFromAttributes({
            'service.name': 'hivegate',
            'service.version': VERSION,
            'service.instance.id': randomUUID(),
          }),
        )
        // OTEL_SERVICE_NAME and OTEL_RESOURCE_ATTRIBUTES.
        .merge(detectResources({ detectors: [envDetector] })),
      spanProcessors: [
        new BatchSpanProcessor(logFailures(exporter, log), {
          maxQueueSize: MOST_WAITING,
          maxExportBatchSize: BATCH,
          scheduledDelayMillis: INTERVAL,
          exportTimeoutMillis: EXPORT_TIMEOUT,
        }),
      ],
    });
    this.spans = new RequestSpans(this.provider.getTracer('hivegate', VERSION));
  }

  /** Makes the logger of a request. */
  get logger(): RequestLogger {
    return this.spans.logger;
  }

  /** Adds the hooks of requests, and the export of the last spans after the last request. */
  record(fastify: FastifyInstance): void {
    this.spans.record(fastify);
    fastify.addHook('onClose', () => this.close());
  }

  /** Exports what waits, if the collector takes it in time. */
  private async close(): Promise<void> {
    this.spans.close();
    const waiting = new AbortController();
    const tooLong = pause(SHUTDOWN_TIMEOUT, undefined, waiting).catch(() => undefined);
    await Promise.race([this.provider.shutdown().catch(() => undefined), tooLong]);
    waiting.abort();
  }
}

/** Logs that exports fail, once in a while: a collector that is away costs no more than its spans. */
function logFailures(exporter: OTLPTraceExporter, log: FastifyBaseLogger): SpanExporter {
  let loggedAt = -Infinity;
  return {
    export: (spans, done) => {
      exporter.export(spans, (result) => {
        if (result.error && performance.now() - loggedAt >= FAILURES_LOGGED_EVERY) {
          loggedAt = performance.now();
          const reason = (result.error.message || result.error.name).slice(0, 200);
          log.warn({ reason, lost: spans.length }, 'spans could not be exported');
        }
        done(result);
      });
    },
    forceFlush: () => exporter.forceFlush(),
    shutdown: () => exporter.shutdown(),
  };
}

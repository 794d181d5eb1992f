import { AsyncLocalStorage } from 'node:async_hooks';
import type { IncomingMessage } from 'node:http';
import type { FastifyBaseLogger, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import {
  type Context,
  createTraceState,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  SpanStatusCode,
  trace,
  TraceFlags,
  type Tracer,
} from '@opentelemetry/api';
import { type PartTracer, traceParts } from '../telemetry/traced.js';
import { parseTraceParent, parseTraceState, TRACEPARENT, TRACESTATE } from './trace-context.js';
import type { RequestLogger } from './trace-logger.js';

/** The methods that spans name; any other is `_OTHER`, as OpenTelemetry's conventions have it. */
const METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);

interface Traced {
  readonly span: Span;
  readonly context: Context;
  /** The span of the caller. */
  readonly parentSpanId: string | undefined;
}

/**
 * A span for each request, as a part of the trace of its caller, and spans for parts of its work. They say the route,
 * the method and the status, as OpenTelemetry's conventions have it: no path, query, header, body or address.
 */
export class RequestSpans {
  private readonly requests = new WeakMap<IncomingMessage, Traced>();
  /** The context of the request that is being handled, or of a part of it. */
  private readonly current = new AsyncLocalStorage<Context>();
  private readonly stopTracing: () => void;

  constructor(private readonly tracer: Tracer) {
    this.stopTracing = traceParts((part, work) => this.tracePart(part, work));
  }

  /** Makes the logger of a request, whose span begins here: log lines name both. */
  readonly logger: RequestLogger = (logger, bindings, options, request): FastifyBaseLogger => {
    const { span, parentSpanId } = this.begin(request);
    const { traceId, spanId } = span.spanContext();
    const names = { ...bindings, traceId, spanId, ...(parentSpanId !== undefined && { parentSpanId }) };
    return logger.child(names, options);
  };

  /** Adds the hooks that end the spans, and that make work for a request a part of it. Before all other hooks. */
  record(fastify: FastifyInstance): void {
    fastify.addHook('onRequest', (request, reply, done) => {
      const traced = this.begin(request.raw);
      reply.raw.once('close', () => {
        end(traced.span, request, reply);
      });
      this.current.run(traced.context, done);
    });
    // Parsing a body continues in the context of its connection.
    fastify.addHook('preValidation', (request, _reply, done) => {
      this.current.run(this.begin(request.raw).context, done);
    });
  }

  /** Ends the tracing of parts. */
  close(): void {
    this.stopTracing();
  }

  private begin(request: IncomingMessage): Traced {
    const begun = this.requests.get(request);
    if (begun) return begun;
    const parent = parseTraceParent(request.headers[TRACEPARENT]);
    const method = methodOf(request.method);
    const span = this.tracer.startSpan(
      method,
      { kind: SpanKind.SERVER, attributes: { 'http.request.method': method } },
      contextOf(request),
    );
    const traced = { span, context: trace.setSpan(ROOT_CONTEXT, span), parentSpanId: parent?.spanId };
    this.requests.set(request, traced);
    return traced;
  }

  private readonly tracePart: PartTracer = (part, work) => {
    const parent = this.current.getStore();
    if (!parent || trace.getSpan(parent)?.isRecording() !== true) return work();
    const span = this.tracer.startSpan(part, {}, parent);
    return this.current.run(trace.setSpan(parent, span), async () => {
      try {
        return await work();
      } catch (error) {
        // Not its message: that of a database may have values in it.
        span.setAttribute('error.type', error instanceof Error ? error.constructor.name : 'unknown');
        throw error;
      } finally {
        span.end();
      }
    });
  };
}

/** The context that a request comes with: the span of its caller. */
function contextOf({ headers }: IncomingMessage): Context {
  const parent = parseTraceParent(headers[TRACEPARENT]);
  if (!parent) return ROOT_CONTEXT;
  const { traceId, spanId, isSampled } = parent;
  const state = parseTraceState(headers[TRACESTATE]);
  return trace.setSpanContext(ROOT_CONTEXT, {
    traceId,
    spanId,
    traceFlags: isSampled ? TraceFlags.SAMPLED : TraceFlags.NONE,
    isRemote: true,
    ...(state !== undefined && { traceState: createTraceState(state) }),
  });
}

function end(span: Span, request: FastifyRequest, { raw }: FastifyReply): void {
  if (span.isRecording()) {
    const { url: route } = request.routeOptions;
    if (route !== undefined && !request.is404) {
      span.updateName(`${methodOf(request.method)} ${route}`);
      span.setAttribute('http.route', route);
    }
    span.setAttribute('hivegate.request_id', request.id);
    if (raw.headersSent) span.setAttribute('http.response.status_code', raw.statusCode);
    if (!raw.writableFinished) span.setAttribute('error.type', 'aborted');
    if (raw.headersSent && raw.statusCode >= 500) span.setStatus({ code: SpanStatusCode.ERROR });
  }
  span.end();
}

const methodOf = (method = ''): string => (METHODS.has(method) ? method : '_OTHER');

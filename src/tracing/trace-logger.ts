import type { FastifyBaseLogger, FastifyServerOptions } from 'fastify';
import { parseTraceParent, TRACEPARENT } from './trace-context.js';

/** Makes the logger of a request. */
export type RequestLogger = NonNullable<FastifyServerOptions['childLoggerFactory']>;

/** Makes the logger of a request: its lines name the trace that the request belongs to, and the span of its caller. */
export const traceLogger: RequestLogger = (logger, bindings, options, request): FastifyBaseLogger => {
  const parent = parseTraceParent(request.headers[TRACEPARENT]);
  if (!parent) return logger.child(bindings, options);
  return logger.child({ ...bindings, traceId: parent.traceId, parentSpanId: parent.spanId }, options);
};

/** The header that says which trace a request belongs to (W3C Trace Context). */
export const TRACEPARENT = 'traceparent';
/** The header that tracing systems add their own entries to. */
export const TRACESTATE = 'tracestate';

/** What a `traceparent` says. */
export interface TraceParent {
  /** 32 hexadecimal digits. */
  readonly traceId: string;
  /** The span of the caller that sent the request: 16 hexadecimal digits. */
  readonly spanId: string;
  /** Whether the caller may have recorded it. */
  readonly isSampled: boolean;
}

/** Version 0 has exactly this form; later ones may add to its end. */
const FORM =
  /^(?<version>[\da-f]{2})-(?<traceId>[\da-f]{32})-(?<spanId>[\da-f]{16})-(?<flags>[\da-f]{2})(?<more>-.*)?$/;
/** No later version needs more. */
const LONGEST = 256;
/** The most characters that vendors should propagate. Longer ones are dropped whole. */
const LONGEST_STATE = 512;
const MOST_ENTRIES = 32;
const ENTRY =
  /^(?:[a-z][\w*/-]{0,255}|[a-z\d][\w*/-]{0,240}@[a-z][\w*/-]{0,13})=[\x20-\x2b\x2d-\x3c\x3e-\x7e]{0,255}[\x21-\x2b\x2d-\x3c\x3e-\x7e]$/;
const SAMPLED = 1;

/**
 * Reads a `traceparent` header strictly (W3C Trace Context, level 1, §3.2). An invalid one counts as absent, and so do
 * several: Node joins them by commas.
 */
export function parseTraceParent(header: unknown): TraceParent | undefined {
  if (typeof header !== 'string' || header.length > LONGEST) return undefined;
  const { version, traceId = '', spanId = '', flags = '', more } = FORM.exec(header)?.groups ?? {};
  if (version === undefined || version === 'ff' || (version === '00' && more !== undefined)) return undefined;
  if (/^0+$/.test(traceId) || /^0+$/.test(spanId)) return undefined;
  return { traceId, spanId, isSampled: (Number.parseInt(flags, 16) & SAMPLED) === SAMPLED };
}

/**
 * Reads a `tracestate` header (§3.3): its entries as they came, without the empty ones. An invalid one, or one that is
 * longer than others have to pass on, counts as absent.
 */
export function parseTraceState(header: unknown): string | undefined {
  if (typeof header !== 'string' || header.length > LONGEST_STATE) return undefined;
  const entries = header
    .split(',')
    .map((entry) => entry.replace(/^[\t ]+|[\t ]+$/g, ''))
    .filter((entry) => entry !== '');
  const keys = new Set(entries.map((entry) => entry.split('=', 1)[0]));
  const isValid = entries.every((entry) => ENTRY.test(entry)) && keys.size === entries.length;
  return isValid && entries.length > 0 && entries.length <= MOST_ENTRIES ? entries.join(',') : undefined;
}

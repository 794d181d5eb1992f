import type { components } from './schema.js';

type ErrorBody = Partial<components['schemas']['ApiError']>;

/** One field of a request that is not valid: its name, and what is wrong with it. */
export type FieldError = components['schemas']['FieldError'];

/**
 * What went wrong:
 *
 * - `response`: the service refused the request; `status`, `message` and `details` are those of its response.
 * - `signedOut`: the session has ended: its refresh token was refused, or the client was signed out while it waited.
 *   Sign in again.
 * - `network`: there was no response, or it broke off; `cause` is the error of `fetch`.
 * - `unreadable`: there was a response, but not one of Hivegate, such as the HTML of a proxy.
 */
export type ErrorKind = 'response' | 'signedOut' | 'network' | 'unreadable';

/** The parts of an error besides its message. */
export interface ErrorParts extends ErrorOptions {
  readonly kind: ErrorKind;
  readonly status?: number | undefined;
  readonly details?: readonly FieldError[] | undefined;
  readonly requestId?: string | undefined;
  readonly retryAfter?: number | undefined;
}

/** Every error of this client, but for an abort: that one is the reason of the `AbortSignal`, as it is with `fetch`. */
export class HivegateError extends Error {
  override readonly name = 'HivegateError';
  readonly kind: ErrorKind;
  /** The status of the response; undefined if there was none. */
  readonly status: number | undefined;
  /** On a 400, the fields that are not valid; otherwise empty. */
  readonly details: readonly FieldError[];
  /** `X-Request-Id` of the response, to find the request in the log of the service. */
  readonly requestId: string | undefined;
  /** Seconds after which the service asks to try again, on a 429 and a 503. */
  readonly retryAfter: number | undefined;

  constructor(message: string, parts: ErrorParts) {
    super(message, 'cause' in parts ? { cause: parts.cause } : undefined);
    this.kind = parts.kind;
    this.status = parts.status;
    this.details = parts.details ?? [];
    this.requestId = parts.requestId;
    this.retryAfter = parts.retryAfter;
  }
}

/** Makes the error for a response that is not a success. `body`: the parsed JSON, or text that is none. */
export function errorOf(response: Response, body: unknown): HivegateError {
  const { status, headers } = response;
  const parts = {
    status,
    requestId: headers.get('x-request-id') ?? undefined,
    retryAfter: retryAfterOf(headers),
  };
  if (!isErrorBody(body)) {
    // The body is not quoted: it is of any length, and may repeat what was sent.
    const type = headers.get('content-type')?.split(';', 1)[0] ?? 'no content type';
    return new HivegateError(`The response is not one of Hivegate: ${status}, ${type}`, {
      ...parts,
      kind: 'unreadable',
    });
  }
  const details = Array.isArray(body.details) ? body.details : [];
  return new HivegateError(body.message, { ...parts, kind: 'response', details });
}

/** The seconds that `Retry-After` names, as a number or as a date; undefined if there is none that can be read. */
export function retryAfterOf(headers: Headers): number | undefined {
  const value = headers.get('retry-after')?.trim() ?? '';
  if (/^\d{1,9}$/.test(value)) return Number(value);
  // A date has letters. Without this check, `Date.parse` takes `1.5` or `-3` for a month.
  const date = /^[A-Z][a-z]{2}, /.test(value) ? Date.parse(value) : NaN;
  return Number.isNaN(date) ? undefined : Math.max(0, Math.ceil((date - Date.now()) / 1000));
}

const isErrorBody = (body: unknown): body is ErrorBody & { readonly message: string } =>
  typeof body === 'object' && body !== null && 'message' in body && typeof body.message === 'string';

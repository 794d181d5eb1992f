/**
 * Why there is no principal:
 *
 * - `missing`: the request has no bearer token.
 * - `invalid`: it is not an access token of the issuer for this audience, or not valid yet.
 * - `expired`: it has expired.
 * - `revoked`: its session has been revoked, or its user disabled or deleted.
 * - `denied`: the token is good, but does not grant what the route needs.
 * - `unavailable`: the issuer did not provide its metadata, its keys or an introspection. It says nothing of the token.
 * - `feedStale`: the feed of revocations is not current, so that the token may have been revoked.
 * - `misconfigured`: the issuer's metadata is not that of a Hivegate that publishes keys (and, with `feed`, revocations).
 */
export type VerifyErrorCode =
  'missing' | 'invalid' | 'expired' | 'revoked' | 'denied' | 'unavailable' | 'feedStale' | 'misconfigured';

interface Response {
  readonly status: number;
  /** `error` of `WWW-Authenticate` (RFC 6750 §3.1). */
  readonly error?: string;
}

const RESPONSES: Readonly<Record<VerifyErrorCode, Response>> = {
  missing: { status: 401 },
  invalid: { status: 401, error: 'invalid_token' },
  expired: { status: 401, error: 'invalid_token' },
  revoked: { status: 401, error: 'invalid_token' },
  denied: { status: 403, error: 'insufficient_scope' },
  unavailable: { status: 503 },
  feedStale: { status: 503 },
  misconfigured: { status: 503 },
};

/** Seconds after which a client may try again, where the verifier does not know more. */
const RETRY_AFTER = 1;

/**
 * Thrown by all of this package. It has the members of an error of `http-errors`, which Express, Fastify and Nest turn
 * into the response. Neither it nor its cause holds a token.
 */
export class VerifyError extends Error {
  override readonly name = 'VerifyError';
  /** What went wrong. */
  readonly code: VerifyErrorCode;
  /** The HTTP status for the caller: 401, 403 or 503. */
  readonly status: number;
  /** The same as `status`. */
  readonly statusCode: number;
  /** Whether the message may be shown to the caller. */
  readonly expose = true;
  /** Headers of the response: `WWW-Authenticate` (RFC 6750) or `Retry-After`. */
  readonly headers: Readonly<Record<string, string>>;

  constructor(code: VerifyErrorCode, message: string, options?: { readonly cause?: unknown }) {
    super(message, options);
    this.code = code;
    const { status, error } = RESPONSES[code];
    this.status = status;
    this.statusCode = status;
    if (status === 503) this.headers = { 'Retry-After': String(RETRY_AFTER) };
    else this.headers = { 'WWW-Authenticate': error === undefined ? 'Bearer' : `Bearer error="${error}"` };
  }
}

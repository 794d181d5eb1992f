import { retryAfterOf } from './errors.js';

/** How long the client goes on with a request that the service asks to try again later. */
export interface RetryLimits {
  /** The most repeats of one request; default 4. */
  readonly times?: number;
  /** The most seconds to wait for one request, all waits together; default 30. A longer `Retry-After` is not waited for. */
  readonly seconds?: number;
}

/** The wait where `Retry-After` is missing or cannot be read, in seconds; doubled with each repeat. */
const DEFAULT_WAIT = 1;

/** Part of the wait that is added at random, so that clients that were refused together do not come back together. */
const SPREAD = 0.25;

/** Methods that have the same effect once or twice (RFC 9110 §9.2.2). A merge patch (RFC 7396) has, too. */
const IDEMPOTENT = new Set(['GET', 'HEAD', 'OPTIONS', 'PUT', 'PATCH', 'DELETE']);

/** Routes of POST that may be sent twice: at worst a second session begins, which nobody uses. */
const REPEATABLE_POSTS = new Set(['/token', '/token/refresh', '/token/revoke']);

/** A request, as far as it decides whether it may be repeated. */
export interface Repeatable {
  readonly method: string;
  /** From the base URL on: `/user/7`. */
  readonly path: string;
  readonly body: string | undefined;
}

/**
 * Whether a request may be sent again after this status.
 *
 * - 429: always. The service counts a request before it does anything.
 * - 503: where a repeat does no harm. The service was busy and did nothing, or, rarely, it lost the connection to its
 *   database during the commit, and nobody knows whether the change has been made. So nothing is created twice, and an
 *   old password is not compared a second time: it may not be the password any more.
 */
export function mayRepeat({ method, path, body }: Repeatable, status: number): boolean {
  if (status === 429) return true;
  if (status !== 503) return false;
  if (method === 'POST') return REPEATABLE_POSTS.has(path);
  return IDEMPOTENT.has(method) && !/"oldPassword"\s*:/.test(body ?? '');
}

/** The waits of one request. */
export class Retries {
  private times: number;
  private seconds: number;
  private next = DEFAULT_WAIT;

  constructor({ times = 4, seconds = 30 }: RetryLimits) {
    this.times = times;
    this.seconds = seconds;
  }

  /** Takes one wait, in milliseconds, before the request is sent again; undefined: give up. */
  take(headers: Headers): number | undefined {
    const seconds = Math.max(retryAfterOf(headers) ?? this.next, 0.1) * (1 + Math.random() * SPREAD);
    if (this.times < 1 || seconds > this.seconds) return undefined;
    this.times -= 1;
    this.seconds -= seconds;
    this.next *= 2;
    return seconds * 1000;
  }
}

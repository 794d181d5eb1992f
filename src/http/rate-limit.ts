import { type RateLimiterAbstract, RateLimiterRes } from 'rate-limiter-flexible';
import { requestErrors } from '../errors/request.errors.js';

/**
 * Takes one of the tries that `key` has.
 *
 * @throws {ApiError} 429; 503 when it cannot be told how often: a flood must not get through unseen
 */
export async function take(limiter: RateLimiterAbstract, key: string | number): Promise<void> {
  try {
    await limiter.consume(key);
  } catch (refusal) {
    if (refusal instanceof RateLimiterRes) throw requestErrors.tooManyRequests(refusal.msBeforeNext / 1000);
    throw requestErrors.overloaded({ cause: refusal });
  }
}

import { describe, expect, it } from 'vitest';
import { mayRepeat, Retries, type RetryLimits } from './retries.js';

const headersOf = (retryAfter?: string) =>
  new Headers(retryAfter === undefined ? {} : { 'retry-after': retryAfter });

/** The waits, in seconds, of a request that is refused so until the client gives up. */
function waitsOf(limits: RetryLimits, retryAfter?: string): number[] {
  const retries = new Retries(limits);
  const waits = [];
  for (let wait = retries.take(headersOf(retryAfter)); wait !== undefined;) {
    waits.push(wait / 1000);
    wait = retries.take(headersOf(retryAfter));
  }
  return waits;
}

describe('the waits', () => {
  it('are at least what the service asks for, and not much more', () => {
    for (const wait of waitsOf({}, '3')) {
      expect(wait).toBeGreaterThanOrEqual(3);
      expect(wait).toBeLessThanOrEqual(3.75);
    }
    expect(waitsOf({}, '3')).toHaveLength(4);
  });

  it('read a date too, as it was or will be', () => {
    const [wait] = waitsOf({}, new Date(Date.now() + 5000).toUTCString());
    expect(wait).toBeGreaterThan(3);
    expect(wait).toBeLessThan(7);
    expect(waitsOf({ times: 1 }, new Date(0).toUTCString())[0]).toBeLessThan(1);
  });

  it.each([undefined, '', '-5', '1.5', '1e9', 'soon', 'NaN', 'Infinity', '99999999999999999999', '1, 2'])(
    'where Retry-After is %j begin at a second and double',
    (retryAfter) => {
      const waits = waitsOf({ times: 3 }, retryAfter).map(Math.floor);
      expect(waits).toHaveLength(3);
      expect(waits[0]).toBe(1);
      expect(waits[2]).toBeGreaterThanOrEqual(4);
    },
  );

  it('are bounded in number and in time', () => {
    expect(waitsOf({ times: 7 }, '0')).toHaveLength(7);
    expect(waitsOf({ times: 0 }, '0')).toEqual([]);
    expect(waitsOf({}, '31')).toEqual([]);
    const total = waitsOf({ times: 1000, seconds: 10 }, '2').reduce((sum, wait) => sum + wait, 0);
    expect(total).toBeLessThanOrEqual(10);
  });
});

describe('a request may be repeated', () => {
  const request = (method: string, path = '/user/7', body?: string) => ({ method, path, body });

  it('after a 503 where a repeat does no harm', () => {
    for (const method of ['GET', 'HEAD', 'PUT', 'PATCH', 'DELETE'])
      expect(mayRepeat(request(method), 503)).toBe(true);
    for (const path of ['/token', '/token/refresh', '/token/revoke']) {
      expect(mayRepeat(request('POST', path), 503)).toBe(true);
    }
    for (const path of ['/user', '/network', '/devicetype', '/token/create']) {
      expect(mayRepeat(request('POST', path), 503)).toBe(false);
      expect(mayRepeat(request('POST', path), 429)).toBe(true);
    }
    expect(mayRepeat(request('PUT', '/user/7', '{"oldPassword":"a","password":"b"}'), 503)).toBe(false);
    expect(mayRepeat(request('PUT', '/user/7', '{"data":{"note":"oldPassword"}}'), 503)).toBe(true);
  });

  it('after no other status', () => {
    for (const status of [200, 204, 304, 400, 401, 403, 404, 408, 409, 412, 500, 502, 504]) {
      expect(mayRepeat(request('GET'), status)).toBe(false);
    }
  });
});

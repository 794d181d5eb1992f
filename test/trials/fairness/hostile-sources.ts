import { fork } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { requestOf } from '../load/connections.js';
import { whole } from '../promise.js';

const PROCESS = resolve('test/trials/fairness/hostile.process.mjs');
/** Becomes another hexadecimal number of four digits each time that a request is sent. */
const COUNTER = '@@@@';

/** What hostile clients send. */
export interface Flood {
  /** The requests, as text, sent in turn. `@@@@` becomes another number each time. */
  readonly requests: readonly string[];
  /** Each has one request at a time. */
  readonly connections: number;
  /** All of them together; absent: each sends its next request once it has a response. */
  readonly perSecond?: number;
  /** The statuses that judge a request. The flood begins only when each request has had one of them. */
  readonly judged?: readonly number[];
  /** Each request is sent once, all at once. */
  readonly isOnce?: boolean;
}

/** The responses that a flood got. */
export interface Flooded {
  /** How many of each status; 0: the connection was closed without a response. */
  readonly statuses: Readonly<Record<number, number>>;
  readonly seconds: number;
}

/** The header that names the source of a request to a service that trusts one proxy (`TRUST_PROXY=1`). */
export const from = (address: string): { readonly 'x-forwarded-for': string } => ({
  'x-forwarded-for': address,
});

/** Addresses of so many hostile sources; the last one is an IPv6 /48 that uses another /64 for each request. */
export const hostileAddresses = (count: number): string[] => [
  ...Array.from({ length: count - 1 }, (_, index) => `10.66.${index >> 8}.${index & 255}`),
  `2001:db8:bad:${COUNTER}::1`,
];

/** One of the addresses of a source; the `turn` decides which, where it has several. */
export const addressOf = (source: string, turn: number): string =>
  source.replace(COUNTER, (turn & 0xffff).toString(16));

/** Failed logins, one from each source, at these logins in turn. */
export const failedLogins = (sources: readonly string[], logins: readonly string[]): string[] =>
  sources.map((source, index) =>
    requestOf('POST', '/token', {
      body: JSON.stringify({ login: logins[index % logins.length], password: `not the password ${COUNTER}` }),
      headers: [`X-Forwarded-For: ${source}`],
    }),
  );

/**
 * Does `work` while a process of low priority floods the service.
 *
 * @returns the result of the work, and what the flood got
 */
export async function whileFlooded<T>(
  baseUrl: string,
  flood: Flood,
  work: () => Promise<T>,
): Promise<{ result: T; flooded: Flooded }> {
  const { hostname: host, port } = new URL(baseUrl);
  const child = fork(PROCESS);
  const messages = { next: () => once(child, 'message').then(([message]) => message as unknown) };
  try {
    const ready = messages.next();
    child.send({ host, port: Number(port), ...flood });
    await ready;
    const over = messages.next();
    const result = await work();
    // A flood that is sent once may be over by now.
    child.send('stop', () => undefined);
    return { result, flooded: (await over) as Flooded };
  } finally {
    child.kill('SIGKILL');
  }
}

/** The responses to a flood, in words. */
export function told({ statuses, seconds }: Flooded): string {
  const many = Object.values(statuses).reduce((sum, each) => sum + each, 0);
  const each = Object.entries(statuses).map(
    ([status, times]) => `${whole(times)} ${status === '0' ? 'cut off' : `× ${status}`}`,
  );
  return `${whole(many / seconds)} hostile requests a second: ${each.join(', ')}`;
}

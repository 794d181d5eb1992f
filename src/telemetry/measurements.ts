import { Measurement } from './measurement.js';

/*
 * What the parts of the service report. No value names a login, an address, an id or a token: all of it may become a
 * metric, and nobody may learn from metrics whether a login exists (contract.md §10).
 */

/** A response has been sent to a request that reached no hook of a route: it was not even valid HTTP, or had no path. */
export const unroutedResponses = new Measurement<{ readonly status: number; readonly seconds: number }>(
  'http.unrouted',
);

/** Failed sign-ins of one login in this process have used up all attempts, whether somebody has the login or not. */
export const lockouts = new Measurement<undefined>('sign-in.lockout');

/** A password has waited for its turn to be hashed or compared; in seconds. */
export const hashingWaits = new Measurement<number>('passwords.wait');

/** A commit for so many transactions that callers wait for. Of the service's own recurring work there are none. */
export const commits = new Measurement<{ readonly transactions: number; readonly seconds: number }>(
  'database.commit',
);

/** Occurrences of one type have been committed as events, or counted for one. */
export const occurrences = new Measurement<{ readonly type: string; readonly count: number }>(
  'events.occurrence',
);

/** An attempt to deliver an event by webhook has ended: whether the receiver took it. */
export const webhookAttempts = new Measurement<boolean>('events.webhook');

/** Whether a cache had what was looked up in it: verified tokens, and the users and sessions of callers. */
export const cacheLookups = {
  tokens: new Measurement<boolean>('cache.tokens'),
  principals: new Measurement<boolean>('cache.principals'),
};

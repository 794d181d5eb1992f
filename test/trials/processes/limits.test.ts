import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { Answer, Client } from '../../support/client.js';
import { isWhole, note, times, whole } from '../promise.js';
import { PASSWORD } from '../proven-service.js';
import { burst, GuessedAt } from '../sign-in/login-attempts.js';
import { from, own } from './addresses.js';
import { NUMBERS_OF_PROCESSES, Several } from './several.js';

const NUMBERS = isWhole ? NUMBERS_OF_PROCESSES : ([4] as const);
/** Within a minute, for all processes together (src/authentication, the guards of rate limits). */
const SIGN_INS_PER_LOGIN_AND_ADDRESS = 60;
const SIGN_INS_PER_ADDRESS = 600;
const REFRESHES_PER_USER = 60;
/** What the limits count over, and how long a flood takes at the most, in milliseconds. */
const WINDOW = 60_000;
const LONGEST = 40_000;
/** The requests that are on their way at once to all processes together. */
const AT_ONCE = 64;

interface Flooded {
  /** The answers that were neither 429 nor 503. */
  readonly passed: number;
  readonly refused: number;
  /** The requests that got no answer, since their process was killed. */
  readonly unanswered: number;
}

/** Sends requests to all processes in turn. `strike` is called when half of the limit is used up. */
async function flood(
  clients: readonly Client[],
  limit: number,
  send: (client: Client, index: number) => Promise<Answer>,
  strike: () => Promise<void>,
): Promise<Flooded> {
  const answers: (Answer | undefined)[] = [];
  const most = limit + times(2000, 400);
  const began = performance.now();
  let [sent, struck] = [0, Promise.resolve()];
  const lane = async () => {
    while (sent < most && performance.now() - began < LONGEST) {
      const index = (sent += 1);
      if (index === limit / 2) struck = strike();
      const client = clients[index % clients.length];
      if (client) answers.push(await send(client, index).catch(() => undefined));
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, lane));
  await struck;
  const statuses = answers.map((answer) => answer?.status);
  return {
    passed: statuses.filter((status) => status !== undefined && status !== 429 && status !== 503).length,
    refused: statuses.filter((status) => status === 429).length,
    unanswered: statuses.filter((status) => status === undefined).length,
  };
}

describe('Floods are limited', () => {
  it('for all processes together, one of which is killed', async ({ task }) => {
    const seen: { name: string; processes: number; limit: number; flooded: Flooded; later: number }[] = [];
    for (const processes of NUMBERS) {
      const several = await Several.start(processes, { RATE_LIMIT: 'on', TRUST_PROXY: '1' });
      const { first, last } = several;
      await first.createUser('ada');
      const { body } = await first.client.signIn({ login: 'ada', password: PASSWORD }, '192.0.2.1');
      const { refreshToken } = body as { refreshToken: string };
      const kinds = [
        {
          name: 'sign-ins at one login from one address',
          limit: SIGN_INS_PER_LOGIN_AND_ADDRESS,
          send: (client: Client) =>
            client.post('/token', { login: 'grace', password: '' }, from('192.0.2.2')),
        },
        {
          name: 'sign-ins of one address',
          limit: SIGN_INS_PER_ADDRESS,
          send: (client: Client, index: number) =>
            client.post('/token', { login: `nobody-${index}`, password: '' }, from('192.0.2.3')),
        },
        {
          name: 'refreshes of one user',
          limit: REFRESHES_PER_USER,
          send: (client: Client, index: number) =>
            client.post('/token/refresh', { refreshToken }, own(index)),
        },
      ];
      for (const { name, limit, send } of kinds) {
        const began = performance.now();
        const flooded = await flood(several.clients, limit, send, () => last.kill());
        await last.begin();
        const { status } = await send(last.client, 0);
        // A machine that needs more than the minute for it has not tried it.
        const later = performance.now() - began < WINDOW ? status : 429;
        seen.push({ name, processes, limit, flooded, later });
      }
      await several.remove();
    }
    note(
      { task },
      {
        tried: `floods over ${NUMBERS.join(', ')} processes within a minute, one of them killed with \`kill -9\` in the middle and started again: ${[...new Set(seen.map(({ name, limit }) => `${name} (${limit})`))].join(', ')}`,
        seen: `passed ${seen.map(({ flooded }) => whole(flooded.passed)).join(', ')} of ${seen.map(({ flooded }) => whole(flooded.passed + flooded.refused)).join(', ')}; the process that was started again refuses`,
      },
    );
    for (const { flooded, limit, later, name } of seen) {
      expect(flooded.passed, name).toBeLessThanOrEqual(limit);
      // Those without an answer may have been counted.
      expect(flooded.passed + flooded.unanswered, name).toBeGreaterThanOrEqual(limit);
      expect(later, name).toBe(429);
    }
  });
});

describe('No burst beats the lockout', () => {
  it('of a burst at several processes the limit is compared, and one of them is killed', async ({ task }) => {
    const limit = times(100, 25);
    const guesses = times(1000, 200);
    const seen: { processes: number; before: number; compared: number; status: number; right: number }[] = [];
    for (const processes of NUMBERS) {
      const tried = await GuessedAt.start({ kind: 'postgres' }, processes);
      const { service, services } = tried;
      await tried.limitTo(limit);
      const id = await service.createUser('ada');
      const hash = await tried.hashOf(id);
      const bursting = burst(tried.clients, 'ada', guesses);
      while (tried.comparisons.with(hash) < limit / 2) await pause(1);
      const killed = services.at(-1);
      await killed?.kill();
      const before = tried.comparisons.with(hash);
      await bursting;
      await killed?.begin();
      await burst(tried.clients, 'ada', limit);
      const { status: right } = await service.client.signIn({ login: 'ada', password: PASSWORD });
      const status = await tried.statusOf(id);
      seen.push({ processes, before, compared: tried.comparisons.with(hash), status, right });
      await tried.remove();
    }
    note(
      { task },
      {
        tried: `${whole(guesses)} wrong guesses at one user over ${NUMBERS.join(', ')} processes, one of them killed with \`kill -9\` in the middle and started again, limit ${limit}`,
        seen: `${seen.map(({ compared }) => compared).join(', ')} compared in all, ${seen.map(({ before }) => before).join(', ')} of them before; the user is locked out, the right password refused`,
      },
    );
    for (const { compared, status, right } of seen) {
      expect(compared).toBeLessThanOrEqual(limit);
      // The killed process may have counted some that it did not come to compare.
      expect(compared).toBeGreaterThanOrEqual(limit - 16);
      expect([status, right]).toEqual([1, 401]);
    }
  });
});

import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { Answer } from '../../support/client.js';
import { DATABASES } from '../../support/database.js';
import { requestOf } from '../load/connections.js';
import { hashing } from '../operations/hashing.js';
import { isWhole, note, times, whole } from '../promise.js';
import { PASSWORD, ProvenService } from '../proven-service.js';
import { Bystander, durationsOf, having, inWords, milliseconds, series, timed } from './bystander.js';
import { failedLogins, type Flood, hostileAddresses, told, whileFlooded } from './hostile-sources.js';

/** How much longer than in its quiet time a bystander may wait, at the most. */
const MOST_LONGER = 3;
/** Milliseconds between two sign-ins of a bystander. */
const INTERVAL = 300;
/** Seconds of work that the queue of passwords holds (contract.md §5). */
const QUEUE_SECONDS = 10;
/** Seconds until who signs in patiently is signed in, whatever comes at once: the queue, a pause and the own turn. */
const MOST_PATIENCE = 2 * QUEUE_SECONDS;

/** Users who are attacked, and some whom nobody knows. */
const VICTIMS = Array.from({ length: 10 }, (_, index) => `victim-${index}`);
const LOGINS = [...VICTIMS, ...VICTIMS.map((_, index) => `nobody-${index}`)];

/** Sources that have failed, and go on. */
const failing = (sources: number, perSecond: number): Flood => ({
  requests: failedLogins(hostileAddresses(sources), LOGINS),
  connections: Math.min(Math.max(sources, 100), 400),
  perSecond,
  judged: [401],
});

/** One client that sets its own password all the time. */
async function settingItsPassword(service: ProvenService): Promise<Flood> {
  const token = await tokenOf(service, 'busy');
  const body = JSON.stringify({ password: 'another password @@@@' });
  return { requests: [requestOf('PUT', '/user/current', { token, body })], connections: 20 };
}

/** Signs in correctly, from a source that is known to it. */
async function signingIn(service: ProvenService): Promise<Flood> {
  const source = { 'x-forwarded-for': '192.0.2.7' };
  await service.createUser('busy');
  await service.client.post('/token', { login: 'busy', password: PASSWORD }, source);
  const body = JSON.stringify({ login: 'busy', password: PASSWORD });
  const headers = [`X-Forwarded-For: ${source['x-forwarded-for']}`];
  return { requests: [requestOf('POST', '/token', { body, headers })], connections: 20 };
}

/** What a bystander is put beside. `limits`: whether the rate limits help. */
const FLOODS: readonly {
  readonly name: string;
  readonly limits?: 'off';
  readonly isWholeOnly?: boolean;
  readonly of: (service: ProvenService) => Flood | Promise<Flood>;
}[] = [
  { name: 'one client that sets its password on 20 connections', of: settingItsPassword },
  {
    name: 'one client that signs in from its known source on 20 connections',
    limits: 'off',
    isWholeOnly: true,
    of: signingIn,
  },
  { name: '4 hostile sources', isWholeOnly: true, of: () => failing(4, 100) },
  { name: '4 hostile sources, with no rate limits', limits: 'off', of: () => failing(4, 100) },
  { name: '100 hostile sources', isWholeOnly: true, of: () => failing(100, 200) },
  { name: '1 000 hostile sources', isWholeOnly: true, of: () => failing(1000, 200) },
];

/** Starts a service whose passwords are hashed at cost 10, behind a proxy. */
const start = (kind: (typeof DATABASES)[number], limits = 'on') =>
  ProvenService.start({
    kind,
    documented: false,
    environment: { BCRYPT_COST: '10', TRUST_PROXY: '1', RATE_LIMIT: limits },
  });

const KINDS = DATABASES.filter((kind) => isWhole || kind === 'sqlite');

describe('Nobody is kept out', () => {
  it.for(
    KINDS.flatMap((kind) =>
      FLOODS.filter(({ isWholeOnly }) => isWhole || !isWholeOnly).map((flood) => ({ kind, ...flood })),
    ),
  )('of passwords checked in turns, beside $name, on $kind', async ({ kind, name, limits, of }, { task }) => {
    const service = await start(kind, limits);
    const bystander = await Bystander.create(service);
    await Promise.all(VICTIMS.map((login) => hashing(() => service.createUser(login))));
    const signIn = () => bystander.signIn();
    const quiet = durationsOf(await series(times(10, 3), 50, signIn));
    const count = times(10, 5);
    const { result, flooded } = await whileFlooded(service.client.baseUrl, await of(service), async () => {
      await pause(1000);
      return series(count, INTERVAL, signIn);
    });
    const loud = durationsOf(result);
    note(
      { task },
      {
        tried: `a user who signs in from ${count} sources never seen, beside ${name}, bcrypt at cost 10, ${kind} (${told(flooded)})`,
        seen: `signed in ${having(result, 201)} of ${count} times, ${inWords(loud)} (quiet: ${inWords(quiet)})`,
      },
    );
    await service.remove();
    expect(having(result, 201)).toBe(count);
    if (isWhole) expect(loud.most).toBeLessThanOrEqual(MOST_LONGER * quiet.median);
  });

  it.for(KINDS)('of first attempts from many sources at once, on %s', async (kind, { task }) => {
    const service = await start(kind);
    const bystanders = await Promise.all(
      Array.from({ length: 5 }, (_, index) => Bystander.create(service, `bystander-${index}`)),
    );
    const quiet = durationsOf(await series(3, 50, () => bystanders[0]?.signIn() ?? expect.unreachable()));
    const sources = times(1000, 60);
    const { result, flooded } = await whileFlooded(
      service.client.baseUrl,
      { requests: failedLogins(hostileAddresses(sources), LOGINS), connections: sources, isOnce: true },
      () =>
        Promise.all(
          bystanders.map(async (bystander, index) => {
            // Some of them in the middle of the wave, and some after it.
            await pause(50 + index * 500);
            const answers: Answer[] = [];
            const { took } = await timed(async () => {
              answers.push(...(await bystander.signInPatiently()));
              return answers.at(-1) ?? expect.unreachable();
            });
            return { answers, took };
          }),
        ),
    );
    const statuses = result.flatMap(({ answers }) => answers.map(({ status }) => status));
    const longest = Math.max(...result.map(({ took }) => took));
    note(
      { task },
      {
        tried: `${whole(sources)} first attempts at once, each from a source of its own, bcrypt at cost 10, and ${bystanders.length} users who sign in meanwhile from sources never seen, as patient as the service asks (Retry-After), ${kind} (${told(flooded)})`,
        seen: `all of them signed in, within ${milliseconds(longest)} (quiet: ${inWords(quiet)}), told ${statuses.filter((status) => status === 503).length} × to come back`,
      },
    );
    await service.remove();
    expect(result.map(({ answers }) => answers.at(-1)?.status)).toEqual(bystanders.map(() => 201));
    // A source has one attempt here, so that no rate limit refuses it.
    expect(Object.keys(flooded.statuses).filter((status) => !['401', '503'].includes(status))).toEqual([]);
    if (isWhole) expect(longest).toBeLessThan(MOST_PATIENCE * 1000);
  });

  it.for(KINDS.flatMap((kind) => (isWhole ? [32, 256] : [32]).map((users) => ({ kind, users }))))(
    'of a fleet of $users users who sign in at once from one source, on $kind',
    async ({ kind, users }, { task }) => {
      const service = await start(kind);
      const logins = Array.from({ length: users }, (_, index) => `fleet-${index}`);
      await Promise.all(logins.map((login) => hashing(() => service.createUser(login))));
      const requests = logins.map((login) =>
        requestOf('POST', '/token', {
          body: JSON.stringify({ login, password: PASSWORD }),
          headers: ['X-Forwarded-For: 192.0.2.7'],
        }),
      );
      const { flooded } = await whileFlooded(
        service.client.baseUrl,
        { requests, connections: users, isOnce: true },
        () => Promise.resolve(),
      );
      const { statuses, seconds } = flooded;
      const signedIn = statuses[201] ?? 0;
      const refused = users - signedIn;
      /** How many may be refused: those who come while ten seconds of work are waiting. */
      const most = Math.max(0, users - Math.floor((QUEUE_SECONDS * signedIn) / seconds));
      note(
        { task },
        {
          tried: `${users} users who sign in at once from one source, bcrypt at cost 10, ${kind}`,
          seen: `${signedIn} signed in within ${seconds.toFixed(1)} s, ${refused} refused (${told(flooded)})`,
        },
      );
      await service.remove();
      expect(refused).toBeLessThanOrEqual(most);
      expect(Object.keys(statuses).filter((status) => !['201', '503'].includes(status))).toEqual([]);
    },
  );

  it.for(KINDS)('of the writes of one client on 1 500 connections, on %s', async (kind, { task }) => {
    const service = await ProvenService.start({
      kind,
      documented: false,
      environment: { TRUST_PROXY: '1', RATE_LIMIT: 'on' },
    });
    const bystander = await Bystander.create(service);
    const token = await tokenOf(service, 'writer');
    const refreshes: Answer[] = [];
    const signInAndRefresh = async () => {
      const signedIn = await bystander.signIn();
      const { refreshToken } = (signedIn.body ?? {}) as { refreshToken?: string };
      refreshes.push(await service.client.post('/token/refresh', { refreshToken }));
      return signedIn;
    };
    const quiet = durationsOf(await series(5, 50, signInAndRefresh));
    refreshes.length = 0;
    const count = times(20, 5);
    const body = JSON.stringify({ data: { written: '@@@@' } });
    const { result, flooded } = await whileFlooded(
      service.client.baseUrl,
      { requests: [requestOf('PUT', '/user/current', { token, body })], connections: 1500 },
      async () => {
        await pause(1000);
        return series(count, INTERVAL, signInAndRefresh);
      },
    );
    const refreshed = refreshes.filter(({ status }) => status === 201).length;
    note(
      { task },
      {
        tried: `PUT /user/current of one client on 1 500 connections, ${kind} (${told(flooded)})`,
        seen: `another user signed in ${having(result, 201)} of ${count} times and refreshed ${refreshed} times, both together: ${inWords(durationsOf(result))} (quiet: ${inWords(quiet)})`,
      },
    );
    await service.remove();
    expect([having(result, 201), refreshed]).toEqual([count, count]);
  });
});

/** Makes a client, and signs it in from a source of its own. */
async function tokenOf(service: ProvenService, login: string): Promise<string> {
  await service.createUser(login);
  const { body } = await service.client.post('/token', { login, password: PASSWORD });
  return String(body?.accessToken);
}

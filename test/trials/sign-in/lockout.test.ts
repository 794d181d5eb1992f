import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { visiblePart } from '../../support/client.js';
import { type DatabaseKind, DATABASES } from '../../support/database.js';
import { from } from '../fairness/hostile-sources.js';
import { MovedClock } from '../fairness/moved-clock.js';
import { isWhole, note, times, whole } from '../promise.js';
import { burst, GuessedAt, withPreloads } from './login-attempts.js';

const PASSWORD = 'a password of proofs';
const DEFAULT_LIMIT = 10;
/** Old passwords that are compared for one sign-in in 15 minutes. */
const MOST_OLD_PASSWORDS = 5;
const REFUSAL = '{"error":401,"message":"Invalid credentials"}';
/** Where users usually sign in. Bursts come from other sources. */
const HOME = from('192.0.2.1');
/** The service is told the addresses of its clients. */
const environment = { TRUST_PROXY: '1' };

const SETUPS: readonly { readonly name: string; readonly kind: DatabaseKind; readonly processes: number }[] =
  [
    { name: 'sqlite', kind: 'sqlite', processes: 1 },
    { name: 'postgres', kind: 'postgres', processes: 1 },
    { name: 'postgres by two processes', kind: 'postgres', processes: 2 },
  ];
const GUESSES = times(1000, 30);
const FEWER = times(250, 30);

describe('No burst beats the lockout', () => {
  // One service for each, and users of its own for each trial.
  describe.for(SETUPS.filter(({ name }) => isWhole || name !== 'postgres'))(
    'on $name',
    ({ name, kind, processes }) => {
      let tried: GuessedAt;
      beforeAll(async () => {
        tried = await GuessedAt.start({ kind, environment }, processes);
      });
      afterAll(() => tried.remove());

      it('ASVS 6.3.1: of a burst the limit is compared, whatever it is set to', async ({ task }) => {
        const { service, clients } = tried;
        const limits = isWhole ? [DEFAULT_LIMIT, 1, 25] : [DEFAULT_LIMIT, 3];
        const seen: { limit: number; compared: number[]; status: number; right: number[] }[] = [];
        const answers = new Set<string>();
        const ended: string[] = [];
        for (const limit of limits) {
          // The default is that of a service that has been told nothing.
          if (limit !== DEFAULT_LIMIT) await tried.limitTo(limit);
          const credentials = { login: `guessed-${limit}`, password: PASSWORD };
          const id = await service.createUser(credentials.login);
          const { body } = await service.client.post('/token', credentials, HOME);
          const { accessToken, refreshToken } = body as { accessToken: string; refreshToken: string };
          const comparedIn = async (count: number, headers?: typeof HOME) => {
            const before = await tried.compared(id);
            const answered = await burst(clients, credentials.login, count, undefined, () => headers ?? {});
            for (const answer of answered) answers.add(visiblePart(answer));
            return (await tried.compared(id)) - before;
          };
          const first = await comparedIn(limit === DEFAULT_LIMIT ? GUESSES : FEWER);
          const status = await tried.statusOf(id);
          // Its open session goes on (contract.md §5), and it signs in where it usually does.
          for (const client of clients) {
            const access = await client.as(accessToken).get('/user/current');
            const refresh = await client.post('/token/refresh', { refreshToken }, HOME);
            if (access.status !== 200 || refresh.status !== 201) ended.push(credentials.login);
          }
          const signIn = async (headers = {}) =>
            (await service.client.post('/token', credentials, headers)).status;
          const right = [await signIn(HOME), await signIn()];
          // Its known source has as many attempts of its own.
          const ofHome = await comparedIn(FEWER, HOME);
          right.push(await signIn(HOME));
          // Until an administrator sets status 0: then there are as many again.
          await service.admin.put(`/user/${id}`, { status: 0 });
          const again = await comparedIn(FEWER);
          await service.admin.put(`/user/${id}`, { status: 0 });
          right.push(await signIn());
          seen.push({ limit, compared: [first, ofHome, again], status, right });
        }
        note(
          { task },
          {
            tried: `${whole(GUESSES)} parallel wrong guesses at one user by strangers, ${whole(FEWER)} from its known source, ${whole(FEWER)} by strangers after status 0; for limits of ${limits.slice(1).join(' and ')}, set live, ${whole(FEWER)} each time; ${name}`,
            seen: `${seen.map(({ compared }) => compared.join(' and ')).join('; ')} compared; ${answers.size} answer to all, to the byte; ${ended.length} sessions of users who were locked out ended`,
          },
        );
        for (const { limit, ...rest } of seen)
          expect(rest).toEqual({
            compared: [limit, limit, limit],
            status: 1,
            right: [201, 401, 401, 201],
          });
        expect(answers.size).toBe(1);
        expect([...answers][0]).toContain(JSON.stringify(REFUSAL));
        expect(ended).toEqual([]);
      });

      it('ASVS 6.3.1: the right password in the middle of a burst opens no way for more', async ({
        task,
      }) => {
        const { service, clients } = tried;
        const rounds = times(3, 1);
        const limit = 20;
        await tried.limitTo(limit);
        const excess: string[] = [];
        let letIn = 0;
        for (let round = 0; round < rounds; round += 1) {
          const login = `known-${round}`;
          const id = await service.createUser(login);
          // At another place each time, among those that may still be compared.
          const place = (3 + round * 7) % 30;
          // Each from a source of its own: none of them is known, but for the right one from then on.
          const fromOwn = (index: number) => from(`10.0.${round}.${index}`);
          const passwordOf = (index: number) => (index === place ? PASSWORD : `not the password, ${index}`);
          const answers = await burst(clients, login, FEWER, passwordOf, fromOwn);
          // Whether or not the burst was long enough to lock the user out after that.
          await burst(clients, login, limit);
          const successes = answers.filter(({ status }) => status === 201).length;
          letIn += successes;
          const compared = await tried.compared(id);
          // A success is one of the guesses until then, and clears the count.
          const most = limit * (1 + successes);
          const wrong = answers.filter(({ text, status }) => status !== 201 && text !== REFUSAL).length;
          if (compared > most || wrong > 0 || (await tried.statusOf(id)) !== 1)
            excess.push(`${compared} compared, ${successes} let in, ${wrong} answered otherwise`);
        }
        note(
          { task },
          {
            tried: `${rounds} bursts of ${whole(FEWER)} guesses, one of them right, limit ${limit}, ${name}`,
            seen: `the right one let in ${letIn} ×; ${excess.length} × more compared than the limit before it and the limit after it; locked out in the end`,
          },
        );
        expect(excess).toEqual([]);
      });

      it('ASVS 6.3.1: a limit that is lowered during a burst holds from then on', async ({ task }) => {
        const { service, clients } = tried;
        await tried.limitTo(100_000);
        const id = await service.createUser('ada');
        const bursting = burst(clients, 'ada', FEWER);
        await expect.poll(() => tried.compared(id), { interval: 5, timeout: 30_000 }).toBeGreaterThan(0);
        await tried.limitTo(5);
        const already = await tried.compared(id);
        await bursting;
        await burst(clients, 'ada', 6);
        const compared = await tried.compared(id);
        const status = await tried.statusOf(id);
        note(
          { task },
          {
            tried: `the limit set from 100 000 to 5 in the middle of ${whole(FEWER)} guesses, ${name}`,
            seen: `${already} compared by then, ${compared} in all, the user locked out`,
          },
        );
        // In each place where one is compared, one may have been counted, and one may have read the limit just before.
        expect(compared).toBeLessThanOrEqual(Math.max(5, already) + 16 * processes);
        expect(status).toBe(1);
      });
    },
  );

  it.for(DATABASES.filter((kind) => isWhole || kind === 'sqlite'))(
    'ASVS 6.3.1: guesses that were counted stay so when the process is killed, on %s',
    async (kind, { task }) => {
      const tried = await GuessedAt.start({ kind });
      const { service } = tried;
      const rounds = times(3, 1);
      const limit = times(150, 25);
      await tried.limitTo(limit);
      const seen: { compared: number; before: number; right: number }[] = [];
      for (let round = 0; round < rounds; round += 1) {
        const login = `killed-${round}`;
        const id = await service.createUser(login);
        const hash = await tried.hashOf(id);
        const bursting = burst(tried.clients, login, FEWER);
        const enough = 1 + ((round * 17) % (limit - 10));
        while (tried.comparisons.with(hash) < enough) await pause(2);
        await service.kill();
        await bursting;
        const before = tried.comparisons.with(hash);
        await service.begin();
        await burst(tried.clients, login, FEWER);
        const { status: right } = await service.client.post('/token', { login, password: PASSWORD });
        seen.push({ compared: tried.comparisons.with(hash), before, right });
      }
      const list = (of: (each: (typeof seen)[number]) => number) => seen.map(of).join(', ');
      note(
        { task },
        {
          tried: `${rounds} × \`kill -9\` in the middle of ${whole(FEWER)} guesses, as many again after the start, limit ${limit}, ${kind}`,
          seen: `${list(({ before }) => before)} compared until then, ${list(({ compared }) => compared)} in both lives; the right password is refused after that`,
        },
      );
      await tried.remove();
      for (const { compared, before, right } of seen) {
        expect(compared).toBeLessThanOrEqual(limit);
        // The last ones before the end were counted, and may not have come to be compared.
        expect(compared).toBeGreaterThanOrEqual(limit - 16);
        expect(before).toBeGreaterThan(0);
        expect(right).toBe(401);
      }
    },
  );

  // These two are tried in test/e2e as well, and so in no slice.
  it.for(isWhole ? DATABASES : [])(
    'ASVS 6.3.1: LOCKOUT_SECONDS gives as many guesses again, and no more, on %s',
    async (kind, { task }) => {
      const clock = new MovedClock();
      const settings = { LOCKOUT_SECONDS: '3600' };
      const tried = await GuessedAt.start({ kind, environment: withPreloads(settings, clock.environment) });
      const { service, clients } = tried;
      const rounds = 3;
      const id = await service.createUser('ada');
      const compared: number[] = [];
      for (let round = 0; round < rounds; round += 1) {
        const before = await tried.compared(id);
        await burst(clients, 'ada', FEWER);
        compared.push((await tried.compared(id)) - before);
        await clock.advance(3_600_000, service.client);
      }
      const { status } = await service.client.post('/token', { login: 'ada', password: PASSWORD });
      note(
        { task },
        {
          tried: `${rounds} bursts of ${whole(FEWER)} guesses, an hour apart, LOCKOUT_SECONDS=3600, ${kind}`,
          seen: `${compared.join(', ')} compared; the right password is let in an hour after that`,
        },
      );
      await tried.remove();
      clock.remove();
      expect(compared).toEqual(compared.map(() => DEFAULT_LIMIT));
      expect(status).toBe(201);
    },
  );

  it.for(isWhole ? DATABASES : [])(
    'ASVS 6.3.1: a stolen token finds no password by way of PUT, on %s',
    async (kind, { task }) => {
      const tried = await GuessedAt.start({ kind, environment: { RATE_LIMIT: 'on' } });
      const { service } = tried;
      const id = await service.createUser('ada');
      const credentials = { login: 'ada', password: PASSWORD };
      const { body } = await service.client.post('/token', credentials);
      const stolen = body as { accessToken: string; refreshToken: string };
      // A refreshed token, and those of sessions that descend from the stolen one, count together with it.
      const { refreshToken } = stolen;
      const refreshed = (await service.client.post('/token/refresh', { refreshToken })).body;
      const byThief = service.client.as(stolen.accessToken);
      const created = (await byThief.post('/token/create', { userId: id, actions: '*' })).body;
      const thieves = [stolen, refreshed, created].map(({ accessToken }) =>
        service.client.as(accessToken as string),
      );
      const before = await tried.compared(id);
      const guess = async (oldPassword: string, thief = byThief) => {
        for (;;) {
          const answer = await thief.put('/user/current', { oldPassword, password: 'chosen by a thief' });
          if (answer.status !== 503) return answer;
          await pause(Math.random() * GUESSES);
        }
      };
      const answers = await Promise.all(
        Array.from({ length: GUESSES }, (_, index) =>
          guess(`wrong ${index}`, thieves[index % thieves.length]),
        ),
      );
      const right = await guess(PASSWORD);
      const compared = (await tried.compared(id)) - before;
      const refused = answers.filter(({ status }) => status === 429);
      // The user itself has old passwords of its own, once it has signed in.
      const { status, body: own } = await service.client.post('/token', credentials);
      const changed = await service.client
        .as(own?.accessToken as string)
        .put('/user/current', { oldPassword: PASSWORD, password: 'chosen by its user' });
      note(
        { task },
        {
          tried: `${whole(GUESSES)} wrong old passwords at once by a stolen access token, a refreshed one and one of a created session, and then the right one, ${kind}`,
          seen: `${compared} compared, ${whole(refused.length)} answered 429 with Retry-After; the right one is not told apart; its user signs in with ${status} and sets a new password with ${changed.status}`,
        },
      );
      await tried.remove();
      expect(compared).toBe(MOST_OLD_PASSWORDS);
      expect(refused).toHaveLength(GUESSES - MOST_OLD_PASSWORDS);
      expect(refused.every(({ headers }) => /^[1-9]\d*$/.test(headers.get('retry-after') ?? ''))).toBe(true);
      expect(right.status).toBe(429);
      expect([status, changed.status]).toEqual([201, 204]);
    },
  );
});

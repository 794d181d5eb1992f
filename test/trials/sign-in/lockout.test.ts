import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { visiblePart } from '../../support/client.js';
import { type DatabaseKind, DATABASES } from '../../support/database.js';
import { isWhole, note, times, whole } from '../promise.js';
import { ADMINISTRATOR } from '../proven-service.js';
import { burst, GuessedAt } from './login-attempts.js';

const PASSWORD = 'a password of proofs';
const DEFAULT_LIMIT = 10;
const REFUSAL = '{"error":401,"message":"Invalid credentials"}';

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
        tried = await GuessedAt.start({ kind }, processes);
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
          const { body } = await service.client.post('/token', credentials);
          const { accessToken, refreshToken } = body as { accessToken: string; refreshToken: string };
          const before = await tried.compared(id);
          const count = limit === DEFAULT_LIMIT ? GUESSES : FEWER;
          for (const answer of await burst(clients, credentials.login, count))
            answers.add(visiblePart(answer));
          const compared = (await tried.compared(id)) - before;
          const status = Number(await tried.read(id, 'status'));
          // Its open session goes on (contract.md §5): whoever guesses can shut nobody out who has signed in.
          for (const client of clients) {
            const access = await client.as(accessToken).get('/user/current');
            const refresh = await client.post('/token/refresh', { refreshToken });
            if (access.status !== 200 || refresh.status !== 201) ended.push(credentials.login);
          }
          // The right password comes too late, until an administrator sets status 0: then there are as many again.
          const right = [(await service.client.post('/token', credentials)).status];
          await service.admin.put(`/user/${id}`, { status: 0 });
          await burst(clients, credentials.login, FEWER);
          const again = (await tried.compared(id)) - before - compared;
          await service.admin.put(`/user/${id}`, { status: 0 });
          right.push((await service.client.post('/token', credentials)).status);
          seen.push({ limit, compared: [compared, again], status, right });
        }
        note(
          { task },
          {
            tried: `${whole(GUESSES)} parallel wrong guesses at one user, ${whole(FEWER)} more after status 0; for limits of ${limits.slice(1).join(' and ')}, set live, ${whole(FEWER)} and as many again; ${name}`,
            seen: `${seen.map(({ compared }) => compared.join(' and ')).join(', ')} compared; ${answers.size} answer to all, to the byte; ${ended.length} sessions of users who were locked out ended`,
          },
        );
        for (const { limit, ...rest } of seen)
          expect(rest).toEqual({ compared: [limit, limit], status: 1, right: [401, 201] });
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
          const answers = await burst(clients, login, FEWER, (index) =>
            index === place ? PASSWORD : `not the password, ${index}`,
          );
          // Whether or not the burst was long enough to lock the user out after that.
          await burst(clients, login, limit);
          const successes = answers.filter(({ status }) => status === 201).length;
          letIn += successes;
          const compared = await tried.compared(id);
          // A success is one of the guesses until then, and clears the count.
          const most = limit * (1 + successes);
          const wrong = answers.filter(({ text, status }) => status !== 201 && text !== REFUSAL).length;
          if (compared > most || wrong > 0 || Number(await tried.read(id, 'status')) !== 1)
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
        // What was counted before is compared still.
        const counted = Number(await tried.read(id, 'login_attempts'));
        await bursting;
        await burst(clients, 'ada', 6);
        const compared = await tried.compared(id);
        const status = Number(await tried.read(id, 'status'));
        note(
          { task },
          {
            tried: `the limit set from 100 000 to 5 in the middle of ${whole(FEWER)} guesses, ${name}`,
            seen: `${counted} counted by then, ${compared} compared in all, the user locked out`,
          },
        );
        // A guess in each place where one is compared may have read the limit just before.
        expect(compared).toBeLessThanOrEqual(Math.max(5, counted) + 8 * processes);
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

  // These three are tried in test/e2e as well, and so in no slice.
  it.for(isWhole ? DATABASES : [])(
    'ASVS 6.3.1: LOCKOUT_SECONDS gives as many guesses again, and no more, on %s',
    async (kind, { task }) => {
      const tried = await GuessedAt.start({ kind, environment: { LOCKOUT_SECONDS: '3600' } });
      const { service, clients } = tried;
      const rounds = 3;
      const id = await service.createUser('ada');
      const compared: number[] = [];
      for (let round = 0; round < rounds; round += 1) {
        const before = await tried.compared(id);
        await burst(clients, 'ada', FEWER);
        compared.push((await tried.compared(id)) - before);
        // An hour later, as far as the record goes.
        await service.database.query(
          'UPDATE users SET blocked_until = blocked_until - 3600000 WHERE id = ?',
          [id],
        );
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
      expect(compared).toEqual(compared.map(() => DEFAULT_LIMIT));
      expect(status).toBe(201);
    },
  );

  it.for(isWhole ? DATABASES : [])(
    'ASVS 6.3.1: administrators: one of two is locked out, the last one pauses, on %s',
    async (kind, { task }) => {
      const tried = await GuessedAt.start({ kind });
      const { service, clients } = tried;
      const { login } = ADMINISTRATOR;
      const id = await service.createUser('second', { role: 0 });
      await burst(clients, 'second', FEWER);
      const ofSecond = { compared: await tried.compared(id), status: Number(await tried.read(id, 'status')) };
      const before = await tried.compared(1);
      const began = performance.now();
      const answers = await burst(clients, login, GUESSES);
      const seconds = (performance.now() - began) / 1000;
      const compared = (await tried.compared(1)) - before;
      const refused = answers.filter(({ status }) => status === 429);
      // A pause of 1 s after the last guess, then of 2 s, 4 s, ...
      const most = DEFAULT_LIMIT + Math.floor(Math.log2(seconds + 1));
      const mute = refused.filter(
        ({ headers }) => !/^[1-9]\d*$/.test(headers.get('retry-after') ?? ''),
      ).length;
      const pauses: number[] = [];
      for (let round = 0; round < 14; round += 1) {
        // The pause is over, as far as the record goes.
        await service.database.query('UPDATE users SET blocked_until = 1 WHERE id = 1');
        await burst(clients, login, 1);
        const [next] = await burst(clients, login, 1);
        pauses.push(Number(next?.headers.get('retry-after')));
      }
      const { status } = await service.admin.get('/user/current');
      note(
        { task },
        {
          tried: `${whole(FEWER)} parallel wrong guesses at one of two administrators, then ${whole(GUESSES)} at the last active one, ${kind}`,
          seen: `${ofSecond.compared} compared, locked out; ${compared} compared in ${seconds.toFixed(1)} s, ${whole(refused.length)} answered 429, pauses up to ${Math.max(...pauses)} s, never locked out`,
        },
      );
      await tried.remove();
      expect(ofSecond).toEqual({ compared: DEFAULT_LIMIT, status: 1 });
      expect(compared).toBeGreaterThanOrEqual(DEFAULT_LIMIT);
      expect(compared).toBeLessThanOrEqual(most);
      expect(new Set(answers.map((answer) => answer.status))).toEqual(new Set([401, 429]));
      expect(mute).toBe(0);
      expect(pauses).toEqual([...pauses].sort((a, b) => a - b));
      expect(Math.max(...pauses)).toBe(15 * 60);
      expect(status).toBe(200);
    },
  );

  it.for(isWhole ? DATABASES : [])(
    'ASVS 6.3.1: a stolen token finds no password by way of PUT, on %s',
    async (kind, { task }) => {
      const tried = await GuessedAt.start({ kind, environment: { RATE_LIMIT: 'on' } });
      const { service } = tried;
      const id = await service.createUser('ada');
      const { body } = await service.client.post('/token', { login: 'ada', password: PASSWORD });
      const thief = service.client.as((body as { accessToken: string }).accessToken);
      const before = await tried.compared(id);
      const guess = async (oldPassword: string) => {
        for (;;) {
          const answer = await thief.put('/user/current', { oldPassword, password: 'chosen by a thief' });
          if (answer.status !== 503) return answer;
          await pause(Math.random() * GUESSES);
        }
      };
      const answers = await Promise.all(
        Array.from({ length: GUESSES }, (_, index) => guess(`wrong ${index}`)),
      );
      const right = await guess(PASSWORD);
      const compared = (await tried.compared(id)) - before;
      const refused = answers.filter(({ status }) => status === 429);
      const { status } = await service.client.post('/token', { login: 'ada', password: PASSWORD });
      note(
        { task },
        {
          tried: `${whole(GUESSES)} wrong old passwords at once by one access token, and then the right one, ${kind}`,
          seen: `${compared} compared, ${whole(refused.length)} answered 429 with Retry-After; the right one is not told apart; its user can sign in`,
        },
      );
      await tried.remove();
      expect(compared).toBe(10);
      expect(refused).toHaveLength(GUESSES - 10);
      expect(refused.every(({ headers }) => /^[1-9]\d*$/.test(headers.get('retry-after') ?? ''))).toBe(true);
      expect(right.status).toBe(429);
      expect(status).toBe(201);
    },
  );
});

import bcrypt from 'bcrypt';
import { Piscina } from 'piscina';
import { BetterSqlite3QueryRunner } from 'typeorm/driver/better-sqlite3/BetterSqlite3QueryRunner.js';
import { PostgresQueryRunner } from 'typeorm/driver/postgres/PostgresQueryRunner.js';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { StoredHashWatch } from '../../../src/authentication/sign-in/stored-hash-watch.js';
import { EventsService } from '../../../src/events/events.service.js';
import { RevocationFeed } from '../../../src/revocations/revocation-feed.js';
import { type Answer, type Client, visiblePart } from '../../support/client.js';
import { createDatabase, DATABASES } from '../../support/database.js';
import { TestService } from '../../support/service.js';
import { isWhole, note, times, whole } from '../promise.js';
import { ProvenService } from '../proven-service.js';
import { durationsOf, tellApart } from './durations.js';
import { slowed } from './login-attempts.js';
import { refusedSignIns, WRONG } from './refused-sign-ins.js';

const PASSWORD = 'a password of proofs';
const SAMPLES = 5000;
/** Microseconds that are put into one kind of guess on purpose, to see whether they are found. */
const PLANTED = 100;
const PLANTED_PASSWORD = 'this one takes longer';
/** The probability of finding a difference where there is none, in all pairs and tests of a run together. */
const ALPHA = 0.01;
/** Nobody has this id. */
const MISSING = 999_999;

/** Lets everybody guess as often as they like: who is guessed at stays what it is. */
async function limitNothing(admin: Client): Promise<void> {
  const { status } = await admin.put('/configuration/user.login.maxAttempts', { value: '999999999' });
  expect(status).toBe(200);
}

describe('Nobody learns who has an account', () => {
  it('ASVS 6.3.8: the tests by which durations are told apart find what is there, and nothing else', ({
    task,
  }) => {
    const trials = times(1000, 200);
    // Skewed, as durations are, and always the same.
    const random = randomNumbers(8);
    const sample = (added: number) => Array.from({ length: 400 }, () => added - Math.log(random()));
    let [alarms, found] = [0, 0];
    for (let trial = 0; trial < trials; trial += 1) {
      const plain = sample(0);
      if (tellApart({ plain, other: sample(0) }, ALPHA).found.length > 0) alarms += 1;
      if (tellApart({ plain, other: sample(0.25) }, ALPHA).found.length > 0) found += 1;
    }
    note(
      { task },
      {
        tried: `the two tests themselves, on ${whole(trials)} pairs of samples of 400 numbers that do not differ, and as many that differ by a quarter of their deviation, α = ${ALPHA}`,
        seen: `${alarms} false alarms, ${whole(found)} differences found`,
      },
    );
    expect(alarms).toBeLessThanOrEqual(trials * ALPHA * 2);
    expect(found).toBeGreaterThan(trials * 0.95);
  });

  it.for(isWhole ? DATABASES : [])(
    'ASVS 6.3.8: sign-ins that are refused take as long, whoever it was, on %s',
    async (kind, { task }) => {
      const service = await ProvenService.start({
        kind,
        documented: false,
        environment: slowed(PLANTED_PASSWORD, PLANTED),
      });
      await limitNothing(service.admin);
      // Logins of one length: whoever guesses knows how long a guess is.
      await service.createUser('known-user');
      await service.createUser('locked-usr', { status: 1 });
      await service.createUser('disabled-u', { status: 2 });
      const guesses = {
        'unknown login': { login: 'nobody-has', password: WRONG },
        'wrong password': { login: 'known-user', password: WRONG },
        'locked out, wrong': { login: 'locked-usr', password: WRONG },
        'locked out, right': { login: 'locked-usr', password: PASSWORD },
        'disabled, wrong': { login: 'disabled-u', password: WRONG },
        'disabled, right': { login: 'disabled-u', password: PASSWORD },
      };
      const planted = { planted: { login: 'nobody-has', password: PLANTED_PASSWORD } };
      const { baseUrl } = service.client;
      const { durations, bytes } = await durationsOf(baseUrl, { ...guesses, ...planted }, SAMPLES);
      const { planted: slow, ...honest } = durations;
      const seen = tellApart(honest, ALPHA);
      const control = tellApart({ planted: slow ?? [], unknown: honest['unknown login'] ?? [] }, ALPHA);
      // What chance has put there does not come again.
      const confirmed = seen.found.length > 0 ? await durationsOf(baseUrl, guesses, SAMPLES) : undefined;
      const again = confirmed ? tellApart(confirmed.durations, ALPHA).found : [];
      const apart = seen.found.filter((pair) => again.includes(pair));
      note(
        { task },
        {
          tried: `${Object.keys(guesses).length} kinds of refused sign-in, ${whole(SAMPLES)} samples of each in random order, bcrypt at cost 4, ${kind}: Mann–Whitney and Kolmogorov–Smirnov between each two, α = ${ALPHA} in all (Bonferroni: ${seen.alpha.toExponential(1)} each)`,
          seen: `${apart.length} of ${seen.pairs} pairs told apart, smallest p ${seen.smallestP.toPrecision(2)}; guessing which of two took longer is right in ${seen.superiority} of cases at the most (50 % is chance); medians ${seen.medians} ms; ${PLANTED} µs that were put in on purpose are found (${control.superiority}, p ${control.smallestP.toExponential(0)}); ${bytes.size} answer to all, to the byte`,
        },
      );
      await service.remove();
      expect(control.found).toHaveLength(1);
      expect(apart).toEqual([]);
      expect(bytes.size).toBe(1);
    },
  );

  it.for(DATABASES)(
    'ASVS 6.3.8: sign-ins that are refused do the same work, whoever it was, on %s',
    async (kind, { task }) => {
      const database = await createDatabase(kind);
      const service = await TestService.start({ BCRYPT_COST: '6' }, database);
      onTestFinished(async () => {
        vi.restoreAllMocks();
        await service.stop();
        await database.remove();
      });
      // What moves events and revocations, and what looks for imported hashes, is no part of a sign-in.
      service.app.get(EventsService).onModuleDestroy();
      service.app.get(RevocationFeed).onModuleDestroy();
      service.app.get(StoredHashWatch).onModuleDestroy();
      await limitNothing(service.admin);
      const guesses = await refusedSignIns(service);
      const run = vi.spyOn(Piscina.prototype, 'run');
      const query = vi.spyOn(
        kind === 'postgres' ? PostgresQueryRunner.prototype : BetterSqlite3QueryRunner.prototype,
        'query',
      );
      const isLookingAtKeys = () => query.mock.calls.some(([sql]) => sql.includes('"signing_keys"'));
      const work = new Map<string, string>();
      const answers = new Set<string>();
      for (const [name, { login, password }] of Object.entries(guesses)) {
        for (const spelt of [login, ` ${login.toUpperCase()}`]) {
          const answer = await alone(isLookingAtKeys, () => {
            run.mockClear();
            query.mockClear();
            return service.client.post('/token', { login: spelt, password });
          });
          const statements = query.mock.calls.map(([sql], index) => ({
            sql: sql.replaceAll('sign_in_decoys', 'users'),
            rows: rowsOf(query.mock.settledResults[index]?.value),
          }));
          const hashes = run.mock.calls.flatMap(([task]) =>
            (task as { candidates: { hashes: string[] }[] }).candidates.flatMap(
              (candidate) => candidate.hashes,
            ),
          );
          const rounds = hashes.reduce((sum, hash) => sum + 2 ** bcrypt.getRounds(hash), 0);
          work.set(`${name}: ${spelt}`, JSON.stringify({ statements, rounds, tasks: run.mock.calls.length }));
          answers.add(visiblePart(answer));
        }
      }
      const [example = ''] = work.values();
      const { statements, rounds } = JSON.parse(example) as { statements: Statement[]; rounds: number };
      const others = [...work].filter(([, way]) => way !== example).map(([name]) => name);
      note(
        { task },
        {
          tried: `${Object.keys(guesses).length} kinds of refused sign-in (${Object.keys(guesses).join(', ')}), each statement and each comparison heard, ${kind}`,
          seen: `${new Set(work.values()).size} way of working for all: ${statements.length} statements and ${rounds} rounds of bcrypt, in the same order; ${answers.size} answer, to the byte`,
        },
      );
      expect(others).toEqual([]);
      // Whose row it is, the row itself, the count, the event: the statements have been heard.
      expect(statements.filter(({ sql }) => /^\s*(?:SELECT|UPDATE)/.test(sql)).length).toBeGreaterThan(3);
      expect(rounds).toBe(2 ** 6);
      expect(answers.size).toBe(1);
    },
  );

  it('ASVS 6.3.8, 8.2.2: no other route tells a client who there is, nor an ended token why', async ({
    task,
  }) => {
    const service = await ProvenService.start();
    const { client, admin } = service;
    const credentials = { login: 'curious', password: PASSWORD };
    const own = await service.createUser(credentials.login);
    const { accessToken } = (await client.post('/token', credentials)).body as { accessToken: string };
    const curious = client.as(accessToken);
    const others = {
      active: await service.createUser('other'),
      'locked out': await service.createUser('other-locked', { status: 1 }),
      disabled: await service.createUser('other-disabled', { status: 2 }),
      administrator: 1,
      missing: MISSING,
    };
    const { paths } = (await client.get('/swagger.json')).body as { paths: Record<string, object> };
    const told: string[] = [];
    let asked = 0;
    const alike = async (what: string, ask: () => Promise<Answer>[]) => {
      const answers = await Promise.all(ask());
      asked += answers.length;
      if (new Set(answers.map(visiblePart)).size !== 1) told.push(what);
    };
    const bodies = [
      {},
      { data: {} },
      { login: 'other' },
      { password: PASSWORD, oldPassword: PASSWORD },
      { x: 1 },
    ];
    for (const [path, operations] of Object.entries(paths).filter(([path]) =>
      path.startsWith('/user/{id}'),
    )) {
      for (const method of Object.keys(operations)) {
        for (const body of method === 'put' ? bodies : [undefined])
          await alike(`${method} ${path}`, () =>
            Object.values(others).map((id) =>
              curious.send(method.toUpperCase(), path.replace('{id}', String(id)).replace(/\{\w+\}/, '1'), {
                body,
              }),
            ),
          );
      }
    }
    const logins = ['other', 'other-disabled', 'nobody'];
    await alike('POST /token/create', () =>
      Object.values(others).map((userId) => curious.post('/token/create', { userId })),
    );
    await alike('POST /user', () =>
      logins.map((login) => curious.post('/user', { login, role: 1, password: PASSWORD })),
    );
    for (const path of ['/user?login=', '/user/count?login=', '/user?loginPattern='])
      await alike(`GET ${path}`, () => logins.map((login) => curious.get(path + login)));
    for (const path of [`/user/${own}`, '/user/current'])
      await alike(`PUT ${path}`, () => logins.map((login) => curious.put(path, { login })));
    for (const path of ['/network/', '/devicetype/'])
      await alike(`PUT ${path}`, () => [1, MISSING].map((id) => curious.put(`${path}${id}`, {})));
    await alike('GET /network', () => [1, MISSING].map((id) => curious.get(`/network/${id}`)));

    // Tokens that have ended do not tell what became of their user.
    const ends: Record<string, (id: number) => Promise<Answer>> = {
      deleted: (id) => admin.delete(`/user/${id}`),
      disabled: (id) => admin.put(`/user/${id}`, { status: 2 }),
      'locked out': (id) => admin.put(`/user/${id}`, { status: 1 }),
    };
    const ended = await Promise.all(
      Object.entries(ends).map(async ([how, end], index) => {
        const login = `ended-${index}`;
        const id = await service.createUser(login);
        const { body } = await client.post('/token', { login, password: PASSWORD });
        expect((await end(id)).status, how).toBe(204);
        return body as { accessToken: string; refreshToken: string };
      }),
    );
    await alike('POST /token/refresh', () =>
      ended.map(({ refreshToken }) => client.post('/token/refresh', { refreshToken })),
    );
    await alike('GET /user/current', () =>
      ended.map((tokens) => client.as(tokens.accessToken).get('/user/current')),
    );
    note(
      { task },
      {
        tried: `${asked} requests of a client about users who are active, locked out, disabled, administrators or not there, by every route that names a user, and by tokens whose user has been deleted, disabled or locked out`,
        seen: `${told.length} told them apart`,
      },
    );
    await service.remove();
    expect(told).toEqual([]);
    expect(asked).toBeGreaterThan(80);
  });
});

/** A statement of a sign-in. */
interface Statement {
  readonly sql: string;
  /** How many rows it found, or changed: one that finds none locks none. */
  readonly rows: number | null;
}

/**
 * Repeats a request during which the service happened to look up its signing keys, which it does every second. A
 * request that looks them up itself does so each time, and its statements are compared.
 */
async function alone(isDisturbed: () => boolean, ask: () => Promise<Answer>): Promise<Answer> {
  let answer = await ask();
  for (let tries = 0; tries < 20 && isDisturbed(); tries += 1) answer = await ask();
  return answer;
}

function rowsOf(result: unknown): number | null {
  if (!Array.isArray(result)) return null;
  const [, affected] = result as unknown[];
  return typeof affected === 'number' ? affected : result.length;
}

/** Numbers between 0 and 1 that look random and are the same in every run (mulberry32). */
function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return (((mixed ^ (mixed >>> 14)) >>> 0) + 1) / 4294967297;
  };
}

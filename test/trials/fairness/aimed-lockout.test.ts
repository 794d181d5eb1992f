import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { type Answer, visiblePart } from '../../support/client.js';
import { DATABASES } from '../../support/database.js';
import { isWhole, note, times, whole } from '../promise.js';
import { ADMINISTRATOR, PASSWORD } from '../proven-service.js';
import { burst, GuessedAt, withPreloads } from '../sign-in/login-attempts.js';
import { durationsOf, having, inWords, timed, type TimedAnswer } from './bystander.js';
import { addressOf, failedLogins, from, hostileAddresses, told, whileFlooded } from './hostile-sources.js';
import { MovedClock } from './moved-clock.js';

/** As contract.md §5 has them. */
const LIMIT = 10;
const LOCKOUT = 900_000;
const DAY = 86_400_000;
/** Where the attacked user usually signs in, and where others do, too. */
const HOME = '192.0.2.1';
const SHARED = ['192.0.2.2', '192.0.2.3'];
const SOURCES = times(1000, 50);

/** Who is attacked. `limit`: the rate limits are off where the clock moves, since they do not move with it. */
const TARGETS = [
  { whom: 'one user', login: 'ada', password: PASSWORD },
  { whom: 'the only administrator', ...ADMINISTRATOR },
] as const;
const SETUPS = DATABASES.flatMap((kind) => TARGETS.map((target) => ({ kind, ...target })));

/** What one step of an attack came to. */
interface Step {
  readonly began: number;
  readonly ended: number;
  /** Passwords compared with that of the user, but for the user's own sign-ins. */
  readonly compared: number;
}

/** The most passwords that were compared within `LOCKOUT` of each other. */
function mostIn(steps: readonly Step[]): number {
  const sums = steps.map(({ began }, index) =>
    steps
      .slice(index)
      .filter(({ ended }) => ended < began + LOCKOUT)
      .reduce((sum, { compared }) => sum + compared, 0),
  );
  return Math.max(...sums);
}

/** The session of a user, which an attack must not touch: reads with its access token, and refreshes it. */
class OpenSession {
  /** The responses that were not what they should be. */
  readonly refused: string[] = [];

  constructor(
    private readonly tried: GuessedAt,
    private readonly tokens: { readonly accessToken: string; readonly refreshToken: string },
  ) {}

  async use(): Promise<void> {
    const { client } = this.tried.service;
    const read = await client.as(this.tokens.accessToken).get('/user/current', from(HOME));
    const refreshed = await client.post(
      '/token/refresh',
      { refreshToken: this.tokens.refreshToken },
      from(HOME),
    );
    if (read.status !== 200) this.refused.push(`read ${read.status}`);
    if (refreshed.status !== 201) this.refused.push(`refresh ${refreshed.status}`);
  }
}

describe('Nobody is kept out', () => {
  it.for(SETUPS.filter(({ kind, login }) => isWhole || (kind === 'sqlite' && login !== ADMINISTRATOR.login)))(
    'of hostile sources against $whom in real time, on $kind',
    async ({ kind, whom, login, password }, { task }) => {
      const environment = { TRUST_PROXY: '1', RATE_LIMIT: 'on', BCRYPT_COST: '10' };
      const tried = await GuessedAt.start({ kind, environment });
      const { service } = tried;
      if (login !== ADMINISTRATOR.login) await service.createUser(login);
      const id = await idOf(tried, login);
      const signIn = () => service.client.post('/token', { login, password }, from(HOME));
      const quiet = [];
      for (let count = 0; count < 5; count += 1) quiet.push(await timed(signIn));
      const session = new OpenSession(tried, quiet[0]?.answer.body as never);
      const before = await tried.compared(id);
      const rounds = times(login === ADMINISTRATOR.login ? 20 : 100, 10);
      const began = Date.now();
      const { result: signIns, flooded } = await whileFlooded(
        service.client.baseUrl,
        {
          requests: failedLogins(hostileAddresses(SOURCES), [login]),
          connections: Math.min(SOURCES, 400),
          perSecond: 200,
        },
        async () => {
          const answers: TimedAnswer[] = [];
          // The strangers' bucket must be full by then.
          await pause(2000);
          for (let round = 0; round < rounds; round += 1) {
            answers.push(await timed(signIn));
            await session.use();
            // A user may sign in, and refresh, 60 times a minute.
            await pause(rounds > 20 ? 1200 : 100);
          }
          return answers;
        },
      );
      const seconds = (Date.now() - began) / 1000;
      const compared = (await tried.compared(id)) - before - having(signIns, 201);
      note(
        { task },
        {
          tried: `${whole(SOURCES)} hostile sources, one of them an IPv6 /48, that fail at the login of ${whom} for ${whole(seconds)} s, bcrypt at cost 10, ${kind} (${told(flooded)})`,
          seen: `signed in from its known source ${having(signIns, 201)} of ${rounds} times, ${inWords(durationsOf(signIns))} (quiet: ${inWords(durationsOf(quiet))}); ${session.refused.length} reads and refreshes of its open session refused; ${compared} hostile passwords compared`,
        },
      );
      await tried.remove();
      expect(having(signIns, 201)).toBe(rounds);
      expect(session.refused).toEqual([]);
      expect(compared).toBeLessThanOrEqual(LIMIT * Math.ceil(seconds / (LOCKOUT / 1000)));
    },
  );

  it.for(SETUPS.filter(({ kind }) => isWhole || kind === 'sqlite'))(
    'of hostile sources against $whom for many lockout periods, on $kind',
    async ({ kind, whom, login, password }, { task }) => {
      const clock = new MovedClock();
      const environment = { TRUST_PROXY: '1', ACCESS_TOKEN_TTL: '31536000' };
      const tried = await GuessedAt.start({
        kind,
        environment: withPreloads(environment, clock.environment),
      });
      const { service, clients } = tried;
      const isAdministrator = login === ADMINISTRATOR.login;
      if (!isAdministrator) await service.createUser(login);
      const id = await idOf(tried, login);
      const signInFrom = (address: string) =>
        service.client.post('/token', { login, password }, from(address));
      const session = new OpenSession(tried, (await signInFrom(HOME)).body);
      for (const address of SHARED) await signInFrom(address);

      const sources = hostileAddresses(1000);
      const strangers = times(40, 20);
      let used = 0;
      const attack = async () => {
        const [first, ...others] = await Promise.all([
          burst(clients, login, strangers, undefined, () => {
            used += 1;
            return from(addressOf(sources[used % sources.length] ?? '', used));
          }),
          ...SHARED.map((address) => burst(clients, login, LIMIT + 5, undefined, () => from(address))),
        ]);
        return [...(first ?? []), ...others.flat()];
      };
      const rounds = times(100, 8);
      const steps: Step[] = [];
      const responses = new Set<string>();
      const statuses: { readonly status: number; readonly sinceFull: number }[] = [];
      let signedIn = 0;
      let fullAt = -Infinity;
      for (let round = 0; round < rounds; round += 1) {
        await clock.advance(60_000 + ((round * 7919) % 20) * 60_000, service.client);
        const before = await tried.statusOf(id);
        statuses.push({ status: before, sinceFull: clock.now() - fullAt });
        const compared = await tried.compared(id);
        const began = clock.now();
        const [answers, own] = await Promise.all([
          attack(),
          burst(
            clients,
            login,
            1,
            () => password,
            () => from(HOME),
          ),
          session.use(),
        ]);
        const ended = clock.now();
        for (const answer of answers) responses.add(visiblePart(answer));
        const successes = own.filter(({ status }) => status === 201).length;
        signedIn += successes;
        const ofOthers = (await tried.compared(id)) - compared - successes;
        if (ofOthers > 0) fullAt = ended;
        statuses.push({ status: await tried.statusOf(id), sinceFull: 0 });
        steps.push({ began, ended, compared: ofOthers });
      }
      // From a source never seen: how long after the last attempt that counted it is let in.
      let waited = clock.now() - fullAt;
      for (let fresh = 1; (await signInFrom(`198.51.100.${fresh}`)).status !== 201; fresh += 1) {
        if (waited > 2 * LOCKOUT) break;
        await clock.advance(30_000, service.client);
        waited = clock.now() - fullAt;
      }
      const bound = LIMIT * (1 + SHARED.length);
      const lockedLater = statuses.filter(({ status, sinceFull }) => status === 1 && sinceFull > LOCKOUT);
      const everLocked = statuses.filter(({ status }) => status === 1).length;
      const total = steps.reduce((sum, step) => sum + step.compared, 0);
      const hours = ((steps.at(-1)?.ended ?? 0) - (steps[0]?.began ?? 0)) / 3_600_000;
      note(
        { task },
        {
          tried: `1 000 strange sources, one of them an IPv6 /48, and ${SHARED.length} known ones that fail at the login of ${whom}, in ${rounds} waves of ${strangers + SHARED.length * (LIMIT + 5)} within ${hours.toFixed(1)} hours of a clock that is moved, ${kind}`,
          seen: `${mostIn(steps)} passwords compared in any ${LOCKOUT / 1000} s at the most (the bound: ${bound}), ${whole(total)} in all; signed in from its known source ${signedIn} of ${rounds} times; ${session.refused.length} reads and refreshes of its open session refused; ${responses.size} response to all, to the byte; status 1 seen ${everLocked} ×, ${lockedLater.length} × later than ${LOCKOUT / 1000} s; let in from a strange source ${whole(waited / 1000)} s after the last password that was compared`,
        },
      );
      await tried.remove();
      clock.remove();
      expect(signedIn).toBe(rounds);
      expect(session.refused).toEqual([]);
      expect(mostIn(steps)).toBeLessThanOrEqual(bound);
      // Not because nothing was compared.
      expect(steps[0]?.compared).toBe(bound);
      expect(total).toBeGreaterThan(bound);
      expect([...responses]).toHaveLength(1);
      expect([...responses][0]).toContain('Invalid credentials');
      expect(lockedLater).toEqual([]);
      if (isAdministrator) expect(everLocked).toBe(0);
      else expect(everLocked).toBeGreaterThan(0);
      expect(waited).toBeLessThanOrEqual(LOCKOUT + 35_000);
    },
  );

  it.for(DATABASES)(
    'twelve failed logins do not tell the only administrator apart, on %s',
    async (kind, { task }) => {
      const tried = await GuessedAt.start({ kind, environment: { TRUST_PROXY: '1' } });
      const { service } = tried;
      await service.createUser('ada');
      await service.createUser('disabled', { status: 2 });
      const logins = [ADMINISTRATOR.login, 'ada', 'disabled', 'nobody'];
      const failures = 12;
      const seen = new Map<string, string>();
      for (const login of logins) {
        const responses: string[] = [];
        for (let count = 0; count < failures; count += 1) {
          const credentials = { login, password: `not the password ${count}` };
          const answer = await service.client.post('/token', credentials, from(`198.51.100.${count}`));
          responses.push(visiblePart(answer));
        }
        // The right one, too, while the strangers' bucket is closed.
        const password = login === ADMINISTRATOR.login ? ADMINISTRATOR.password : PASSWORD;
        const right = await service.client.post('/token', { login, password }, from('198.51.100.99'));
        seen.set(login, JSON.stringify([...responses, visiblePart(right)]));
      }
      const status = await tried.statusOf(1);
      note(
        { task },
        {
          tried: `${failures} failed logins at each of the only administrator, a client, a disabled user and a login that nobody has, and the right password after that, from strange sources, ${kind}`,
          seen: `${new Set(seen.values()).size} course of responses, to the byte; the administrator has status ${status}`,
        },
      );
      await tried.remove();
      expect(new Set(seen.values()).size).toBe(1);
      expect(seen.get('nobody')).not.toContain('429');
      expect(status).toBe(0);
    },
  );

  it.for(DATABASES)(
    'failed logins at one administrator do not make another the last one, on %s',
    async (kind, { task }) => {
      const tried = await GuessedAt.start({ kind, environment: { TRUST_PROXY: '1' } });
      const { service, clients } = tried;
      const second = { login: 'second', password: PASSWORD };
      const id = await service.createUser(second.login, { role: 0 });
      const { body } = await service.client.post('/token', second, from(HOME));
      const bySecond = service.client.as((body as { accessToken: string }).accessToken);
      const attack = (login: string) =>
        burst(clients, login, LIMIT, undefined, (index) => from(`198.51.100.${index}`));
      await attack(second.login);
      const ofSecond = await tried.statusOf(id);
      await attack(ADMINISTRATOR.login);
      // Failed logins have locked both of them out: each counts, and each has its open session.
      const ofFirst = Number((await bySecond.get('/user/1')).body?.status);
      const demoted = (await bySecond.put('/user/1', { role: 1 })).status;
      const removals = [
        await bySecond.put(`/user/${id}`, { role: 1 }),
        await bySecond.put(`/user/${id}`, { status: 2 }),
        await bySecond.put(`/user/${id}`, { status: 1 }),
      ].map((answer: Answer) => answer.status);
      const home = (await service.client.post('/token', second, from(HOME))).status;
      note(
        { task },
        {
          tried: `${LIMIT} failed logins at each of two administrators, who then demote one another, ${kind}`,
          seen: `status ${ofSecond} and ${ofFirst}; the one was demoted with ${demoted}, the other kept with ${removals.join(', ')} and signed in from its known source with ${home}`,
        },
      );
      await tried.remove();
      expect([ofSecond, ofFirst]).toEqual([1, 1]);
      expect(demoted).toBe(204);
      expect(removals).toEqual([403, 403, 403]);
      expect(home).toBe(201);
    },
  );

  it.for(DATABASES)(
    'a clock that was 400 days ahead locks nobody out for longer, on %s',
    async (kind, { task }) => {
      const clock = new MovedClock(400 * DAY);
      const environment = { TRUST_PROXY: '1', RATE_LIMIT: 'on', LOCKOUT_SECONDS: String(LOCKOUT / 1000) };
      const tried = await GuessedAt.start({
        kind,
        environment: withPreloads(environment, clock.environment),
      });
      const { service } = tried;
      await service.createUser('ada');
      const credentials = [{ login: 'ada', password: PASSWORD }, ADMINISTRATOR];
      const strange = (login: string, password: string, place: number) =>
        service.client.post('/token', { login, password }, from(`198.51.100.${place}`));
      const known = (login: string, password: string) =>
        service.client.post('/token', { login, password }, from(HOME));
      const answers: Answer[] = [];
      const attack = async () => {
        for (const { login } of credentials)
          for (let count = 0; count < LIMIT + 2; count += 1)
            answers.push(
              await strange(login, 'not the password', count),
              await known(login, 'not the password'),
            );
      };
      for (const { login, password } of credentials) await known(login, password);
      await attack();
      await service.kill();
      clock.set(0);
      await service.begin();
      await attack();
      await clock.advance(LOCKOUT + 5000, service.client);
      const letIn: Record<string, number> = {};
      for (const { login, password } of credentials) {
        const [ofKnown, ofStrange] = [await known(login, password), await strange(login, password, 100)];
        answers.push(ofKnown, ofStrange);
        Object.assign(letIn, {
          [`${login}, known`]: ofKnown.status,
          [`${login}, strange`]: ofStrange.status,
        });
      }
      note(
        { task },
        {
          tried: `${LIMIT + 2} failed logins at a client and the only administrator, from known and strange sources, with a clock that is 400 days ahead, and again with the right one, ${kind}`,
          seen: `${LOCKOUT / 1000} s later they sign in with ${Object.values(letIn).join(', ')}; ${answers.filter(({ headers }) => headers.has('retry-after')).length} of ${answers.length} responses name a time to wait`,
        },
      );
      await tried.remove();
      clock.remove();
      expect(letIn).toEqual(Object.fromEntries(Object.keys(letIn).map((who) => [who, 201])));
      expect(answers.filter(({ headers }) => headers.has('retry-after'))).toEqual([]);
    },
  );
});

async function idOf({ service }: GuessedAt, login: string): Promise<number> {
  const { body } = await service.admin.get(`/user?login=${login}`);
  return Number(body?.[0]?.id);
}

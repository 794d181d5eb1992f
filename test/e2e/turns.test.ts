import { availableParallelism } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { Database } from '../../src/database/database.js';
import { turnOfUser } from '../../src/passwords/hashing-turn.js';
import { PasswordHasher } from '../../src/passwords/password-hasher.js';
import { loginKeyOf } from '../../src/users/user.entity.js';
import { kindOfDatabase } from '../support/database.js';
import { ADMINISTRATOR, TestService } from '../support/service.js';
import { until } from '../support/until.js';

/** The queue holds ten seconds of work: at the cost of the tests that is many times as many. */
const FLEET = 64;
/** As src/database/sqlite/group-commit.ts and postgres/postgres.adapter.ts have it. */
const MOST_WRITES_WAITING = 1000;
/** A wrong password is refused, or its turn does not come: the queue is shorter where other work slows the hashing. */
const REFUSED = [401, 503];

let service: TestService;
let hasher: PasswordHasher;
let database: Database;
beforeAll(async () => {
  service = await TestService.start({ TRUST_PROXY: '1' });
  hasher = service.app.get(PasswordHasher);
  database = service.app.get(Database);
});
afterAll(() => service.stop());

const from = (address: string) => ({ 'x-forwarded-for': address });
const signIn = (user: { login: string; password: string }, address: string) =>
  service.client.post('/token', { login: user.login, password: user.password }, from(address));

/** Takes all hashing threads until told otherwise. */
function occupy(): () => void {
  let release = (): void => undefined;
  const isReleased = new Promise<void>((resolve) => (release = resolve));
  for (let slot = 0; slot < availableParallelism(); slot += 1)
    void hasher.inTurn(turnOfUser(0), () => isReleased);
  onTestFinished(release);
  return release;
}

/** Watches the turns of password hashing: how many have been asked for, and the logins whose turns began. */
function watchTurns() {
  const began: string[] = [];
  const inTurn = hasher.inTurn.bind(hasher);
  const asked = vi.spyOn(hasher, 'inTurn').mockImplementation((turn, work) =>
    inTurn(turn, (slot) => {
      began.push(turn.keys[2]);
      return work(slot);
    }),
  );
  onTestFinished(() => {
    asked.mockRestore();
  });
  return {
    untilAsked: (many: number) => until(() => asked.mock.calls.length >= many),
    /** The position of the first turn of a login. -1: there was none. */
    positionOf: (login: string) => began.indexOf(loginKeyOf(login)),
  };
}

describe('password checks', () => {
  it('of a fleet that signs in at once from one address are all done', async () => {
    const user = await service.createUser();
    const answers = await Promise.all(Array.from({ length: FLEET }, () => signIn(user, '10.0.0.1')));
    expect(answers.filter(({ status }) => status !== 201)).toEqual([]);
  });

  it('of a source never seen come before those of many that have failed', async () => {
    const [victim, user] = [await service.createUser(), await service.createUser()];
    const wrong = { login: 'nobody', password: 'a wrong password' };
    const sources = Array.from({ length: 30 }, (_, index) => `10.1.0.${index}`);
    for (const address of sources) expect((await signIn(wrong, address)).status).toBe(401);
    const release = occupy();
    const turns = watchTurns();
    const flood = sources.flatMap((address) =>
      [1, 2, 3].map(() => signIn({ ...wrong, login: victim.login }, address)),
    );
    await turns.untilAsked(flood.length);
    const bystander = signIn(user, '10.2.0.1');
    await turns.untilAsked(flood.length + 1);
    release();
    expect((await bystander).status).toBe(201);
    for (const { status } of await Promise.all(flood)) expect(REFUSED).toContain(status);
    // The one before it is the turn that all ranks get.
    expect([0, 1]).toContain(turns.positionOf(user.login));
  });

  it('of a source never seen come next, however many passwords a client sets at once', async () => {
    const [busy, user] = [await service.createUser(), await service.createUser()];
    const release = occupy();
    const turns = watchTurns();
    const crowd = Array.from({ length: 40 }, (_, index) =>
      busy.client.put('/user/current', { password: `quite another password ${index}` }),
    );
    await turns.untilAsked(crowd.length);
    const bystander = signIn(user, '10.7.0.1');
    await turns.untilAsked(crowd.length + 1);
    release();
    expect((await bystander).status).toBe(201);
    await Promise.all(crowd);
    // The client has waited for longer, so it has one turn before.
    expect(turns.positionOf(user.login)).toBe(1);
  });

  it('of one login are not in the way of others of the same source', async () => {
    const [one, other] = [await service.createUser(), await service.createUser()];
    const release = occupy();
    const turns = watchTurns();
    const crowd = Array.from({ length: 60 }, () => signIn(one, '10.3.0.1'));
    await turns.untilAsked(crowd.length);
    const second = signIn(other, '10.3.0.1');
    await turns.untilAsked(crowd.length + 1);
    release();
    expect((await second).status).toBe(201);
    await Promise.all(crowd);
    expect(turns.positionOf(other.login)).toBe(1);
  });

  it('are not done for a client that has closed its connection', async () => {
    const release = occupy();
    const turns = watchTurns();
    const compare = vi.spyOn(hasher, 'compare');
    onTestFinished(() => {
      compare.mockRestore();
    });
    const body = JSON.stringify({ login: 'nobody', password: 'a wrong password' });
    const left = new AbortController();
    const gone = fetch(`${service.client.baseUrl}/token`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
      signal: left.signal,
    });
    await turns.untilAsked(1);
    left.abort();
    await expect(gone).rejects.toThrow();
    // The service hears of it before it has answered the next request.
    await pause(50);
    await service.client.get('/info');
    const stays = signIn({ login: 'nobody', password: 'another wrong password' }, '10.4.0.1');
    await turns.untilAsked(2);
    release();
    expect((await stays).status).toBe(401);
    expect(compare.mock.calls.map(([password]) => password)).toEqual(['another wrong password']);
  });
});

describe('the database', () => {
  /** Keeps so much work waiting, all of one user, until the test is over. */
  function flood(many: number, work: () => Promise<unknown>): { refused: () => number } {
    let isOver = false;
    let refused = 0;
    const worker = async () => {
      while (!isOver) {
        try {
          await work();
        } catch {
          refused += 1;
          await pause(1);
        }
      }
    };
    const workers = Promise.all(Array.from({ length: many }, worker));
    onTestFinished(async () => {
      isOver = true;
      await workers;
    });
    return { refused: () => refused };
  }

  it('is kept neither from others nor from its sign-ins by one user who writes all the time', async () => {
    const [user, other] = [await service.createUser(), await service.createUser()];
    const { refused } = flood(MOST_WRITES_WAITING + 500, () =>
      database.transaction(({ manager }) => manager.query('SELECT 1'), `user/${user.id}`),
    );
    await until(() => refused() > 100);
    for (let round = 0; round < 5; round += 1) {
      const answers = await Promise.all([
        ...[user, other].map((each) => signIn(each, `10.5.0.${round}`)),
        ...[user, other].map(({ refreshToken }) => service.client.refresh(refreshToken)),
        other.client.put('/user/current', { data: { round } }),
      ]);
      expect(answers.map(({ status }) => status)).toEqual([201, 201, 201, 201, 204]);
    }
  });

  it.runIf(kindOfDatabase() === 'postgres')('is not kept from sign-ins by slow reads', async () => {
    const user = await service.createUser();
    flood(1500, () => database.read((manager) => manager.query('SELECT pg_sleep(0.02)')));
    const answers = await Promise.all([
      signIn(user, '10.6.0.1'),
      signIn(ADMINISTRATOR, '10.6.0.2'),
      service.client.refresh(user.refreshToken),
    ]);
    expect(answers.map(({ status }) => status)).toEqual([201, 201, 201]);
  });
});

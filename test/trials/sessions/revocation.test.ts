import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { type Answer, claimsOf, type Client } from '../../support/client.js';
import { commandOutput } from '../../support/command.js';
import { type DatabaseKind, DATABASES } from '../../support/database.js';
import { freshName } from '../../support/fresh-name.js';
import { PostgresProxy } from '../../support/postgres-proxy.js';
import { note, times, whole } from '../promise.js';
import type { ProvenService } from '../proven-service.js';
import {
  BOUND,
  median,
  PASSWORD,
  type Processes,
  type Refusal,
  settle,
  startTwo,
  useAtBoth,
  type UsedSession,
  watch,
} from './processes.js';

/** How often each way is tried. */
const ROUNDS = times(100, 1);

/** Creates a user who signs in. */
async function signIn(service: ProvenService, fields: Record<string, unknown> = {}): Promise<UsedSession> {
  const login = freshName('user');
  const userId = await service.createUser(login, { password: PASSWORD, ...fields });
  const { body } = await service.client.signIn({ login, password: PASSWORD });
  return sessionOf(userId, login, body);
}

const sessionOf = (userId: number, login: string, tokens: Answer['body']): UsedSession => ({
  userId,
  login,
  accessToken: tokens.accessToken,
  refreshToken: tokens.refreshToken,
  sessionId: String(claimsOf(tokens.accessToken)['sid']),
});

/** Has a session started, and returns it with what revokes it. */
type Way = (service: ProvenService) => Promise<{ session: UsedSession; revoke: () => Promise<Answer> }>;

const byAdministrator =
  (revoke: (admin: Client, session: UsedSession) => Promise<Answer>): Way =>
  async (service) => {
    const session = await signIn(service);
    return { session, revoke: () => revoke(service.admin, session) };
  };

const DELETE_ONE = byAdministrator((admin, { userId, sessionId }) =>
  admin.delete(`/user/${userId}/session/${sessionId}`),
);
const WAYS: Readonly<Record<string, Way>> = {
  'DELETE of one': DELETE_ONE,
  'DELETE of all': byAdministrator((admin, { userId }) => admin.delete(`/user/${userId}/session`)),
  'POST /token/revoke': byAdministrator((admin, { refreshToken }) =>
    admin.as(undefined).post('/token/revoke', { token: refreshToken }),
  ),
  'new password': byAdministrator((admin, { userId }) =>
    admin.put(`/user/${userId}`, { password: 'another password of proofs' }),
  ),
  disabled: byAdministrator((admin, { userId }) => admin.put(`/user/${userId}`, { status: 2 })),
  'locked by an administrator': byAdministrator((admin, { userId }) =>
    admin.put(`/user/${userId}`, { status: 1 }),
  ),
  deleted: byAdministrator((admin, { userId }) => admin.delete(`/user/${userId}`)),
  'creator demoted': async (service) => {
    const creator = await signIn(service, { role: 0 });
    const login = freshName('user');
    const userId = await service.createUser(login);
    const wanted = { userId, actions: ['GetCurrentUser'] };
    const { body } = await service.client.as(creator.accessToken).post('/token/create', wanted);
    return {
      session: sessionOf(userId, login, body),
      revoke: () => service.admin.put(`/user/${creator.userId}`, { role: 1 }),
    };
  },
};

/** Revokes a session that both processes know. */
async function tryOnce(processes: Processes, way: Way): Promise<Refusal> {
  const { session, revoke } = await way(processes.service);
  await settle();
  await useAtBoth(processes, session);
  const { status } = await revoke();
  const began = performance.now();
  if (status >= 300) throw new Error(`It was not revoked: ${status}`);
  return watch(processes, session, () => performance.now() - began);
}

/** The same by the command. Both processes are others, and the moment is that in the row of the session. */
async function tryCommand(processes: Processes): Promise<Refusal> {
  const { service } = processes;
  const session = await signIn(service);
  await settle();
  await useAtBoth(processes, session);
  const began = performance.now();
  const clock = Date.now() - began;
  let ended = false;
  let refused = Infinity;
  const watched = (async () => {
    while (!ended || refused === Infinity) {
      const { status } = await processes.other.as(session.accessToken).get('/user/current');
      if (status === 401) refused = Math.min(refused, performance.now());
      await pause(2);
    }
  })();
  const environment = { DATABASE_URL: service.database.url };
  await commandOutput('users', ['end-sessions', session.login], environment).finally(() => (ended = true));
  const last = await watch(processes, session, () => performance.now() - began);
  await watched;
  const [row] = await service.database.query('SELECT revoked_at FROM sessions WHERE id = ?', [
    session.sessionId,
  ]);
  const delay = refused + clock - Number(row?.['revoked_at']);
  return { next: last.next, lastAccepted: last.lastAccepted === 0 ? 0 : delay, refused: delay };
}

/** `4 ms, 31 at the most`: from the response until the refusal arrived. */
const delays = (refusals: readonly Refusal[]) =>
  `${whole(median(refusals.map(({ refused }) => refused)))} ms, ${whole(Math.max(...refusals.map(({ refused }) => refused)))} at the most`;

const latest = (refusals: readonly Refusal[]) =>
  Math.max(...refusals.map(({ lastAccepted }) => lastAccepted));

describe('A revoked session ends everywhere within a second', () => {
  it.for(DATABASES)('whatever revokes it, in two processes on %s', async (kind: DatabaseKind, { task }) => {
    const processes = await startTwo(kind);
    const seen = new Map<string, Refusal[]>();
    for (let round = 0; round < ROUNDS; round += 1) {
      for (const [name, way] of Object.entries(WAYS))
        seen.set(name, [...(seen.get(name) ?? []), await tryOnce(processes, way)]);
    }
    const commands: Refusal[] = [];
    // Each of them starts a process.
    const rounds = times(30, 1);
    for (let round = 0; round < rounds; round += 1) commands.push(await tryCommand(processes));
    const all = [...seen.values()].flat();
    const accepted = all.filter(({ next }) => next !== 401).length;
    note(
      { task },
      {
        tried: `${ROUNDS} sessions revoked by each of ${seen.size} ways of the API and ${commands.length} by \`hivegate users end-sessions\`, two processes, ${kind}`,
        seen: `the revoking process accepted ${accepted} in the very next request; the other refused after (median, ms) ${[...seen, ['command', commands] as const].map(([name, refusals]) => `${name} ${delays(refusals)}`).join('; ')}`,
      },
    );
    await processes.remove();
    expect(accepted).toBe(0);
    expect(latest([...all, ...commands])).toBeLessThan(BOUND);
    expect(commands.every(({ next }) => next === 401)).toBe(true);
  });

  it.for(['cut', 'silent'] as const)(
    'when the connection on which a process is notified is %s',
    async (how, { task }) => {
      const processes = await startTwo('postgres', (url) => PostgresProxy.to(url));
      const { proxy, service } = processes;
      const rounds = times(16, 1);
      const meanwhile: Refusal[] = [];
      const deaf: Refusal[] = [];
      const healed: Refusal[] = [];
      const ways = Object.values(WAYS);
      for (let round = 0; round < rounds; round += 1) {
        const way = ways[round % ways.length] ?? DELETE_ONE;
        const { session, revoke } = await way(service);
        await settle();
        await useAtBoth(processes, session);
        proxy?.choose('hivegate changes', how);
        // At another moment each time: the process finds out within a second.
        await pause((round * 97) % BOUND);
        await revoke();
        const began = performance.now();
        meanwhile.push(await watch(processes, session, () => performance.now() - began));
        await pause(Math.max(0, BOUND + 50 - (performance.now() - began)));
        // By now it knows.
        deaf.push(await tryOnce(processes, way));
        proxy?.speak();
        // It has a connection again, and caches again.
        await pause(4 * BOUND);
        healed.push(await tryOnce(processes, way));
      }
      note(
        { task },
        {
          tried: `${rounds} × the notifications of one process ${how === 'cut' ? 'cut' : 'lost, with the connection open'}, and a session revoked before it has noticed, after that, and once they come again`,
          seen: `refused after (median, ms) ${delays(meanwhile)}; by a process that knows that it is deaf ${delays(deaf)}, in the very next request; later ${delays(healed)}`,
        },
      );
      await processes.remove();
      expect(latest([...meanwhile, ...healed])).toBeLessThan(BOUND);
      expect(latest(deaf), 'accepted by a process that knows that it is deaf').toBe(0);
    },
  );

  it('when notifications are late, and then lost', async ({ task }) => {
    const processes = await startTwo('postgres', (url) => PostgresProxy.to(url));
    const { proxy, service } = processes;
    const rounds = times(5, 1);
    const refusals: Refusal[] = [];
    for (let round = 0; round < rounds; round += 1) {
      const { session, revoke } = await DELETE_ONE(service);
      proxy?.choose('hivegate changes', 600);
      await pause(3 * BOUND);
      await useAtBoth(processes, session);
      await revoke();
      const began = performance.now();
      // The notification is on its way, and does not arrive; a heartbeat that was sent before it just has.
      await pause(550);
      proxy?.choose('hivegate changes', 'silent');
      refusals.push(await watch(processes, session, () => performance.now() - began));
      proxy?.speak();
      await pause(4 * BOUND);
    }
    note(
      { task },
      {
        tried: `${rounds} × notifications 600 ms late, and lost after a session was revoked`,
        seen: `refused after (median, ms) ${delays(refusals)}`,
      },
    );
    await processes.remove();
    expect(latest(refusals)).toBeLessThan(BOUND);
  });
});

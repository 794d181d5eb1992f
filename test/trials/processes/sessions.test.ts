import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { claimsOf, type Client } from '../../support/client.js';
import { isWhole, note, times, whole } from '../promise.js';
import { PASSWORD, type ProvenService } from '../proven-service.js';
import { BOUND, median } from '../sessions/processes.js';
import { NUMBERS_OF_PROCESSES, Several } from './several.js';

const NUMBERS = isWhole ? NUMBERS_OF_PROCESSES : ([4] as const);
/** How many users are disabled at the same time. */
const LANES = 4;
/** Requests that are refused in a row before a session counts as refused for good. */
const IN_A_ROW = 3;

interface Disabling {
  /** When the last request was sent that any process accepted, in milliseconds after the 204; 0: none did. */
  readonly lastUse: number;
  /** What the process that disabled the user responded to the very next request. */
  readonly next: number;
}

/** Uses a token at one process until it is refused for good. Returns when the last use was sent; -Infinity: never. */
async function useUntilRefused(client: Client, isDisabled: () => boolean): Promise<number> {
  let lastUse = -Infinity;
  for (let inARow = 0; inARow < IN_A_ROW;) {
    const sent = performance.now();
    const answer = await client.get('/user/current').catch(() => undefined);
    // Its process has been killed.
    if (!answer) return lastUse;
    if (answer.status === 200) lastUse = sent;
    inARow = isDisabled() && answer.status === 401 ? inARow + 1 : 0;
  }
  return lastUse;
}

/** Disables a user whose token is in use at all processes. */
async function disable(
  services: readonly ProvenService[],
  by: ProvenService,
  login: string,
): Promise<Disabling> {
  const id = await by.createUser(login);
  const { body } = await by.client.signIn({ login, password: PASSWORD });
  const token = body?.accessToken as string;
  let disabledAt = Infinity;
  const uses = services.map(({ client }) => useUntilRefused(client.as(token), () => disabledAt < Infinity));
  // Until the token is cached everywhere, at another moment each time.
  await pause(50 + Math.random() * 50);
  const { status } = await by.admin.put(`/user/${id}`, { status: 2 });
  disabledAt = performance.now();
  if (status !== 204) throw new Error(`A user was not disabled: ${status}`);
  const { status: next } = await by.client.as(token).get('/user/current');
  const lastUse = Math.max(0, ...(await Promise.all(uses)).map((sent) => sent - disabledAt));
  return { lastUse, next };
}

/** Reads and writes at all processes until it is stopped. Returns how many requests got a response. */
function load(services: readonly ProvenService[], tokens: readonly string[]) {
  let [running, requests] = [true, 0];
  const lanes = tokens.map(async (token, index) => {
    while (running) {
      const client = services[index % services.length]?.client.as(token);
      const work =
        index % 4 ? client?.get('/user/current') : client?.put('/user/current', { data: { requests } });
      await work?.then(
        () => (requests += 1),
        () => pause(100),
      );
      // The test's own process must have time to measure.
      await pause(5);
    }
  });
  return async () => {
    running = false;
    await Promise.all(lanes);
    return requests;
  };
}

describe('A revoked session ends everywhere within a second', () => {
  it('when users are disabled under load, by several processes, one of which is killed', async ({ task }) => {
    const seen: { processes: number; disablings: Disabling[]; requests: number }[] = [];
    for (const processes of NUMBERS) {
      const several = await Several.start(processes);
      const { services, first, last } = several;
      const survivors = services.slice(0, -1);
      const tokens: string[] = [];
      for (let index = 0; index < 2 * processes; index += 1) {
        await first.createUser(`load-${index}`);
        const { body } = await first.client.signIn({ login: `load-${index}`, password: PASSWORD });
        tokens.push(body?.accessToken as string);
      }
      const stopLoad = load(services, tokens);
      const most = times(1000, 20);
      const disablings: Disabling[] = [];
      let started = 0;
      const lane = async () => {
        while (started < most) {
          const index = (started += 1);
          if (index === Math.ceil(most / 2)) void last.kill();
          const by = survivors[index % survivors.length] ?? first;
          disablings.push(await disable(services, by, `user-${index}`));
        }
      };
      await Promise.all(Array.from({ length: LANES }, lane));
      const requests = await stopLoad();
      seen.push({ processes, disablings, requests });
      await last.begin();
      await several.remove();
    }
    const slowest = seen.map(({ disablings }) => Math.max(...disablings.map(({ lastUse }) => lastUse)));
    note(
      { task },
      {
        tried: `${whole(times(1000, 20))} users disabled by each of ${NUMBERS.join(', ')} processes in turn, while all use their tokens and ${seen.map(({ requests }) => whole(requests)).join(', ')} other requests run; one process killed with \`kill -9\` in the middle`,
        seen: `the slowest last use of a token was sent ${slowest.map(whole).join(', ')} ms after the 204 (median ${seen.map(({ disablings }) => whole(median(disablings.map(({ lastUse }) => lastUse)))).join(', ')} ms)`,
      },
    );
    for (const { disablings } of seen)
      expect(disablings.map(({ next }) => next)).toEqual(disablings.map(() => 401));
    expect(Math.max(...slowest)).toBeLessThan(BOUND);
  });

  it('when sign-ins, refreshes and revocations of a user run at several processes, one of which is killed', async ({
    task,
  }) => {
    const mostSessions = 5;
    const faults: string[] = [];
    const counts: string[] = [];
    for (const processes of NUMBERS) {
      const several = await Several.start(processes, {
        MAX_SESSIONS: String(mostSessions),
        REFRESH_ROTATION: 'on',
      });
      const { services, clients, first, last } = several;
      const credentials = { login: 'ada', password: PASSWORD };
      const id = await first.createUser(credentials.login);
      const most = times(400, 60);
      const pairs: { accessToken: string; refreshToken: string }[] = [];
      let sent = 0;
      const lane = async () => {
        while (sent < most) {
          const index = (sent += 1);
          if (index === most / 2) await last.kill();
          const answer = await clients[index % processes]?.signIn(credentials).catch(() => undefined);
          if (answer?.status === 201) pairs.push(answer.body as (typeof pairs)[number]);
        }
      };
      await Promise.all(Array.from({ length: 16 }, lane));
      await last.begin();
      const open = (await first.admin.get(`/user/${id}/session`)).body as { id: string }[];
      if (open.length !== mostSessions)
        faults.push(`${open.length} sessions are open, at ${processes} processes`);
      const isOpen = ({ accessToken }: (typeof pairs)[number]) =>
        open.some((session) => session.id === claimsOf(accessToken)['sid']);
      // The same everywhere, also by the process that was started again.
      for (const pair of pairs.slice(-50)) {
        const statuses = await Promise.all(
          services.map(async ({ client }) => (await client.as(pair.accessToken).get('/user/current')).status),
        );
        if (statuses.some((status) => status !== (isOpen(pair) ? 200 : 401)))
          faults.push(`a token of ${isOpen(pair) ? 'an open' : 'a revoked'} session: ${statuses.join()}`);
      }
      const [pair] = pairs.filter(isOpen);
      // A lost response, asked for again at every process: one successor, and no session revoked.
      const answers = await Promise.all(services.map(({ client }) => client.refresh(pair?.refreshToken)));
      const successors = new Set(answers.map(({ body }) => claimsOf(body.refreshToken as string).jti));
      if (successors.size !== 1) faults.push(`${successors.size} successors of one refresh token`);
      const { status } = await first.client.as(pair?.accessToken).get('/user/current');
      if (status !== 200) faults.push(`the session of a refresh at all processes: ${status}`);
      counts.push(`${pairs.length} at ${processes}`);
      await several.remove();
    }
    note(
      { task },
      {
        tried: `sign-ins of one user (${counts.join(', ')} processes), one process killed with \`kill -9\` in the middle, MAX_SESSIONS=${mostSessions}, and one refresh token used at all processes at once`,
        seen: `${mostSessions} sessions open, and the same ones at each process; one successor; ${faults.length} faults`,
      },
    );
    expect(faults).toEqual([]);
  });
});

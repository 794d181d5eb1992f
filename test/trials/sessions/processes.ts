import { setTimeout as pause } from 'node:timers/promises';
import type { Client } from '../../support/client.js';
import type { DatabaseKind } from '../../support/database.js';
import type { PostgresProxy } from '../../support/postgres-proxy.js';
import { ServiceProcess } from '../../support/process.js';
import { ProvenService } from '../proven-service.js';

/** The password of the users of these trials. */
export const PASSWORD = 'a password of proofs';
/** Within how many milliseconds every process refuses the tokens of a revoked session (contract.md §5). */
export const BOUND = 1000;
/** Requests that must be refused in a row: a token that is accepted again would be found. */
const IN_A_ROW = 3;

/** Two processes on one database. Sessions are revoked by the first, and used at the second. */
export interface Processes {
  readonly service: ProvenService;
  readonly other: Client;
  remove(): Promise<void>;
}

/** Starts two processes; `through` is the way of the second one to the database. */
export async function startTwo(kind: DatabaseKind, through?: (url: string) => Promise<PostgresProxy>) {
  const service = await ProvenService.start({ kind, documented: false });
  const proxy = await through?.(service.database.url);
  const second = await ServiceProcess.start({
    DATABASE_URL: proxy?.url ?? service.database.url,
    RATE_LIMIT: 'off',
  });
  return {
    service,
    other: second.client,
    proxy,
    remove: async () => {
      const { output } = second.service;
      await second.service.remove();
      await proxy?.close();
      await service.remove({ 'log of the other process': output });
    },
  };
}

/** A session that is used at both processes. */
export interface UsedSession {
  readonly userId: number;
  readonly login: string;
  readonly sessionId: string;
  readonly accessToken: string;
  readonly refreshToken: string;
}

/** When a revoked session was refused, in milliseconds after the response that says that it is revoked. */
export interface Refusal {
  /** What the revoking process responded to the very next request. */
  readonly next: number;
  /** When the last request was sent that the other process accepted; 0: it accepted none. */
  readonly lastAccepted: number;
  /** When its first refusal arrived. */
  readonly refused: number;
}

/** Waits until the first refusal, and then makes sure that it stays. `since` is when the session was revoked. */
export async function watch(
  { service, other }: { readonly service: Pick<ProvenService, 'client'>; readonly other: Client },
  session: UsedSession,
  since: () => number,
): Promise<Refusal> {
  const { accessToken, refreshToken } = session;
  const here = service.client.as(accessToken).get('/user/current');
  let [lastAccepted, refused, inARow] = [0, Infinity, 0];
  while (inARow < IN_A_ROW && lastAccepted < 10 * BOUND) {
    const sent = since();
    const { status } = await other.as(accessToken).get('/user/current');
    if (status === 401) {
      inARow += 1;
      refused = Math.min(refused, since());
    } else {
      inARow = 0;
      refused = Infinity;
      lastAccepted = Math.max(lastAccepted, sent);
    }
  }
  const { status: next } = await here;
  for (const client of [service.client, other]) {
    const { status } = await client.refresh(refreshToken);
    if (status !== 401) throw new Error(`The refresh token of a revoked session: ${status}`);
  }
  return { next, lastAccepted, refused };
}

/** Uses a session until both processes know it. */
export async function useAtBoth({ service, other }: Processes, session: UsedSession): Promise<void> {
  for (const client of [service.client, other, service.client, other]) {
    const { status } = await client.as(session.accessToken).get('/user/current');
    if (status !== 200) throw new Error(`A session that is open: ${status}`);
  }
}

/** Lets the notifications of what came before arrive, so that what follows is cached. */
export const settle = (): Promise<void> => pause(20);

export const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;

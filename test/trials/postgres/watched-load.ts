import { setTimeout as pause } from 'node:timers/promises';
import type { Answer, Client } from '../../support/client.js';
import { until } from '../../support/until.js';

/** What the requests of a {@link WatchedLoad} are, beside writes. */
export interface Caller {
  readonly userId: number;
  readonly login: string;
  readonly password: string;
  readonly refreshToken: string;
}

/** Clients that go on while the database fails, and keep what they were told. */
export class WatchedLoad {
  /** How many responses of each status there were. */
  readonly statuses = new Map<number, number>();
  /** Responses that break the contract: a 500, a 503 without Retry-After, no response at all. */
  readonly faults: string[] = [];
  private hasEnded = false;
  private readonly running: Promise<void>[];

  /** Starts one client for each caller. Each writes its user, reads it, signs in and refreshes in turn. */
  constructor(
    private readonly admin: Client,
    callers: readonly Caller[],
  ) {
    this.running = callers.map((caller) => this.run(caller));
  }

  /** How many responses had this status. */
  count(status: number): number {
    return this.statuses.get(status) ?? 0;
  }

  /** Waits until more responses with this status have come. */
  async seen(status: number, more = 1): Promise<void> {
    const target = this.count(status) + more;
    await until(() => this.count(status) >= target);
  }

  /** Lets the last requests end. */
  async end(): Promise<void> {
    this.hasEnded = true;
    await Promise.all(this.running);
  }

  private async run({ userId, login, password, refreshToken }: Caller): Promise<void> {
    const anybody = this.admin.as(undefined);
    for (let round = 1; !this.hasEnded; round += 1) {
      const requests: readonly (readonly [string, () => Promise<Answer>])[] = [
        ['PUT /user/{id}', () => this.admin.put(`/user/${userId}`, { data: { round } })],
        ['GET /user/current', () => this.admin.get('/user/current')],
        ['POST /token', () => anybody.signIn({ login, password })],
        ['POST /token/refresh', () => anybody.refresh(refreshToken)],
        ['GET /user', () => this.admin.get('/user?take=5')],
      ];
      for (const [name, send] of requests) await this.hear(name, send);
    }
  }

  private async hear(name: string, send: () => Promise<Answer>): Promise<void> {
    const sent = performance.now();
    try {
      const { status, headers, text } = await send();
      this.statuses.set(status, (this.statuses.get(status) ?? 0) + 1);
      if (status === 503 ? !headers.has('retry-after') : status >= 300)
        this.faults.push(`${name}: ${status} ${text}`);
      // The service sheds load at once: the clients leave it time to recover.
      if (status === 503) await pause(20);
    } catch (error) {
      this.faults.push(
        `${name}: no response after ${Math.round(performance.now() - sent)} ms: ${String(error)}`,
      );
      await pause(20);
    }
  }
}

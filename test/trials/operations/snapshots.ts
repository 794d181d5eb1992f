import type { Client } from '../../support/client.js';
import type { TestDatabase } from '../../support/database.js';
import { hashing } from './hashing.js';

/** How far a writer has come: what it sent, and what of that was acknowledged. */
export interface Progress {
  readonly sent: number;
  readonly acknowledged: number;
  /** The highest id that it was given for a user. */
  readonly lastId: number;
}

/**
 * Writes its own user: numbers that grow, one after the other, each with a network of its own now and then; and makes
 * users and deletes some. Whatever it does leaves events that can be counted.
 */
export class RecordedWriter {
  private sent = 0;
  private acknowledged = 0;
  private lastId = 0;
  readonly refused: string[] = [];

  constructor(
    readonly login: string,
    readonly userId: number,
  ) {}

  get progress(): Progress {
    const { sent, acknowledged, lastId } = this;
    return { sent, acknowledged, lastId };
  }

  async write(admin: Client, until: () => boolean): Promise<void> {
    while (!until()) {
      this.sent += 1;
      const number = this.sent;
      await this.ask(admin, 'PUT', `/user/${this.userId}`, { data: { number } });
      this.acknowledged = number;
      if (number % 3 === 0) await this.addNetwork(admin, number);
      if (number % 10 === 0) await this.comeAndGo(admin, number);
    }
  }

  private async addNetwork(admin: Client, number: number): Promise<void> {
    const id = await this.ask(admin, 'POST', '/network', { name: `${this.login}-${number}` });
    await this.ask(admin, 'PUT', `/user/${this.userId}/network/${id}`);
  }

  private async comeAndGo(admin: Client, number: number): Promise<void> {
    const credentials = { login: `${this.login}-${number}`, password: 'a password of proofs' };
    const user = { ...credentials, role: 1 };
    this.lastId = await hashing(() => this.ask(admin, 'POST', '/user', user));
    if (number % 20 === 0) await this.ask(admin, 'DELETE', `/user/${this.lastId}`);
  }

  private async ask(admin: Client, method: string, path: string, body?: object): Promise<number> {
    const answer = await admin.send(method, path, { body });
    if (answer.status >= 300) this.refused.push(`${method} ${path}: ${answer.text}`);
    return Number(answer.body?.id);
  }
}

/** How many versions of each record a restore leaves out, so that no entity tag of before comes back. */
const VERSIONS_SKIPPED = 2 ** 20;

/**
 * What does not fit together in a restored database: rows of different tables that one transaction wrote, and that a copy of
 * two moments would have one without the other; and what a writer had or had not written by the time of the copy.
 */
export async function inconsistencies(
  database: TestDatabase,
  writers: readonly RecordedWriter[],
  before: readonly Progress[],
  after: readonly Progress[],
): Promise<string[]> {
  const count = async (sql: string) => {
    const rows = await database.query(sql);
    return new Map(rows.map(({ key, n }) => [String(key), Number(n)]));
  };
  const events = '(SELECT type, subject FROM events UNION ALL SELECT type, subject FROM pending_events) e';
  const records = await count(
    `SELECT type || ' ' || subject AS key, count(*) AS n FROM ${events} GROUP BY type, subject`,
  );
  const types = await count(`SELECT type AS key, count(*) AS n FROM ${events} GROUP BY type`);
  const networksOf = await count('SELECT user_id AS key, count(*) AS n FROM user_networks GROUP BY user_id');
  const tables = await count(
    "SELECT 'users' AS key, count(*) AS n FROM users UNION ALL SELECT 'networks', count(*) FROM networks",
  );
  const users = await database.query('SELECT id, data, version FROM users');
  const byId = new Map(users.map((user) => [Number(user['id']), user]));
  const wrong: string[] = [];
  const expectEqual = (what: string, one: unknown, other: unknown) => {
    if (one !== other) wrong.push(`${what}: ${String(one)} and ${String(other)}`);
  };
  for (const [index, { userId }] of writers.entries()) {
    const { data, version } = byId.get(userId) ?? {};
    const { number } = typeof data === 'string' ? (JSON.parse(data) as { number: number }) : { number: 0 };
    const updates = records.get(`user.updated user/${userId}`) ?? 0;
    const assigned = records.get(`assignment.created user/${userId}`) ?? 0;
    expectEqual(`updates of ${userId} and its data`, updates, number);
    expectEqual(`networks of ${userId} and their records`, networksOf.get(String(userId)) ?? 0, assigned);
    expectEqual(
      `changes of ${userId} and its version`,
      updates + assigned + 1 + VERSIONS_SKIPPED,
      Number(version),
    );
    const [least, most] = [before[index]?.acknowledged ?? 0, after[index]?.sent ?? 0];
    if (number < least || number > most)
      wrong.push(`user ${userId}: ${number} and not from ${least} to ${most}`);
  }
  const of = (type: string) => types.get(type) ?? 0;
  expectEqual('users and their records', tables.get('users'), of('user.created') - of('user.deleted'));
  expectEqual('networks and their records', tables.get('networks'), of('network.created') + 1);
  for (const orphans of [
    'SELECT count(*) AS n FROM user_networks WHERE user_id NOT IN (SELECT id FROM users)',
    'SELECT count(*) AS n FROM user_networks WHERE network_id NOT IN (SELECT id FROM networks)',
  ])
    expectEqual(orphans, Number((await database.query(orphans))[0]?.['n']), 0);
  return wrong;
}

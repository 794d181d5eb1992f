import { setTimeout as pause } from 'node:timers/promises';
import type { Client } from '../support/client.js';
import type { TestDatabase } from '../support/database.js';
import type { ProvenService } from './proven-service.js';

/** How many write at once. */
export const WRITERS = 32;

/** Writes its own user again and again, a number that grows, and now and then makes a user or deletes one. */
export class Writer {
  /** Of the writes that were acknowledged, the last number; of those that were sent, the last number. */
  acknowledged = 0;
  sent = 0;
  /** Logins whose creation was acknowledged and whose deletion was not sent; whose deletion was acknowledged. */
  readonly present = new Set<string>();
  readonly absent = new Set<string>();
  /** How many writes were acknowledged. */
  count = 0;
  /** How many answers of each status there were. */
  readonly statuses = new Map<number, number>();
  /** How many answers with 503 had no Retry-After. */
  hasten = 0;
  private made = 0;

  constructor(
    private readonly name: string,
    readonly userId: number,
  ) {}

  /** Writes until `until` says so, or the service is gone. */
  async write(admin: Client, until: () => boolean): Promise<void> {
    while (!until()) {
      try {
        await this.update(admin);
        if (this.sent % 7 === 0) await this.comeAndGo(admin);
      } catch {
        // The connection is gone: what was sent may have been done or not.
        if (!until()) await pause(5);
      }
    }
  }

  private async update(admin: Client): Promise<void> {
    this.sent += 1;
    const number = this.sent;
    const { status } = await this.ask(admin, 'PUT', `/user/${this.userId}`, { data: { number } });
    if (status === 204) this.acknowledged = number;
  }

  private async comeAndGo(admin: Client): Promise<void> {
    this.made += 1;
    const login = `${this.name}-${this.made}`;
    const { status, body } = await this.ask(admin, 'POST', '/user', {
      login,
      role: 1,
      password: 'a password of proofs',
    });
    if (status !== 201) return;
    this.present.add(login);
    if (this.made % 2 === 0) return;
    this.present.delete(login);
    if ((await this.ask(admin, 'DELETE', `/user/${body.id}`)).status === 204) this.absent.add(login);
  }

  private async ask(admin: Client, method: string, path: string, body?: object) {
    const answer = await admin.send(method, path, { body });
    this.statuses.set(answer.status, (this.statuses.get(answer.status) ?? 0) + 1);
    if (answer.status === 503 && !answer.headers.has('retry-after')) this.hasten += 1;
    if (answer.status < 300) this.count += 1;
    return answer;
  }
}

/** What was acknowledged and is not so, or is so and was never asked for. */
export async function losses(
  database: Pick<TestDatabase, 'query'>,
  writers: readonly Writer[],
): Promise<string[]> {
  const rows = await database.query('SELECT id, login, data FROM users');
  const logins = new Set(rows.map(({ login }) => String(login)));
  const numberOf = new Map(
    rows.map(({ id, data }) => [Number(id), (JSON.parse(String(data)) as { number: number } | null)?.number]),
  );
  return writers.flatMap(({ userId, acknowledged, sent, present, absent }) => {
    const number = numberOf.get(userId) ?? 0;
    return [
      ...(number < acknowledged || number > sent
        ? [`user ${userId}: ${number} and not from ${acknowledged} to ${sent}`]
        : []),
      ...[...present].filter((login) => !logins.has(login)).map((login) => `${login} is lost`),
      ...[...absent].filter((login) => logins.has(login)).map((login) => `${login} is back`),
    ];
  });
}

/** Makes the users of {@link WRITERS} writers. */
export async function makeWriters(service: ProvenService, count = WRITERS, prefix = 'w'): Promise<Writer[]> {
  const writers: Writer[] = [];
  for (let index = 0; index < count; index += 1)
    writers.push(new Writer(`${prefix}${index}`, await service.createUser(`writer-${prefix}${index}`)));
  return writers;
}

/** Sums a count of each writer. */
export const total = (writers: readonly Writer[], count: (writer: Writer) => number) =>
  writers.reduce((sum, writer) => sum + count(writer), 0);

/** How many responses had this status. */
export const answered = (writers: readonly Writer[], status: number) =>
  total(writers, ({ statuses }) => statuses.get(status) ?? 0);

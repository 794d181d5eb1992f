import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Answer, Client } from '../../support/client.js';
import { DATABASES } from '../../support/database.js';
import { note, times, whole } from '../promise.js';
import { ProvenService } from '../proven-service.js';

const PASSWORD = 'a password of proofs';
/** Networks, and device types, each with a writer of its own: with the seven below, 64 writers. */
const NETWORKS = 29;
const DEVICE_TYPES = 28;
const ALL_ASSIGNED = 'Cannot assign device type to user with all device types allowed';

type UserRecord = Readonly<Record<string, unknown>>;

/** A property of a user that one writer alone writes, again and again. */
interface Property {
  readonly name: string;
  /** Writes it for the `round`th time. */
  readonly write: (admin: Client, id: number, round: number) => Promise<Answer>;
  /** Whether the record is as after the `round`th time; absent: it does not show. */
  readonly holds?: (record: UserRecord, round: number) => boolean;
}

const property = (name: string, valueOf: (round: number) => unknown): Property => ({
  name,
  write: (admin, id, round) => admin.put(`/user/${id}`, { [name]: valueOf(round) }),
  holds: (record, round) => JSON.stringify(record[name]) === JSON.stringify(valueOf(round)),
});

/** Assigned in one round, taken away in the next. */
const isAssigned = (round: number) => round % 2 === 1;
const assign = (path: string) => (admin: Client, id: number, round: number) =>
  admin.send(isAssigned(round) ? 'PUT' : 'DELETE', `/user/${id}/${path}`);
const passwordOf = (round: number) => `${PASSWORD} ${round}`;

const PROPERTIES: readonly Property[] = [
  property('login', (round) => `ada-${round}`),
  // From the first round on each value is another than before: the same value again would be no change.
  property('role', (round) => (round + 1) % 2),
  property('status', (round) => round % 3),
  property('data', (round) => ({ counted: round })),
  property('introReviewed', isAssigned),
  property('allDeviceTypesAvailable', isAssigned),
  {
    name: 'password',
    write: (admin, id, round) => admin.put(`/user/${id}`, { password: passwordOf(round) }),
  },
  ...Array.from({ length: NETWORKS }, (_, index) => ({
    name: `network/${index + 2}`,
    write: assign(`network/${index + 2}`),
    holds: ({ networks }: UserRecord, round: number) =>
      (networks as { id: number }[]).some(({ id }) => id === index + 2) === isAssigned(round),
  })),
  // What a user who has all of them was assigned does not show.
  ...Array.from({ length: DEVICE_TYPES }, (_, index) => ({
    name: `devicetype/${index + 2}`,
    write: assign(`devicetype/${index + 2}`),
  })),
];

/** Writes one property, a round after the other, and looks at it after each. */
class Writer {
  /** The last round that was acknowledged. */
  acknowledged = 0;
  count = 0;
  readonly wrong: string[] = [];

  constructor(readonly property: Property) {}

  async write(admin: Client, id: number, rounds: number): Promise<void> {
    const { name, write, holds } = this.property;
    for (let round = 1; round <= rounds; round += 1) {
      const { status, text } = await write(admin, id, round);
      // Whoever has all of them cannot be assigned one: neither now nor half.
      if (status === 403 && name.startsWith('devicetype') && text.includes(ALL_ASSIGNED)) continue;
      if (status !== 204) this.wrong.push(`${name}, ${round}: ${status} ${text}`);
      // To take away what could not be assigned is no change.
      const isChange = !name.startsWith('devicetype') || isAssigned(round) !== isAssigned(this.acknowledged);
      if (isChange) this.count += 1;
      this.acknowledged = round;
      if (!holds) continue;
      const { body } = await admin.get(`/user/${id}`);
      if (!holds(body as UserRecord, round)) this.wrong.push(`${name}, ${round}: lost`);
    }
  }
}

/** The count of changes that an entity tag holds. */
const versionIn = ({ headers }: Answer): number =>
  Number(/^"\d+\.(\d+)-[\w-]*"$/.exec(headers.get('etag') ?? '')?.[1]);
const versionOf = async (admin: Client, id: number): Promise<number> =>
  versionIn(await admin.get(`/user/${id}`));
const countOf = (answers: readonly Answer[], wanted: number) =>
  answers.filter(({ status }) => status === wanted).length;

describe('Concurrent updates merge', () => {
  describe.each(DATABASES)('on %s', (kind) => {
    let service: ProvenService;
    beforeAll(async () => {
      service = await ProvenService.start({ kind, documented: false });
    });
    afterAll(() => service.remove());

    it('ASVS 15.4.2: 64 writers of as many properties of one user', async ({ task }) => {
      const { admin, client } = service;
      for (let index = 0; index < NETWORKS; index += 1) await admin.post('/network', { name: `n${index}` });
      for (let index = 0; index < DEVICE_TYPES; index += 1)
        await admin.post('/devicetype', { name: `d${index}` });
      const id = await service.createUser('ada-0', { allDeviceTypesAvailable: false });
      const writers = PROPERTIES.map((one) => new Writer(one));
      const began = await versionOf(admin, id);
      const rounds = times(40, 3);
      await Promise.all(writers.map((writer) => writer.write(admin, id, rounds)));

      const { body: record } = await admin.get(`/user/${id}`);
      const version = await versionOf(admin, id);
      const wrong = writers.flatMap((writer) => writer.wrong);
      for (const {
        property: { name, holds },
        acknowledged,
      } of writers)
        if (holds && !holds(record as UserRecord, acknowledged)) wrong.push(`${name}: lost in the end`);
      const types = await service.database.query(
        'SELECT device_type_id AS id FROM user_device_types WHERE user_id = ?',
        [id],
      );
      const assigned = new Set(types.map((type) => `devicetype/${Number(type['id'])}`));
      for (const {
        property: { name },
        acknowledged,
      } of writers)
        if (name.startsWith('devicetype') && assigned.has(name) !== isAssigned(acknowledged))
          wrong.push(`${name}: lost in the end`);
      await admin.put(`/user/${id}`, { status: 0 });
      const password = passwordOf(rounds);
      const signedIn = await client.post('/token', { login: `ada-${rounds}`, password });
      const acknowledged = writers.reduce((sum, { count }) => sum + count, 0);
      note(
        { task },
        {
          tried: `${writers.length} writers at once, each of a property of one user, ${rounds} rounds, ${kind}`,
          seen: `${whole(acknowledged)} changes acknowledged, ${wrong.length} lost or refused; the version grew by ${whole(version - began)}`,
        },
      );
      expect(wrong).toEqual([]);
      expect(writers).toHaveLength(64);
      expect(version - began).toBe(acknowledged);
      expect(signedIn.status).toBe(201);
    });

    it('ASVS 15.4.2: of many with one entity tag, one is let through', async ({ task }) => {
      const { admin } = service;
      const rounds = times(60, 2);
      const wrong: string[] = [];
      let losers = 0;
      for (let round = 0; round < rounds; round += 1) {
        const id = await service.createUser(`user-${round}`);
        const before = await admin.get(`/user/${id}`);
        const headers = { 'if-match': before.headers.get('etag') ?? '' };
        // Every other round some of them delete.
        const answers = await Promise.all(
          Array.from({ length: 16 }, (_, index) =>
            round % 2 === 1 && index % 2 === 1
              ? admin.delete(`/user/${id}`, headers)
              : admin.put(`/user/${id}`, { data: { index } }, headers),
          ),
        );
        const winner = answers.findIndex(({ status }) => status === 204);
        const isDeleted = round % 2 === 1 && winner % 2 === 1;
        const after = await admin.get(`/user/${id}`);
        const isRight = isDeleted
          ? after.status === 404
          : after.body?.data?.index === winner && versionIn(after) === versionIn(before) + 1;
        losers += countOf(answers, 412);
        // Who comes after the deletion finds nobody.
        const refused = countOf(answers, 412) + (isDeleted ? countOf(answers, 404) : 0);
        if (!isRight || countOf(answers, 204) !== 1 || refused !== 15)
          wrong.push(`${round}: ${answers.map(({ status }) => status).join()}, ${after.text}`);
      }
      note(
        { task },
        {
          tried: `16 PUTs, or PUTs and DELETEs, at once with one \`If-Match\`, ${rounds} ×, ${kind}`,
          seen: `one let through each time but for ${wrong.length}; ${whole(losers)} answered 412, which changed nothing`,
        },
      );
      expect(wrong).toEqual([]);
    });

    it('ASVS 15.4.2: who reads, changes and writes with If-Match loses no count', async ({ task }) => {
      const { admin } = service;
      const id = await service.createUser('counter', { data: { count: 0 } });
      const began = await versionOf(admin, id);
      const [counters, each] = [times(16, 8), times(12, 2)];
      let retries = 0;
      const statuses = new Set<number>();
      const increment = async (): Promise<void> => {
        for (;;) {
          const { body, headers } = await admin.get(`/user/${id}`);
          const count = (body as { data: { count: number } }).data.count + 1;
          const { status } = await admin.put(
            `/user/${id}`,
            { data: { count } },
            { 'if-match': headers.get('etag') ?? '' },
          );
          statuses.add(status);
          if (status !== 412) return;
          retries += 1;
        }
      };
      await Promise.all(
        Array.from({ length: counters }, async () => {
          for (let time = 0; time < each; time += 1) await increment();
        }),
      );
      const { body } = await admin.get(`/user/${id}`);
      const version = await versionOf(admin, id);
      note(
        { task },
        {
          tried: `${counters} clients count up one number, ${each} × each, by GET and PUT with \`If-Match\`, ${kind}`,
          seen: `counted to ${whole(Number(body.data.count))} of ${whole(counters * each)}, with ${whole(retries)} answered 412 in between`,
        },
      );
      expect(body.data).toEqual({ count: counters * each });
      expect(version - began).toBe(counters * each);
      expect([...statuses].sort()).toEqual([204, 412]);
    });
  });
});

import { setTimeout as pause } from 'node:timers/promises';
import { DataSource } from 'typeorm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SCHEMA } from '../../src/app.schema.js';
import { Database } from '../../src/database/database.js';
import { loadSqlite } from '../../src/database/sqlite/sqlite-driver.js';
import type { Transaction } from '../../src/database/transaction.js';
import { failedLoginsOfUser, OWN_DATA_UPDATES } from '../../src/events/counting.js';
import { type NewEvent, SERVICE_ACTOR } from '../../src/events/event.js';
import type { EventView } from '../../src/events/event.view.js';
import { EventsService } from '../../src/events/events.service.js';
import { recordCounted, recordEvent } from '../../src/events/record-event.js';
import { pruneEvents, sequenceEvents, SETTLING } from '../../src/events/sequence-events.js';
import type { Client } from '../support/client.js';
import { kindOfDatabase, type TestDatabase } from '../support/database.js';
import { freshName } from '../support/fresh-name.js';
import { TestService } from '../support/service.js';
import { temporaryDatabase } from '../support/temporary.js';

let service: TestService;
let admin: Client;
let database: Database;
beforeAll(async () => {
  service = await TestService.start();
  ({ admin } = service);
  database = service.app.get(Database);
});
afterAll(() => service.stop());

const read = async (query = '', client = admin): Promise<EventView[]> => {
  const { status, body, text } = await client.get(`/event?take=1000${query}`);
  if (status !== 200) throw new Error(text);
  return body;
};
/** Follows the events from the beginning to the end, a few at a time. */
async function readAll(take: number): Promise<EventView[]> {
  const all: EventView[] = [];
  for (;;) {
    const { body } = await admin.get(`/event?take=${take}&after=${all.at(-1)?.id ?? 0}`);
    all.push(...(body as EventView[]));
    if (body.length < take) return all;
  }
}
const lastId = async () => (await readAll(1000)).at(-1)?.id ?? '0';
/** The events of what `work` does, without their ids and times. */
async function eventsOf(work: () => Promise<unknown>) {
  const after = await lastId();
  await work();
  return (await read(`&after=${after}`)).map(({ type, subject, data }) => {
    const { actor, session: _, address: __, requestId: ___, ...rest } = data;
    return [type, subject, actor, rest];
  });
}

const transact = <T>(work: (transaction: Transaction) => Promise<T>) => database.transaction(work);
const eventAt = (subject: string): NewEvent => ({ type: 'user.updated', subject, actor: SERVICE_ACTOR });

describe('GET /event', () => {
  it('shows a change as a CloudEvent, with who made it and from where', async () => {
    const after = await lastId();
    const before = Date.now();
    const { body } = await admin.post(
      '/network',
      { name: freshName('net') },
      { 'x-request-id': 'a-request-of-the-test' },
    );
    const [event] = await read(`&after=${after}`);
    expect(event).toEqual({
      specversion: '1.0',
      id: expect.stringMatching(/^\d+$/),
      source: 'hivegate',
      type: 'hivegate.network.created',
      subject: `network/${body.id}`,
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      datacontenttype: 'application/json',
      data: {
        actor: 1,
        session: expect.any(String),
        address: '127.0.0.1',
        requestId: 'a-request-of-the-test',
      },
    });
    expect(Date.parse(event?.time ?? '')).toBeGreaterThanOrEqual(before);
    expect(Date.parse(event?.time ?? '')).toBeLessThanOrEqual(Date.now());
  });

  it('is for administrators alone', async () => {
    const { client } = await service.createUser();
    expect((await client.get('/event')).status).toBe(403);
    expect((await service.client.get('/event')).status).toBe(401);
    const { accessToken } = await service.createToken(1, { actions: ['GetCurrentUser'] });
    expect((await service.client.as(accessToken).get('/event')).status).toBe(403);
  });

  it('pages by after, oldest first, and announces the next page of a full one', async () => {
    for (let index = 0; index < 5; index += 1) await admin.post('/network', { name: freshName('page') });
    const all = await readAll(1000);
    expect(all.map(({ id }) => Number(id))).toEqual(
      all.map(({ id }) => Number(id)).toSorted((a, b) => a - b),
    );
    expect(await readAll(2)).toEqual(all);

    const first = await admin.get('/event?take=2&type=hivegate.network.created');
    const link = /^<(.*)>; rel="next"$/.exec(first.headers.get('link') ?? '')?.[1] ?? '';
    expect(link).toBe(`/event?take=2&type=hivegate.network.created&after=${first.body[1].id}`);
    const created = all.filter(({ type }) => type === 'hivegate.network.created');
    expect((await admin.get(link)).body).toEqual(created.slice(2, 4));
    expect((await admin.get(`/event?after=${all.at(-1)?.id}`)).headers.has('link')).toBe(false);
    expect((await admin.get('/event?take=1')).body).toEqual(all.slice(0, 1));
  });

  it('filters by type, subject, actor and time', async () => {
    const other = await service.createUser({ role: 0 });
    const subject = `user/${other.id}`;
    await transact((transaction) => recordEvent(transaction, eventAt(subject)));
    await pause(2);
    await other.client.post('/network', { name: freshName('other') });
    const all = await readAll(1000);
    const expectFiltered = async (query: string, keeps: (event: EventView) => boolean) => {
      const kept = all.filter(keeps);
      expect(kept.length, query).toBeGreaterThan(0);
      expect(kept.length, query).toBeLessThan(all.length);
      expect(await read(`&${query}`), query).toEqual(kept);
    };
    await expectFiltered('type=hivegate.network.created', ({ type }) => type === 'hivegate.network.created');
    await expectFiltered(`subject=${subject}`, (event) => event.subject === subject);
    await expectFiltered(`actor=${other.id}`, ({ data }) => data.actor === other.id);
    const { time = '' } = all.at(-1) ?? {};
    await expectFiltered(`since=${time}`, (event) => event.time >= time);
    await expectFiltered(`until=${time}`, (event) => event.time < time);
    const elsewhere = new Date(Date.parse(time) + 3_600_000).toISOString().replace('Z', '+01:00');
    await expectFiltered(`since=${encodeURIComponent(elsewhere)}`, (event) => event.time >= time);
    // Every timestamp of RFC 3339.
    for (const early of ['0001-01-01T00:00:00Z', '2016-12-31t23:59:60.123456789123z'])
      expect(await read(`&since=${early}`), early).toEqual(all);
    await expectFiltered(
      `actor=1&since=${all[0]?.time}&until=${time}&type=hivegate.network.created&after=${all[1]?.id}`,
      (event) => event.data.actor === 1 && event.time < time && event.type === 'hivegate.network.created',
    );
    expect(await read('&subject=user/999999')).toEqual([]);
  });

  it.each([
    'take=0',
    'take=1001',
    'after=-1',
    'after=x',
    'actor=0',
    'type=user.created',
    'type=hivegate.nothing',
    'type=HIVEGATE.network.CREATED',
    'since=2026-01-31',
    'since=2026-01-31T12:00:00',
    'since=2026-02-30T12:00:00Z',
    'since=2026-01-31T12:00Z',
    'since=2026-01-31T24:00:00Z',
    'since=1769860800000',
    'until=yesterday',
    'until=',
    'until=2026-01-31T12:00:00Z&until=2026-01-31T12:00:00Z',
    'skip=1',
    'sortOrder=ASC',
  ])('refuses %s with a 400 that names it', async (query) => {
    const { status, body } = await admin.get(`/event?${query}`);
    expect(status).toBe(400);
    expect(body.details).toEqual([expect.objectContaining({ field: query.split('=')[0] })]);
  });

  it('has JWT_ISSUER as the source', async () => {
    const issued = await TestService.start({ JWT_ISSUER: 'the gate/ä' });
    const [event] = await read('', issued.admin);
    await issued.stop();
    expect(event?.source).toBe('the%20gate%2F%C3%A4');
  });
});

describe('The events of changes', () => {
  it('of networks and device types', async () => {
    for (const [path, thing] of [
      ['network', 'network'],
      ['devicetype', 'deviceType'],
    ] as const) {
      const name = freshName('scope');
      let id = 0;
      const events = await eventsOf(async () => {
        ({ id } = (await admin.post(`/${path}`, { name })).body);
        await admin.put(`/${path}/${id}`, { name, description: 'new' });
        await admin.put(`/${path}/${id}`, { name: `${name}!`, description: null });
        await admin.delete(`/${path}/${id}`);
      });
      expect(events).toEqual([
        [`hivegate.${thing}.created`, `${path}/${id}`, 1, {}],
        [`hivegate.${thing}.updated`, `${path}/${id}`, 1, { fields: ['description'] }],
        [`hivegate.${thing}.updated`, `${path}/${id}`, 1, { fields: ['name', 'description'] }],
        [`hivegate.${thing}.deleted`, `${path}/${id}`, 1, {}],
      ]);
    }
  });

  it('of assignments name the user and the scope', async () => {
    const { id } = await service.createUser({ allDeviceTypesAvailable: false });
    const events = await eventsOf(async () => {
      for (const path of [`/user/${id}/network/1`, `/user/${id}/devicetype/1`]) {
        expect((await admin.put(path)).status).toBe(204);
        expect((await admin.delete(path)).status).toBe(204);
      }
    });
    expect(events).toEqual([
      ['hivegate.assignment.created', `user/${id}`, 1, { networkId: 1 }],
      ['hivegate.assignment.deleted', `user/${id}`, 1, { networkId: 1 }],
      ['hivegate.assignment.created', `user/${id}`, 1, { deviceTypeId: 1 }],
      ['hivegate.assignment.deleted', `user/${id}`, 1, { deviceTypeId: 1 }],
    ]);
  });

  it('of the configuration do not have the value', async () => {
    const name = freshName('x').slice(0, 32);
    const events = await eventsOf(async () => {
      await admin.put(`/configuration/${name}`, { value: 'a value' });
      await admin.put(`/configuration/${name}`, { value: 'another value' });
      await admin.delete(`/configuration/${name}`);
    });
    expect(events).toEqual([
      ['hivegate.configuration.set', `configuration/${name}`, 1, {}],
      ['hivegate.configuration.set', `configuration/${name}`, 1, {}],
      ['hivegate.configuration.deleted', `configuration/${name}`, 1, {}],
    ]);
  });

  it('of the start: the first key and the first administrator', async () => {
    const [key, user] = await read();
    expect([key?.type, user?.type]).toEqual(['hivegate.key.created', 'hivegate.user.created']);
    expect(user?.subject).toBe('user/1');
    expect(user?.data).toEqual({
      actor: null,
      session: null,
      address: null,
      requestId: null,
      fields: expect.arrayContaining(['login', 'password', 'role']) as string[],
    });
  });

  it('are none when nothing changes, and when a request is refused', async () => {
    const user = await service.createUser();
    const name = freshName('same');
    const { id } = (await admin.post('/network', { name })).body;
    await admin.put(`/user/${user.id}/network/${id}`);
    await admin.put('/configuration/same', { value: '1' });
    const events = await eventsOf(async () => {
      await admin.put(`/network/${id}`, { name, description: null });
      await admin.put(`/network/${id}`, {});
      await admin.put(`/user/${user.id}`, {});
      await admin.put(`/user/${user.id}/network/${id}`);
      await admin.delete(`/user/${user.id}/network/1`);
      const { body } = await admin.put('/configuration/same', { value: '1' });
      expect(body.entityVersion).toBe(1);
      await admin.post('/network', { name });
      await admin.delete('/network/999999');
      await user.client.put(`/user/${user.id}`, { role: 0 });
      await user.client.get('/user/current');
      await service.client.refresh(user.refreshToken);
    });
    expect(events).toEqual([]);
  });

  it('hold no password, token or data', async () => {
    const secret = 'a-secret-of-the-test';
    const user = await service.createUser({ password: secret, data: { secret } });
    await user.client.put('/user/current', { data: { again: secret } });
    await user.client.put('/user/current', { password: `${secret}-2`, oldPassword: secret });
    await admin.put(`/user/${user.id}`, { password: `${secret}-3`, data: { secret } });
    await service.client.signIn({ login: secret, password: 'wrong' });
    const { accessToken } = await service.createToken(user.id, { actions: '*' });
    const { text } = await admin.get('/event?take=1000');
    expect(text).toContain(`"user/${user.id}"`);
    const rows = await service.database.query('SELECT * FROM events');
    for (const hidden of [secret, accessToken, user.accessToken, user.refreshToken, '$2b$']) {
      expect(text).not.toContain(hidden);
      expect(JSON.stringify(rows)).not.toContain(hidden);
    }
  });
});

describe('Counted events', () => {
  const PERIOD = 3_600_000;
  /** Ends the periods that run. */
  const endPeriods = () => sequenceEvents(database, new Date(Date.now() + PERIOD + SETTLING));
  const numbersOf = async (subject: string) =>
    (await read(`&subject=${subject}`)).map(({ data: { count = 0 } }) => count);

  it('are the first at once, and the others together when the period has ended', async () => {
    const subject = freshName('counted');
    const update = () =>
      transact((transaction) => recordCounted(transaction, eventAt(subject), { per: 'hour' }));
    await update();
    const [first] = await read(`&subject=${subject}`);
    expect(first?.data.count).toBeUndefined();
    for (let index = 0; index < 3; index += 1) await update();
    expect(await read(`&subject=${subject}`)).toEqual([first]);
    const before = Date.now();
    await Promise.all(Array.from({ length: 30 }, update));
    await endPeriods();
    const [again, counted, ...more] = await read(`&subject=${subject}`);
    expect(again).toEqual(first);
    expect(counted?.data.count).toBe(33);
    expect(Date.parse(counted?.time ?? '')).toBeGreaterThanOrEqual(before);
    expect(more).toEqual([]);
    // The same period again, as it may be when clocks differ: nothing is lost, and what was read stays as it was.
    await update();
    await update();
    await endPeriods();
    expect(await read(`&subject=${subject}`)).toHaveLength(4);
    expect(await numbersOf(subject)).toEqual([0, 33, 0, 1]);
  });

  it('end by themselves, and with a reader', async () => {
    const subject = freshName('ends');
    const counting = { ...OWN_DATA_UPDATES, per: 'hour' } as const;
    for (let index = 0; index < 3; index += 1)
      await transact((transaction) => recordCounted(transaction, eventAt(subject), counting));
    await sequenceEvents(database);
    await service.database.query('UPDATE event_counts SET ends_at = ? WHERE subject = ?', [
      Date.now() - SETTLING,
      subject,
    ]);
    expect(await numbersOf(subject)).toEqual([0, 2]);
    expect(await service.database.query('SELECT * FROM event_counts WHERE subject = ?', [subject])).toEqual(
      [],
    );
  });

  it('are as many as the limit allows, and add up', async () => {
    const subject = freshName('limited');
    const all = Array.from({ length: 60 }, (_, index) => failedLoginsOfUser(`source ${index % 15}`));
    await Promise.all(
      all.map((counting) =>
        transact((transaction) => recordCounted(transaction, eventAt(subject), counting)),
      ),
    );
    await endPeriods();
    const numbers = await numbersOf(subject);
    expect(numbers).toHaveLength(20);
    expect(numbers.reduce((sum, number) => sum + Math.max(number, number === 0 ? 1 : 0), 0)).toBe(60);
  });
});

describe('A reader that follows the events', () => {
  it('sees each exactly once, and those of one record in their order, while many write', async () => {
    const prefix = freshName('follow');
    const other = await TestService.start({}, service.database);
    const databases = [database, other.app.get(Database)];
    let after = await lastId();
    let isWriting = true;
    const writers = Array.from({ length: 8 }, async (_, writer) => {
      for (let index = 0; index < 40; index += 1)
        await databases[writer % 2]?.transaction(async (transaction) => {
          await recordEvent(transaction, { ...eventAt(`${prefix}/${writer}`), fields: [String(index)] });
          // Commits overtake each other.
          if (kindOfDatabase() === 'postgres') await pause(Math.random() * 10);
        });
    });
    const written = Promise.all(writers).then(() => (isWriting = false));
    const seen: EventView[] = [];
    const readers = [service.admin, other.admin];
    for (let round = 0; ; round += 1) {
      const isLast = !isWriting;
      const page = await read(`&after=${after}`, readers[round % 2]);
      seen.push(...page.filter(({ subject }) => subject.startsWith(prefix)));
      after = page.at(-1)?.id ?? after;
      if (isLast) break;
    }
    await written;
    await other.stop();
    for (let writer = 0; writer < 8; writer += 1) {
      const own = seen.filter(({ subject }) => subject === `${prefix}/${writer}`);
      expect(own.map(({ data }) => Number(data.fields?.[0]))).toEqual(
        Array.from({ length: 40 }, (_, index) => index),
      );
    }
  });

  it.runIf(kindOfDatabase() === 'postgres')(
    'sees the event of a transaction that began earlier and was committed later',
    async () => {
      const subject = freshName('late');
      let commit: () => void = () => undefined;
      const mayCommit = new Promise<void>((resolve) => (commit = resolve));
      let late: Promise<void> | undefined;
      await new Promise<void>((isWritten) => {
        late = transact(async (transaction) => {
          await recordEvent(transaction, { ...eventAt(subject), fields: ['late'] });
          isWritten();
          await mayCommit;
        });
      });
      await transact((transaction) => recordEvent(transaction, { ...eventAt(subject), fields: ['early'] }));
      const [early, ...none] = await read(`&subject=${subject}`);
      expect([early?.data.fields, none]).toEqual([['early'], []]);
      commit();
      await late;
      const [next, ...more] = await read(`&subject=${subject}&after=${early?.id}`);
      expect([next?.data.fields, more]).toEqual([['late'], []]);
      expect(await read(`&subject=${subject}`)).toEqual([early, next]);
    },
  );

  it('sees what is rolled back never', async () => {
    const subject = freshName('undone');
    const undone = transact(async (transaction) => {
      await recordEvent(transaction, eventAt(subject));
      throw new Error('undone');
    });
    await expect(undone).rejects.toThrow('undone');
    expect(await read(`&subject=${subject}`)).toEqual([]);
  });

  it('is not needed: the service sequences by itself', async () => {
    const subject = freshName('alone');
    await transact((transaction) => recordEvent(transaction, eventAt(subject)));
    const rows = () => service.database.query('SELECT id FROM events WHERE subject = ?', [subject]);
    await expect.poll(rows, { timeout: 20_000 }).toHaveLength(1);
    expect(await service.database.query('SELECT * FROM pending_events WHERE subject = ?', [subject])).toEqual(
      [],
    );
  });

  it('sees more than a batch at once', async () => {
    const subject = freshName('many');
    await transact(async (transaction) => {
      for (let index = 0; index < 1201; index += 1)
        await recordEvent(transaction, { ...eventAt(subject), fields: [String(index)] });
    });
    const page = await read(`&subject=${subject}`);
    const rest = await read(`&subject=${subject}&after=${page.at(-1)?.id}`);
    expect([...page, ...rest].map(({ data }) => Number(data.fields?.[0]))).toEqual(
      Array.from({ length: 1201 }, (_, index) => index),
    );
  });
});

describe('The events of a process that has ended', () => {
  it('are seen by the readers of the next one, those that are counted too', async () => {
    const first = await TestService.start({}, await temporaryDatabase());
    first.app.get(EventsService).onModuleDestroy();
    await first.app.get(Database).transaction(async (transaction) => {
      await recordEvent(transaction, eventAt('left'));
      for (let index = 0; index < 3; index += 1)
        await recordCounted(transaction, eventAt('left/counted'), { per: 'hour' });
    });
    await first.stop();
    const next = await TestService.start({}, first.database);
    expect(await read('&subject=left', next.admin)).toHaveLength(1);
    await sequenceEvents(next.app.get(Database), new Date(Date.now() + 3_600_000 + SETTLING));
    const counted = await read('&subject=left/counted', next.admin);
    expect(counted.map(({ data }) => data.count)).toEqual([undefined, 2]);
    await next.stop();
  });
});

describe('EVENTS_KEPT_DAYS', () => {
  it('deletes what is older, a batch at a time, and gives no id again', async () => {
    const kept = await TestService.start({ EVENTS_KEPT_DAYS: '2' });
    const own = kept.app.get(Database);
    const DAY = 86_400_000;
    await own.transaction(async (transaction) => {
      for (let index = 0; index < 700; index += 1) await recordEvent(transaction, eventAt(`old/${index}`));
    });
    const before = await read('', kept.admin);
    const last = before.at(-1)?.id ?? '';
    await kept.database.query('UPDATE events SET at = ?', [Date.now() - 2 * DAY + 60_000]);
    await pause(1500);
    expect(await read('', kept.admin)).toHaveLength(before.length);
    await kept.database.query('UPDATE events SET at = ?', [Date.now() - 2 * DAY - 1000]);
    const rest = () => kept.database.query('SELECT id FROM events');
    await expect.poll(rest, { timeout: 30_000 }).toEqual([]);
    await kept.admin.post('/network', { name: 'next' });
    const [next] = await read('', kept.admin);
    await kept.stop();
    expect(Number(next?.id)).toBeGreaterThan(Number(last));
  });
});

describe('Pruning', () => {
  it('deletes batch after batch in its time, and at least one', async () => {
    const kept = await TestService.start();
    const own = kept.app.get(Database);
    const longAgo = Date.now() - 100 * 86_400_000;
    await own.transaction(async (transaction) => {
      for (let index = 0; index < 1700; index += 1) await recordEvent(transaction, eventAt(`old/${index}`));
    });
    await sequenceEvents(own);
    await kept.database.query("UPDATE events SET at = ? WHERE subject LIKE 'old/%'", [longAgo]);
    const left = async () => {
      const [row] = await kept.database.query(
        "SELECT count(*) AS rest FROM events WHERE subject LIKE 'old/%'",
      );
      return Number(row?.['rest']);
    };
    await pruneEvents(own, new Date(longAgo + 1), 0);
    expect(await left()).toBe(1200);
    await pruneEvents(own, new Date(longAgo + 1), Infinity);
    expect(await left()).toBe(0);
    await kept.stop();
  });
});

describe('The migration', () => {
  const connect = ({ url }: TestDatabase, migrations: typeof SCHEMA.migrations) =>
    new DataSource({
      ...(kindOfDatabase() === 'postgres'
        ? { type: 'postgres' as const, url }
        : { type: 'better-sqlite3' as const, driver: loadSqlite(), database: url.replace('sqlite:', '') }),
      entities: [...SCHEMA.entities],
      migrations: [...migrations],
    }).initialize();
  /** Lists of columns, and what is left of them: the names of fields that the API has. */
  const KEPT = new Map([
    ['login,loginKey,passwordHash,role,status,data', 'login,password,role,status,data'],
    ['passwordHash', 'password'],
    ['status,blockedUntil,loginAttempts', 'status'],
    ['network/2', ''],
    ['devicetype/3', ''],
    ['name,nameKey', 'name'],
  ]);

  it('makes events of audit records, with their ids, and back', async () => {
    const old = await temporaryDatabase();
    const source = await connect(old, SCHEMA.migrations.slice(0, 2));
    await source.runMigrations();
    await source.destroy();
    const records = [
      [3, 1000, null, 'user.create', 'user/root', 'login,loginKey,passwordHash,role,status,data'],
      [4, 2000, 1, 'user.update', 'user/7', 'passwordHash'],
      [5, 3000, 1, 'user.update', 'user/7', 'status,blockedUntil,loginAttempts'],
      [6, 4000, null, 'user.lockout', 'user/7', 'status'],
      [7, 5000, 1, 'user.network', 'user/7', 'network/2'],
      [8, 6000, 1, 'user.devicetype', 'user/7', 'devicetype/3'],
      [9, 7000, 1, 'devicetype.update', 'devicetype/3', 'name,nameKey'],
      [10, 8000, 1, 'network.delete', 'network/2', ''],
      [11, 9000, 1, 'configuration.set', 'configuration/x', 'value'],
      [12, 9500, null, 'key.rotate', 'key/k', ''],
      [20, 9600, null, 'key.revoke', 'key/k', ''],
    ] as const;
    for (const record of records)
      await old.query(
        'INSERT INTO audit_records (id, at, actor_id, action, subject, fields) VALUES (?, ?, ?, ?, ?, ?)',
        record,
      );
    if (kindOfDatabase() === 'postgres')
      await old.query("SELECT setval(pg_get_serial_sequence('audit_records', 'id'), 20)");

    const upgraded = await TestService.start({ EVENTS_KEPT_DAYS: '36500' }, old);
    const events = await read('', upgraded.admin);
    await upgraded.stop();
    const from = events.filter(({ id }) => Number(id) <= 20);
    expect(
      from.map(({ id, time, type, subject, data: { actor, session, address, requestId, ...rest } }) => {
        expect([session, address, requestId]).toEqual([null, null, null]);
        return [Number(id), Date.parse(time), actor, type, subject, rest];
      }),
    ).toEqual([
      [
        3,
        1000,
        null,
        'hivegate.user.created',
        'user/root',
        { fields: ['login', 'password', 'role', 'status', 'data'] },
      ],
      [4, 2000, 1, 'hivegate.user.updated', 'user/7', { fields: ['password'] }],
      [5, 3000, 1, 'hivegate.user.updated', 'user/7', { fields: ['status'] }],
      [6, 4000, null, 'hivegate.user.lockedOut', 'user/7', { fields: ['status'] }],
      [7, 5000, 1, 'hivegate.assignment.changed', 'user/7', { networkId: 2 }],
      [8, 6000, 1, 'hivegate.assignment.changed', 'user/7', { deviceTypeId: 3 }],
      [9, 7000, 1, 'hivegate.deviceType.updated', 'devicetype/3', { fields: ['name'] }],
      [10, 8000, 1, 'hivegate.network.deleted', 'network/2', {}],
      [11, 9000, 1, 'hivegate.configuration.set', 'configuration/x', { fields: ['value'] }],
      [12, 9500, null, 'hivegate.key.created', 'key/k', {}],
      [20, 9600, null, 'hivegate.key.revoked', 'key/k', {}],
    ]);
    expect(Number(events[from.length]?.id)).toBe(21);

    const undone = await connect(old, SCHEMA.migrations);
    // That of events, and those after it.
    for (let index = 2; index < SCHEMA.migrations.length; index += 1) await undone.undoLastMigration();
    await undone.destroy();
    const rows = await old.query(
      'SELECT id, at, actor_id, action, subject, fields FROM audit_records WHERE id <= 20 ORDER BY id',
    );
    expect(
      rows.map(({ id, at, actor_id: actor, action, subject, fields }) => [
        Number(id),
        Number(at),
        actor === null ? null : Number(actor),
        action,
        subject,
        fields,
      ]),
    ).toEqual(
      records.map(([id, at, actor, action, subject, fields]) => [
        id,
        at,
        actor,
        action === 'user.devicetype' ? 'user.network' : action,
        subject,
        KEPT.get(fields) ?? fields,
      ]),
    );
  });
});

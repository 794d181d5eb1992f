import { describe, expect, it } from 'vitest';
import type { Answer } from '../../support/client.js';
import type { TestDatabase } from '../../support/database.js';
import { until } from '../../support/until.js';
import { isWhole, note, whole } from '../promise.js';
import { ADMINISTRATOR, ProvenService } from '../proven-service.js';
import { fill, LARGE, MEDIUM, type Size, SLICE } from './fill.js';

/** `TRIAL_SIZE=large` takes ten minutes and 6 GB. docs/performance.md has its figures. */
const SIZE: Size = process.env['TRIAL_SIZE'] === 'large' ? LARGE : isWhole ? MEDIUM : SLICE;
const DAY = 86_400_000;

/** Requests that an index serves, the table that they look into, and how many of its rows each may read. */
interface Group {
  readonly table: 'users' | 'events' | 'sessions';
  readonly mostRows: number;
  readonly requests: readonly ((service: ProvenService) => Promise<Answer>)[];
}

const get = (path: string) => (service: ProvenService) => service.admin.get(path);
const moment = (days: number) => new Date(Date.now() - days * DAY).toISOString();
/** A login of the fill, and its user. */
const USED = { id: 5001, login: '' };
const CREDENTIALS = () => ({ login: USED.login, password: ADMINISTRATOR.password });

const GROUPS: readonly Group[] = [
  {
    table: 'users',
    // A prefix may be looked for in the order of the ids, among rows of which each fiftieth has it.
    mostRows: 8000,
    requests: [
      '/user',
      '/user?sortOrder=DESC',
      '/user?sortField=Login',
      '/user?sortField=Login&sortOrder=DESC',
      `/user?after=${USED.id}`,
      '/user?role=0',
      '/user?role=0&status=0&sortField=Login',
      '/user?status=2',
      '/user?loginPattern=ada%25',
      '/user?loginPattern=ada.lo%259_&sortField=Login',
      '/user/count?loginPattern=ada.lovelace%25',
    ].map(get),
  },
  {
    table: 'events',
    // A block of ids (src/events/event-blocks.ts), and what the search for it reads.
    mostRows: 20_000,
    requests: [
      '/event',
      '/event?after=30000',
      '/event?type=hivegate.configuration.set',
      '/event?type=hivegate.signIn.failed&actor=1',
      '/event?actor=999999999',
      '/event?subject=user/999999999',
      // Of a time that many events have: an index of times would have to sort them.
      `/event?since=${moment(30)}`,
      `/event?since=${moment(60)}`,
      `/event?since=${moment(180)}`,
      `/event?since=${moment(-1)}`,
      `/event?until=${moment(330)}&after=${SIZE.events / 2}`,
      `/event?since=${moment(60)}&until=${moment(30)}&after=100`,
      `/event?type=hivegate.signIn.succeeded&since=${moment(30)}`,
    ].map(get),
  },
  {
    table: 'sessions',
    mostRows: 100,
    requests: [
      ({ client }) => client.signIn(CREDENTIALS()),
      async ({ client }) => client.refresh((await client.signIn(CREDENTIALS())).body?.refreshToken),
      async ({ client }) => {
        const { body } = await client.signIn(CREDENTIALS());
        return client.as(body?.accessToken as string).put('/user/current', { data: { of: 'a trial' } });
      },
      get(`/user/${USED.id}/session`),
      ({ admin }) => admin.put('/user/5003', { status: 2 }),
      ({ admin }) => admin.delete('/user/5005'),
    ],
  },
];

/** How many rows of a table have been read by now. What a connection has read is known when it is closed. */
async function rowsRead(database: TestDatabase, table: string): Promise<number> {
  await until(async () => {
    const open = await database.query(
      "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND application_name LIKE 'hivegate%'",
    );
    return open.length === 0;
  });
  const [row] = await database.query(
    'SELECT seq_tup_read + idx_tup_fetch AS rows FROM pg_stat_user_tables WHERE relname = ?',
    [table],
  );
  return Number(row?.['rows']);
}

describe('Load is shed, not suffered', () => {
  it('an index serves what is asked of many users and events, on postgres', async ({ task }) => {
    const service = await ProvenService.start({ kind: 'postgres', documented: false });
    const { database } = service;
    await service.kill();
    await fill(database, SIZE);
    const [row] = await database.query('SELECT login FROM users WHERE id = ?', [USED.id]);
    USED.login = String(row?.['login']);
    const seen: { table: string; rows: number; most: number; slowest: number }[] = [];
    for (const { table, mostRows, requests } of GROUPS) {
      const before = await rowsRead(database, table);
      await service.begin();
      let slowest = 0;
      for (const request of requests) {
        const start = performance.now();
        expect((await request(service)).status).toBeLessThan(300);
        slowest = Math.max(slowest, performance.now() - start);
      }
      await service.kill();
      const rows = (await rowsRead(database, table)) - before;
      seen.push({ table, rows, most: mostRows * requests.length, slowest });
    }
    note(
      { task },
      {
        tried: `${GROUPS.map(({ table, requests }) => `${requests.length} kinds of requests about ${table}`).join(', ')} among ${whole(SIZE.users)} users, ${whole(SIZE.events)} events and ${whole(SIZE.sessions)} sessions, postgres`,
        seen: `they read ${seen.map(({ rows, table }) => `${whole(rows)} rows of ${table}`).join(', ')}; the slowest took ${seen.map(({ slowest }) => whole(slowest)).join(', ')} ms`,
      },
    );
    await service.remove();
    for (const { rows, most, table } of seen) expect(rows, `rows of ${table}`).toBeLessThan(most);
  });
});

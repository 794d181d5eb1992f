/** A million users against ten thousand, and a thousand: lists, counts and GET. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadSqlite } from '../dist/database/sqlite/sqlite-driver.js';
import {
  call,
  inTurns,
  load,
  makeClients,
  median,
  signInAdministrator,
  startService,
  whole,
} from './measuring.mjs';
import { getCurrent } from './requests.mjs';

const SIZES = { thousand: 1000, tenThousand: 10_000, million: 1_000_000 };

/** Starts a service on a database of so many users; some are administrators, locked out or disabled. */
async function startWith(users, directory) {
  const file = join(directory, `${users}.sqlite`);
  const settings = { DATABASE_URL: `sqlite:${file}`, BCRYPT_COST: '4' };
  const first = await startService(settings);
  const clients = await makeClients(first.url, 50);
  await first.stop();
  const database = new (loadSqlite())(file);
  const insert = database.prepare(
    `INSERT INTO users (login, login_key, password_hash, role, status, data) VALUES (?, ?, 'none', ?, ?, '{"theme":"dark"}')`,
  );
  database.transaction(() => {
    for (let index = 0; index < users; index += 1) {
      const login = `user-${index.toString(36).padStart(6, '0')}`;
      insert.run(login, login, index % 100 === 0 ? 0 : 1, index % 50 === 0 ? 2 : 0);
    }
  })();
  database.pragma('wal_checkpoint(TRUNCATE)');
  const last = database.prepare('SELECT max(id) AS id FROM users').get().id;
  database.close();
  const service = await startService(settings);
  const token = await signInAdministrator(service.url);
  /** The median time of a request in milliseconds. */
  const time = async (path, times = 31) => {
    const taken = [];
    for (let index = 0; index < times; index += 1) {
      const began = performance.now();
      await call(service.url, 'GET', path, { token });
      taken.push(performance.now() - began);
    }
    return median(taken);
  };
  return { service, clients, last, time };
}

/** Measures the rows about size. */
export async function measureMillion({ rounds, seconds }) {
  const directory = mkdtempSync(join(tmpdir(), 'hivegate-bench-'));
  const started = {};
  try {
    for (const [name, users] of Object.entries(SIZES)) started[name] = await startWith(users, directory);
    const { thousand, tenThousand, million } = started;
    const rows = [];

    const pages = await inTurns(
      rounds,
      () => million.time(`/user?take=100&after=${million.last - 100}`),
      () => million.time('/user?take=100'),
    );
    rows.push({
      what: 'list with `take=100` at 1 000 000 users, last page by `after` / first page',
      must: '≤ 1.2',
      measured: `**${pages.ratio.toFixed(2)}** (${pages.our.toFixed(2)} ms against ${pages.their.toFixed(2)} ms)`,
      met: pages.ratio <= 1.2,
    });
    for (const path of [
      '/user/count',
      '/user/count?role=0',
      '/user/count?status=2',
      '/user/count?role=1&status=0',
      '/user/count?login=user-000abc',
      '/user/count?loginPattern=user-000a%25',
      '/user?login=user-000abc',
      '/user?loginPattern=user-000a%25',
    ]) {
      const { our, their, ratio } = await inTurns(
        rounds,
        () => million.time(path, 7),
        () => tenThousand.time(path, 7),
      );
      rows.push({
        what: `\`GET ${path}\` at 1 000 000 / 10 000 users`,
        must: '≤ 10 ×, or explained by an index',
        measured: `**${ratio.toFixed(1)} ×** (${our.toFixed(2)} ms against ${their.toFixed(2)} ms)`,
        met: ratio <= 10,
      });
    }
    const get = async ({ service, clients }) => {
      const requests = getCurrent(clients);
      return (await load({ url: service.url, connections: 32, duration: seconds, requests })).perSecond;
    };
    await get(million);
    await get(thousand);
    const { our, their, ratio } = await inTurns(
      rounds,
      () => get(million),
      () => get(thousand),
    );
    rows.push({
      what: '`GET /user/current` at 1 000 000 users / at 1 000',
      must: '≥ 0.9',
      measured: `**${ratio.toFixed(2)}** (${whole(our)}/s against ${whole(their)}/s)`,
      met: ratio >= 0.9,
    });
    return rows;
  } finally {
    for (const { service } of Object.values(started)) await service.stop();
    rmSync(directory, { recursive: true });
  }
}

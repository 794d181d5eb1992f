import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { EntityManager } from 'typeorm';
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { userErrors } from '../../users/users.errors.js';
import type { Transaction } from '../transaction.js';
import { SqliteAdapter } from './sqlite.adapter.js';
import { loadSqlite } from './sqlite-driver.js';

const EMPTY = { entities: [], notBackedUp: [], cameWith: new Map<never, never>(), idsSkipped: new Map<never, number>(), migrations: [] };
const open = (file: string) => SqliteAdapter.open(file, EMPTY, () => undefined);

let directory: string;
let engine: SqliteAdapter;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'hivegate-group-'));
  engine = await open(join(directory, 'a.sqlite'));
  await transact(({ manager }) => manager.query('CREATE TABLE t (n integer PRIMARY KEY)'));
});
afterEach(async () => {
  await engine.close();
  await rm(directory, { recursive: true });
});

const transact = <T>(work: (transaction: Transaction) => Promise<T>, turnOf = 'test') =>
  engine.transaction(work, turnOf);
const insert = (n: number) => (transaction: Transaction) =>
  transaction.manager.query('INSERT INTO t (n) VALUES (?)', [n]);
const stored = async () =>
  (await engine.read((manager) => manager.query<{ n: number }[]>('SELECT n FROM t ORDER BY n'))).map(
    ({ n }) => n,
  );
const numbers = (count: number) => Array.from({ length: count }, (_, index) => index);

describe('units of work that wait together', () => {
  it('all become true, in far fewer commits', async () => {
    const watcher = new (loadSqlite())(join(directory, 'a.sqlite'), { readonly: true });
    const seen = new Set<number>();
    const all = numbers(200).map(async (n) => {
      await transact(insert(n));
      seen.add(watcher.pragma('data_version', { simple: true }) as number);
    });
    await Promise.all(all);
    watcher.close();
    expect(await stored()).toEqual(numbers(200));
    expect(seen.size).toBeLessThanOrEqual(8);
  });

  it('fail alone: one that throws leaves no trace, and its neighbours are there', async () => {
    const outcomes = await Promise.allSettled(
      numbers(30).map((n) =>
        transact(async (transaction) => {
          await insert(n)(transaction);
          if (n % 3 === 0) throw new Error(`not ${n}`);
        }),
      ),
    );
    expect(outcomes.map(({ status }) => status)).toEqual(
      numbers(30).map((n) => (n % 3 === 0 ? 'rejected' : 'fulfilled')),
    );
    expect(await stored()).toEqual(numbers(30).filter((n) => n % 3 !== 0));
  });

  it('fail alone by the database, too', async () => {
    await transact(insert(5));
    const outcomes = await Promise.allSettled(numbers(10).map((n) => transact(insert(n))));
    expect(outcomes.filter(({ status }) => status === 'rejected')).toHaveLength(1);
    expect(await stored()).toEqual(numbers(10));
  });

  it('follow one another: each sees what those before it have written', async () => {
    const counts = await Promise.all(
      numbers(20).map((n) =>
        transact(async (transaction) => {
          const [row] = await transaction.manager.query<{ count: number }[]>(
            'SELECT count(*) AS count FROM t',
          );
          await insert(n)(transaction);
          return row?.count;
        }),
      ),
    );
    expect(counts).toEqual(numbers(20));
  });

  it('are seen by readers only when they are true', async () => {
    const during: number[][] = [];
    await Promise.all(
      numbers(5).map((n) =>
        transact(async (transaction) => {
          await insert(n)(transaction);
          during.push(await stored());
        }),
      ),
    );
    expect(during).toEqual(Array(5).fill([]));
    expect(await stored()).toEqual(numbers(5));
  });

  it('all fail, and are told so, when their transaction has ended under them', async () => {
    const outcomes = await Promise.allSettled(
      numbers(5).map((n) =>
        transact(async (transaction) => {
          await insert(n)(transaction);
          // As a full disk does.
          if (n === 3) await transaction.manager.query('ROLLBACK');
          if (n === 3) throw new Error('the disk is full');
        }),
      ),
    );
    expect(outcomes.map(({ status }) => status)).toEqual(Array(5).fill('rejected'));
    expect(await stored()).toEqual([]);
    await transact(insert(9));
    expect(await stored(), 'and the next one is as ever').toEqual([9]);
  });

  it('are not refused for what one of them was refused for', async () => {
    const outcomes = await Promise.allSettled(
      numbers(5).map((n) =>
        transact(async (transaction) => {
          await insert(n)(transaction);
          if (n !== 3) return;
          await transaction.manager.query('ROLLBACK');
          throw userErrors.notFound(n);
        }),
      ),
    );
    expect(outcomes).toEqual(
      Array(5).fill({
        status: 'rejected',
        reason: expect.objectContaining({ message: 'The database is not available' }),
      }),
    );
    expect(await stored()).toEqual([]);
  });

  it('begin where an earlier transaction could not be rolled back', async () => {
    const query = vi.spyOn(EntityManager.prototype, 'query').mockImplementation(function (
      this: EntityManager,
      sql,
      parameters,
    ) {
      if (sql === 'ROLLBACK' || sql === 'COMMIT') return Promise.reject(new Error('the disk is away'));
      return this.dataSource.query(sql, parameters as unknown[], this.queryRunner);
    });
    onTestFinished(() => {
      query.mockRestore();
    });
    await expect(transact(insert(1))).rejects.toThrow('the disk is away');
    query.mockRestore();
    await transact(insert(2));
    expect(await stored()).toEqual([2]);
  });

  it('more than a thousand: the next one is told to come back', async () => {
    const outcomes = await Promise.allSettled(numbers(1100).map((n) => transact(insert(n))));
    const refused = outcomes.filter(({ status }) => status === 'rejected');
    expect(refused.length).toBe(100);
    expect(refused[0]).toMatchObject({ reason: { message: 'The service is busy' } });
    expect(await stored()).toHaveLength(1000);
  });

  it('of many get their turns round robin, beyond one group', async () => {
    const order: string[] = [];
    const write = (turnOf: string, n: number) =>
      transact(async (transaction) => {
        order.push(turnOf);
        await insert(n)(transaction);
      }, turnOf);
    const flood = numbers(500).map((n) => write('user/7', n));
    const others = numbers(5).map((n) => write(`user/${n}`, 1000 + n));
    await Promise.all([...flood, ...others]);
    expect(order.slice(0, 64).filter((turnOf) => turnOf !== 'user/7')).toHaveLength(5);
    expect(await stored()).toHaveLength(505);
  });

  it('more than a thousand: who has the most waiting loses the newest, and others nothing', async () => {
    const flood = Promise.allSettled(numbers(1500).map((n) => transact(insert(n), 'user/7')));
    const others = await Promise.allSettled(
      numbers(20).map((n) => transact(insert(2000 + n), `user/${n % 5}`)),
    );
    expect(new Set(others.map(({ status }) => status))).toEqual(new Set(['fulfilled']));
    const outcomes = await flood;
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(980);
    expect(outcomes.slice(0, 900).every(({ status }) => status === 'fulfilled')).toBe(true);
  });

  it('are finished before the engine closes', async () => {
    const file = join(directory, 'b.sqlite');
    const other = await open(file);
    const work = other.transaction(({ manager }) => manager.query('CREATE TABLE u (n integer)'), 'test');
    await other.close();
    await work;
    const reader = new (loadSqlite())(file, { readonly: true });
    expect(reader.prepare('SELECT count(*) AS count FROM u').get()).toEqual({ count: 0 });
    reader.close();
  });
});

describe('while another process writes, units of work', () => {
  /** Holds the lock of writers, as another process does. */
  const hold = () => {
    const other = new (loadSqlite())(join(directory, 'a.sqlite'));
    onTestFinished(() => {
      other.close();
    });
    other.exec('BEGIN IMMEDIATE');
    return other;
  };

  it('wait, and this process goes on: reads are answered before the lock is released', async () => {
    const other = hold();
    const order: string[] = [];
    const writes = Promise.all(
      numbers(3).map(async (n) => {
        await transact(insert(n));
        order.push(`written ${n}`);
      }),
    );
    await pause(100);
    expect(await stored()).toEqual([]);
    order.push('read');
    other.exec('COMMIT');
    await writes;
    expect(order).toEqual(['read', 'written 0', 'written 1', 'written 2']);
    expect(await stored()).toEqual([0, 1, 2]);
  });

  it('keep their turns: those that come meanwhile follow', async () => {
    const other = hold();
    const order: number[] = [];
    const write = (n: number) =>
      transact(async (transaction) => {
        order.push(n);
        await insert(n)(transaction);
      });
    const first = numbers(70).map(write);
    await pause(20);
    const later = [70, 71].map(write);
    await pause(20);
    other.exec('COMMIT');
    await Promise.all([...first, ...later]);
    expect(order).toEqual(numbers(72));
  });

  it('are refused after five seconds, also those behind many others, and the next ones are as ever', async () => {
    const other = hold();
    const outcomes = Promise.allSettled(numbers(300).map((n) => transact(insert(n))));
    await pause(50);
    const now = performance.now.bind(performance);
    const clock = vi.spyOn(performance, 'now').mockImplementation(() => now() + 5001);
    onTestFinished(() => {
      clock.mockRestore();
    });
    const busy = { status: 'rejected', reason: expect.objectContaining({ code: 'SQLITE_BUSY' }) };
    expect(await outcomes).toEqual(Array(300).fill(busy));
    other.exec('COMMIT');
    await transact(insert(9));
    expect(await stored()).toEqual([9]);
  });

  it('are committed later, when it keeps them from being so', async () => {
    // As a reader does where the file system has no write-ahead log.
    let refusals = 3;
    const query = vi.spyOn(EntityManager.prototype, 'query').mockImplementation(function (
      this: EntityManager,
      sql,
      parameters,
    ) {
      if (sql === 'COMMIT' && (refusals -= 1) >= 0)
        return Promise.reject(Object.assign(new Error('database is locked'), { code: 'SQLITE_BUSY' }));
      return this.dataSource.query(sql, parameters as unknown[], this.queryRunner);
    });
    onTestFinished(() => {
      query.mockRestore();
    });
    await transact(insert(1));
    expect(refusals).toBeLessThan(0);
    expect(await stored()).toEqual([1]);
  });

  it('are finished before the engine closes', async () => {
    const file = join(directory, 'b.sqlite');
    const engineOfB = await open(file);
    const other = new (loadSqlite())(file);
    other.exec('BEGIN IMMEDIATE');
    const work = engineOfB.transaction(({ manager }) => manager.query('CREATE TABLE u (n integer)'), 'test');
    const closed = engineOfB.close();
    await pause(50);
    other.exec('COMMIT');
    await Promise.all([work, closed]);
    expect(other.prepare('SELECT count(*) AS count FROM u').get()).toEqual({ count: 0 });
    other.close();
  });
});

import { type IncomingMessage, request } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { SelectQueryBuilder } from 'typeorm';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { STRICT } from '../../src/dialect/dialect.js';
import { Lists } from '../../src/pagination/lists.js';
import { Scan } from '../../src/pagination/scan.js';
import { kindOfDatabase } from '../support/database.js';
import { expectError } from '../support/errors.js';
import { follow, insertUsers, nextOf } from '../support/lists.js';
import { idsOf } from '../support/scopes.js';
import { TestService } from '../support/service.js';

/*
 * Lists in the compatible mode: a list without `take` is all of it, and it is streamed (contract.md §9).
 */

const COUNT = 400;
const data = JSON.stringify({ text: 'x'.repeat(60_000) });

let service: TestService;
beforeAll(async () => {
  service = await TestService.start({ COMPATIBILITY: 'devicehive' });
  await insertUsers(
    service.database,
    Array.from({ length: COUNT }, (_, index) => ({ login: `streamed-${index}`, data })),
  );
});
afterAll(() => service.stop());

/** A response whose body is read when the test says so. */
async function open(path: string) {
  const { baseUrl, token } = service.admin;
  const headers = { authorization: `Bearer ${token}` };
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    request(`${baseUrl}${path}`, { headers, agent: false }, resolve).on('error', reject).end();
  });
  const rest = async () => {
    let text = '';
    for await (const chunk of response) text += String(chunk);
    return text;
  };
  return { response, rest };
}

describe('a streamed list', () => {
  it('is the whole list, in JSON', async () => {
    const answer = await service.admin.get('/user');
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toBe('application/json; charset=utf-8');
    expect(answer.body).toHaveLength(COUNT + 1);
    expect(answer.text).toContain(`"data":${data}`);
    expect(nextOf(answer)).toBeUndefined();
    expect(new Set(idsOf(answer)).size).toBe(COUNT + 1);
    expect((await service.admin.get('/user?sortField=Login&sortOrder=DESC')).body[0].login).toBe(
      'streamed-99',
    );
    expect((await service.admin.get('/user?loginPattern=nobody%25')).text).toBe('[]');
    expect((await service.admin.get('/network')).body).toHaveLength(1);
  });

  it('takes any number, and announces the next page when it has cut the list', async () => {
    for (const sort of ['', '&sortField=Login']) {
      const pages = await follow(service.admin, `/user?take=150${sort}`);
      expect(pages.map(({ body }) => body.length)).toEqual([150, 150, COUNT + 1 - 300]);
      expect(new Set(pages.flatMap(idsOf)).size).toBe(COUNT + 1);
      expect(nextOf(await service.admin.get(`/user?take=${COUNT + 1}${sort}`))).toBeUndefined();
      expect(nextOf(await service.admin.get(`/user?take=${COUNT}${sort}`))).toBeDefined();
      expect(nextOf(await service.admin.get(`/user?take=${COUNT}&skip=1${sort}`))).toBeUndefined();
    }
    expect((await service.admin.get('/user?take=2147483647')).body).toHaveLength(COUNT + 1);
    expect((await service.admin.get('/user?take=1&role=0')).body).toHaveLength(1);
    const none = await service.admin.get('/user?take=0');
    expect(none.text).toBe('[]');
    expect(nextOf(none)).toBeUndefined();
  });

  it.each([
    ['take', 'take=2147483648'],
    ['take', 'take=-1'],
    ['after', 'after=x'],
    ['after', 'after=1&skip=1'],
    ['after', 'after=1&sortField=Login'],
  ])('refuses %s as any other: %s', async (field, query) => {
    expectError(await service.admin.get(`/user?${query}`), { status: 400, fields: [field] });
  });

  it('is read in slices that each have one end: of two, SQLite would read up to the farther one', async () => {
    const read = vi.spyOn(SelectQueryBuilder.prototype, 'getRawOne');
    try {
      for (const sort of ['', '&sortField=Login&sortOrder=DESC']) {
        const answer = await service.admin.get(`/user?skip=300&take=20${sort}`);
        expect(answer.body).toHaveLength(20);
      }
      const statements = read.mock.contexts.map((query) => (query as SelectQueryBuilder<object>).getQuery());
      const ends = statements.map((statement) => statement.match(/[<>]=/g)?.length ?? 0);
      expect(Math.max(...ends)).toBeLessThan(2);
      if (kindOfDatabase() === 'sqlite') expect(ends).toContain(1);
    } finally {
      read.mockRestore();
    }
  });

  it('has no body for HEAD', async () => {
    const answer = await service.admin.send('HEAD', '/user');
    expect(answer.status).toBe(200);
    expect(answer.text).toBe('');
  });

  it('is read while it is sent: a user who is deleted before its turn is not in it', async () => {
    const { rest } = await open('/user');
    const last = `streamed-${COUNT - 1}`;
    await pause(300);
    await service.database.query('DELETE FROM users WHERE login = ?', [last]);
    const text = await rest();
    expect(JSON.parse(text)).toHaveLength(COUNT);
    expect(text).not.toContain(last);
    await insertUsers(service.database, [{ login: last, data }]);
  });

  it('holds no connection of the database while it waits for its client', async () => {
    const readers = await Promise.all(Array.from({ length: 12 }, () => open('/user')));
    await pause(300);
    expect((await service.admin.get('/user/1')).status).toBe(200);
    expect((await service.admin.get('/user/count')).body).toEqual({ count: COUNT + 1 });
    for (const { rest } of readers) expect(JSON.parse(await rest())).toHaveLength(COUNT + 1);
  });

  it('ends with its client', async () => {
    const loads = vi.spyOn(Scan.prototype, 'load');
    try {
      const { response } = await open('/user');
      response.destroy();
      let seen: number;
      do {
        seen = loads.mock.calls.length;
        await pause(300);
      } while (loads.mock.calls.length > seen);
      // Two users are loaded at once.
      expect(seen).toBeGreaterThan(0);
      expect(seen).toBeLessThan(COUNT / 2);
    } finally {
      loads.mockRestore();
    }
  });

  it('has no end when it fails: the connection is closed', async () => {
    const { response, rest } = await open('/user');
    await pause(300);
    await service.database.query('ALTER TABLE users RENAME TO gone');
    let text = '';
    try {
      await expect(
        rest().then((whole) => {
          text = whole;
        }),
      ).rejects.toThrow('aborted');
    } finally {
      await service.database.query('ALTER TABLE gone RENAME TO users');
    }
    expect(text).toBe('');
    expect(response.complete).toBe(false);
    expect((await service.admin.get('/user?take=1')).status).toBe(200);
  });
});

describe('the size of a page', () => {
  it('is what the rules say, and a page has at least one row', async () => {
    const own = await TestService.start();
    try {
      for (const login of ['a01', 'b02']) await insertUsers(own.database, [{ login }]);
      const rules = { defaultTake: 2, leastTake: 1, mostTake: 2, streamed: false };
      const sizesBy = async (mostBytes: number) => {
        Reflect.set(own.app.get(Lists), 'dialect', { ...STRICT, lists: { ...rules, mostBytes } });
        return (await follow(own.admin, '/user')).map(({ body }) => body.length);
      };
      expect(await sizesBy(1)).toEqual([1, 1, 1]);
      expect(await sizesBy(Infinity)).toEqual([2, 1]);
      const { text } = await own.admin.get('/user');
      expect(await sizesBy(Buffer.byteLength(text))).toEqual([2, 1]);
      expect(await sizesBy(Buffer.byteLength(text) - 1)).toEqual([1, 2]);
    } finally {
      await own.stop();
    }
  });
});

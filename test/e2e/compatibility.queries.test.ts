import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Answer } from '../support/client.js';
import { freshName } from '../support/fresh-name.js';
import { idsOf, KINDS } from '../support/scopes.js';
import { TestService } from '../support/service.js';
import { createUser } from '../support/users.js';

/** The queries of DeviceHive's clients (contract.md §9). */

let service: TestService;
beforeAll(async () => {
  service = await TestService.start({ COMPATIBILITY: 'devicehive' });
});
afterAll(() => service.stop());

const LISTS = ['user', ...KINDS.map(({ path }) => path)] as const;
/** The parameter that names a pattern. */
const patternOf = (list: string) => (list === 'user' ? 'loginPattern' : 'namePattern');

/** Makes rows behind the service's back, with names under a prefix, and returns a query for them and their count. */
async function fill(
  list: (typeof LISTS)[number],
  count: number,
  data: string | null = null,
  { database } = service,
) {
  const prefix = freshName('fill');
  // A few rows in each statement: SQLite has a limit of parameters.
  for (let from = 0; from < count; from += 50) {
    const numbers = Array.from({ length: Math.min(50, count - from) }, (_, index) => from + index);
    const names = numbers.map((number) => `${prefix}-${number}`);
    if (list === 'user') {
      await database.query(
        `INSERT INTO users (login, login_key, password_hash, role, status, data, intro_reviewed, all_device_types_available)
           VALUES ${names.map(() => "(?, ?, 'none', 1, 0, ?, false, true)").join()}`,
        names.flatMap((name) => [name, name, data]),
      );
    } else {
      const table = list === 'network' ? 'networks' : 'device_types';
      await database.query(
        `INSERT INTO ${table} (name, name_key) VALUES ${names.map(() => '(?, ?)').join()}`,
        names.flatMap((name) => [name, name]),
      );
    }
  }
  return `/${list}?${patternOf(list)}=${prefix}-%25`;
}

describe('forms that are left empty', () => {
  it('ask for everything', async () => {
    const all = idsOf(await service.admin.get('/user'));
    for (const query of [
      'take=&role=&status=&skip=',
      'take&role&status&skip',
      'login=&loginPattern=&sortField=&sortOrder=',
      'take=2147483647',
      'take=2147483647&skip=0&unknown=1',
      '',
    ])
      expect([query, idsOf(await service.admin.get(`/user?${query}`))]).toEqual([query, all]);
  });

  it('are the same where they are sent with what is filled in', async () => {
    const { id, login } = await createUser(service.admin);
    expect(idsOf(await service.admin.get(`/user?login=${login}&role=&status=0&take=&skip=`))).toEqual([id]);
    expect((await service.admin.get(`/user/count?login=${login}&role=&status=`)).body).toEqual({ count: 1 });
  });
});

describe.each(LISTS)('GET /%s', (list) => {
  let all: string;
  beforeAll(async () => {
    all = await fill(list, 150);
  });
  const idsFor = async (query: string) => idsOf(await service.admin.get(`${all}${query}`));

  it('without take is all of them', async () => {
    const { status, headers, body } = await service.admin.get(all);
    expect([status, body.length]).toEqual([200, 150]);
    expect(headers.get('content-type')).toMatch(/^application\/json/);
    expect(headers.get('link')).toBeNull();
  });

  it.each([
    ['&take=0', 0, 0],
    ['&take=0&skip=3', 0, 0],
    ['&take=120', 0, 120],
    ['&skip=120', 120, 150],
    ['&take=20&skip=140', 140, 150],
    ['&skip=150', 0, 0],
    ['&take=2147483647', 0, 150],
    ['&take=2147483647&skip=1', 1, 150],
  ])('with %s', async (query, from, to) => {
    const whole = await idsFor('');
    expect(await idsFor(query)).toEqual(whole.slice(from, to));
  });

  it('in either order', async () => {
    const field = list === 'user' ? 'Login' : 'Name';
    const whole = await idsFor('');
    expect(await idsFor('&sortOrder=DESC')).toEqual(whole.toReversed());
    const sorted = await idsFor(`&sortField=${field}`);
    expect(await idsFor(`&sortField=${field.toLowerCase()}&sortOrder=desc`)).toEqual(sorted.toReversed());
    expect(sorted.toSorted((a, b) => a - b)).toEqual(whole);
    expect(await idsFor(`&sortField=${field}&take=10&skip=130`)).toEqual(sorted.slice(130, 140));
  });

  it.each([
    'take=-1',
    'take=2147483648',
    'take=abc',
    'take=1.5',
    'take=1e3',
    'take=1&take=2',
    'skip=-1',
    'skip=abc',
    'sortOrder=sideways',
    'sortField=password',
    'sortField=data',
    'after=abc',
  ])('refuses %s', async (query) => {
    const { status, body } = await service.admin.get(`${all}&${query}`);
    expect([status, body.error]).toEqual([400, 400]);
  });

  it('is what a client can reach', async () => {
    const { client } = await service.createUser({ allDeviceTypesAvailable: false });
    const { status, body } = await client.get(`/${list}?take=2147483647`);
    if (list === 'user') expect(status).toBe(403);
    else expect([status, body]).toEqual([200, []]);
  });
});

describe('a whole list', () => {
  it('is not cut by its size', async () => {
    const data = JSON.stringify({ text: 'x'.repeat(60_000) });
    const all = await fill('user', 200, data);
    // 12 MB: more than a page may have in the strict mode.
    for (const query of ['', '&take=1000', '&sortField=login&sortOrder=DESC']) {
      const { status, body, text } = await service.admin.get(`${all}${query}`);
      expect([query, status, body.length]).toEqual([query, 200, 200]);
      expect(text.length).toBeGreaterThan(12_000_000);
    }
  });

  it('that nobody reads to its end leaves nothing', async () => {
    const data = JSON.stringify({ text: 'x'.repeat(60_000) });
    const all = await fill('user', 100, data);
    const { hostname, port, pathname } = new URL(service.client.baseUrl);
    const sockets = Array.from({ length: 20 }, () =>
      connect(Number(port), hostname).on('error', () => undefined),
    );
    for (const socket of sockets) {
      socket.pause();
      socket.write(
        `GET ${pathname}${all} HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer ${service.admin.token}\r\n\r\n`,
      );
    }
    // Twenty that wait to be read keep nobody from the database.
    const answers: Answer[] = [];
    for (let count = 0; count < 20; count += 1) answers.push(await service.admin.get('/user/1'));
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
    expect((await service.admin.put('/user/1', { data: { written: true } })).status).toBe(204);
    for (const socket of sockets) socket.destroy();
    expect((await service.admin.get(all)).body).toHaveLength(100);
  });
});

describe('a list that fails half-way', () => {
  it('breaks the connection off: nobody takes it for whole', async () => {
    const own = await TestService.start({ COMPATIBILITY: 'devicehive' });
    try {
      const all = await fill('user', 500, JSON.stringify({ text: 'x'.repeat(60_000) }), own);
      const { hostname, port, pathname } = new URL(own.client.baseUrl);
      const socket = connect(Number(port), hostname).setEncoding('latin1');
      socket.on('error', () => undefined);
      const closed = new Promise((done) => socket.once('close', done));
      socket.write(
        `GET ${pathname}${all} HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer ${own.admin.token ?? ''}\r\n\r\n`,
      );
      const head = await new Promise<string>((done) => socket.once('data', done));
      socket.pause();
      // Far more than the buffers between the two hold is left to be read.
      await own.database.query('ALTER TABLE users RENAME TO gone');
      let [length, end] = [0, ''];
      socket.on('data', (text: string) => {
        length += text.length;
        end = (end + text).slice(-100);
      });
      socket.resume();
      await closed;
      expect(head).toMatch(/^HTTP\/1\.1 200 /);
      expect(length).toBeLessThan(500 * 60_000);
      expect(end).not.toMatch(/\]\r\n0\r\n\r\n$|0\r\n\r\n$|\]$/);
      await own.database.query('ALTER TABLE gone RENAME TO users');
      expect((await own.admin.get('/user/1')).status).toBe(200);
    } finally {
      await own.stop();
    }
  });
});

describe('unknown parameters', () => {
  it('are ignored', async () => {
    const { id } = await createUser(service.admin);
    for (const [method, path] of [
      ['GET', `/user/${id}?unknown=1`],
      ['GET', '/user/current?unknown'],
      ['GET', '/info?unknown=1&unknown=2'],
      ['GET', '/network/count?take=5'],
      ['PUT', `/user/${id}?role=0`],
      ['DELETE', `/user/${id}?unknown=1`],
    ] as const) {
      const { status } = await service.admin.send(method, path, { body: method === 'PUT' ? {} : undefined });
      expect([method, path, status]).toEqual([method, path, method === 'GET' ? 200 : 204]);
    }
  });

  it('change nothing', async () => {
    const { id, client } = await service.createUser();
    expect((await client.put('/user/current?role=0&status=2&id=1&value=x', {})).status).toBe(204);
    expect((await service.admin.get(`/user/${id}`)).body).toMatchObject({ role: 1, status: 0 });
  });
});

describe('the header Authorization', () => {
  it.each(['Bearer', 'bearer', 'BEARER', 'Bearer '])('is read as %stoken', async (scheme) => {
    const { id, accessToken } = await service.createUser();
    const { status, body } = await service.client.get('/user/current', {
      authorization: `${scheme}${accessToken}`,
    });
    expect([status, body.id]).toEqual([200, id]);
  });

  it.each(['', 'Basic ', 'Bearerx', 'Bear', 'Bearer Bearer', 'BearerBearer '])(
    'is refused as %stoken',
    async (scheme) => {
      const { accessToken } = await service.createUser();
      const { status } = await service.client.get('/user/current', {
        authorization: `${scheme}${accessToken}`,
      });
      expect(status).toBe(401);
    },
  );

  it('is refused without the space in the strict mode', async () => {
    const strict = await TestService.start();
    try {
      const authorization = `Bearer${strict.admin.token ?? ''}`;
      expect((await strict.client.get('/user/current', { authorization })).status).toBe(401);
    } finally {
      await strict.stop();
    }
  });
});

import { connect } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Answer, Client } from '../support/client.js';
import { expectError } from '../support/errors.js';
import { exchangeRaw, sendRaw } from '../support/raw.js';
import { ADMINISTRATOR, PASSWORD, TestService, type TestUser } from '../support/service.js';

const KIB = 1024;
const CREDENTIALS = { login: ADMINISTRATOR.login, password: ADMINISTRATOR.password };

let service: TestService;
let user: TestUser;
/** Not held to the API document, which says nothing of what no client should send. */
let nobody: Client;
let admin: Client;
let client: Client;
beforeAll(async () => {
  service = await TestService.start();
  user = await service.createUser();
  nobody = new Client(service.client.baseUrl);
  admin = nobody.as(service.admin.token);
  client = nobody.as(user.accessToken);
});
afterAll(() => service.stop());

/** The head of a request, as HTTP/1.1 has it. */
const head = (requestLine: string, token?: string, headers: readonly string[] = []) =>
  [
    `${requestLine} HTTP/1.1`,
    'Host: a',
    ...(token === undefined ? [] : [`Authorization: Bearer ${token}`]),
    ...headers,
    '',
    '',
  ].join('\r\n');
/** Announces a body that never comes: a service that reads it first does not respond. */
const announce = (requestLine: string, token?: string, length = 1000) =>
  sendRaw(
    service.client.baseUrl,
    head(requestLine, token, ['Connection: close', `Content-Length: ${length}`]),
  );
const padded = (text: string, bytes: number) => text + ' '.repeat(bytes - Buffer.byteLength(text));
const json = (value: unknown) => JSON.stringify(value);
const members = (count: number) =>
  json(Object.fromEntries(Array.from({ length: count }, (_, index) => [`m${index}`, 0])));

/** Sends requests in one packet on one connection, and returns the statuses of all responses. */
async function statusesOf(...requests: readonly string[]): Promise<readonly number[]> {
  const last = head('GET /health/live', undefined, ['Connection: close']);
  const text = await exchangeRaw(service.client.baseUrl, requests.join('') + last);
  return [...text.matchAll(/HTTP\/1\.1 (\d+) /g)].map(([, status]) => Number(status));
}
const put = (body: string, token = service.admin.token, headers: readonly string[] = []) =>
  head('PUT /user/current', token, [...headers, `Content-Length: ${Buffer.byteLength(body)}`]) + body;

describe('the token is checked before the body is read (contract.md §6)', () => {
  it('at every route with a body that needs one', async () => {
    const { body: document } = await service.client.get('/swagger.json');
    const routes = Object.entries<Record<string, { 'x-access': unknown }>>(document.paths).flatMap(
      ([path, operations]) =>
        Object.entries(operations)
          .filter(([method]) => ['post', 'put', 'delete'].includes(method))
          .map(([method, operation]) => ({
            route: `${method.toUpperCase()} ${path.replaceAll(/\{\w+\}/g, '7')}`,
            access: operation['x-access'] as 'public' | { readonly who: string },
          })),
    );
    const isPublic = routes.filter(({ access }) => access === 'public').map(({ route }) => route);
    expect(isPublic.sort()).toEqual(['POST /token', 'POST /token/refresh', 'POST /token/revoke']);
    const closed = routes.filter(({ access }) => access !== 'public');
    expect(closed.length).toBeGreaterThan(20);
    for (const { route, access } of closed) {
      expectError(await announce(route), { status: 401, message: 'Unauthorized' });
      expectError(await announce(route, 'a.b.c'), { status: 401, message: 'Unauthorized' });
      expectError(await announce(route, user.refreshToken), { status: 401 });
      if (access !== 'public' && access.who === 'administrators')
        expectError(await announce(route, user.accessToken), { status: 403, message: 'Access is denied' });
    }
  });

  it('so without one, no fault of a body is told', async () => {
    for (const body of ['{', members(20_000), padded('{}', 2000 * KIB)]) {
      expectError(await nobody.put('/user/current', body), { status: 401 });
      expectError(await client.put('/network/1', body), { status: 403 });
    }
    expectError(await nobody.put('/user/current', '', { 'content-type': 'text/plain' }), { status: 401 });
  });

  it('and whether the path and the method exist', async () => {
    for (const token of [undefined, service.admin.token]) {
      expectError(await announce('POST /nothing', token), { status: 404 });
      expectError(await announce('PUT /user/', token), { status: 404 });
      expectError(await announce('POST /user/1', token), { status: 405 });
    }
  });

  it('and after it, a token that was revoked meanwhile gets 401 all the same', async () => {
    const { accessToken } = (await service.client.signIn({ login: user.login, password: PASSWORD })).body;
    const { hostname, port } = new URL(service.client.baseUrl);
    const request = put('{"data":{"late":true}}', accessToken, ['Connection: close']);
    const text = await new Promise<string>((resolve) => {
      let received = '';
      const socket = connect(Number(port), hostname)
        .setEncoding('utf8')
        .on('data', (part: string) => (received += part))
        .on('close', () => {
          resolve(received);
        });
      // Its last byte comes after the session has ended.
      socket.write(request.slice(0, -1), () => {
        void (async () => {
          await service.client.as(accessToken).get('/user/current');
          await service.admin.delete(`/user/${user.id}/session`);
          socket.write('}');
        })();
      });
    });
    expect(text).toMatch(/^HTTP\/1\.1 401 /);
    user = { ...user, ...(await service.client.signIn({ login: user.login, password: PASSWORD })).body };
    client = nobody.as(user.accessToken);
    expect((await client.get('/user/current')).body.data).toBeNull();
  });
});

describe('the limit of a body', () => {
  const atLimit: readonly [route: string, kib: number, limit: string, body: () => string, status: number][] =
    [
      ['POST /token', 4, '4 KiB', () => json(CREDENTIALS), 201],
      ['POST /token/refresh', 16, '16 KiB', () => json({ refreshToken: user.refreshToken }), 201],
      ['POST /token/revoke', 16, '16 KiB', () => json({ token: 'unknown' }), 200],
      ['POST /token/create', 128, '128 KiB', () => json({ userId: user.id }), 201],
      ['PUT /user/current', 1024, '1 MiB', () => '{}', 204],
      ['PUT /user/1', 1024, '1 MiB', () => '{}', 204],
      ['PATCH /user/current', 1024, '1 MiB', () => '{}', 204],
      ['PATCH /user/1', 1024, '1 MiB', () => '{}', 204],
      ['POST /user', 1024, '1 MiB', () => json({ login: 'of-1-mib', password: PASSWORD, role: 1 }), 201],
      ['POST /network', 128, '128 KiB', () => json({ name: 'of 128 KiB' }), 201],
      ['PUT /configuration/any', 128, '128 KiB', () => json({ value: 'x' }), 200],
      ['DELETE /network/987', 128, '128 KiB', () => '{}', 404],
    ];
  it.each(atLimit)('of %s is %i KiB, and the error names it', async (route, kib, limit, body, status) => {
    const [method = '', path = ''] = route.split(' ');
    const send = (bytes: number) => admin.send(method, path, { body: padded(body(), bytes) });
    const tooLarge = { status: 413, message: `The body is larger than ${limit}` };
    expectError(await send(kib * KIB + 1), tooLarge);
    const announced = await announce(route, service.admin.token, kib * KIB + 1);
    expectError(announced, tooLarge);
    const chunk = padded(body(), kib * KIB + 1);
    const chunked = `${chunk.length.toString(16)}\r\n${chunk}\r\n`;
    expectError(
      await sendRaw(
        service.client.baseUrl,
        head(route, service.admin.token, ['Transfer-Encoding: chunked']),
        chunked,
      ),
      tooLarge,
    );
    expect((await send(kib * KIB)).status).toBe(status);
  });

  it('is 16 members where no token is needed, those of nested objects included', async () => {
    const tooMany = { status: 413, message: 'The body has more than 16 members' };
    for (const path of ['/token', '/token/refresh', '/token/revoke']) {
      expectError(await nobody.post(path, members(17)), tooMany);
      expectError(await admin.post(path, `{"login":{${members(16).slice(1)}}`), tooMany);
      expectError(await nobody.post(path, `[${'{"":0},'.repeat(17)}`), tooMany);
    }
    expectError(await nobody.post('/token', members(16)), {
      status: 400,
      fields: Object.keys(JSON.parse(members(16)) as object),
    });
    expect((await nobody.post('/token/revoke', members(16).replace('m0":0', 'token":"a"'))).status).toBe(200);
  });

  it('is 16 parameters of a form', async () => {
    const form = { 'content-type': 'application/x-www-form-urlencoded' };
    const parameters = (count: number) =>
      ['token=a', ...Array.from({ length: count - 1 }, (_, index) => `p${index}=1`)].join('&');
    expect((await nobody.post('/token/revoke', parameters(16), form)).status).toBe(200);
    for (const body of [parameters(17), `token=a${'&'.repeat(16)}`, '&'.repeat(15 * KIB)])
      expectError(await nobody.post('/token/revoke', body, form), {
        status: 413,
        message: 'The body has more than 16 members',
      });
  });

  it('is 16,384 members with a token', async () => {
    const tooMany = { status: 413, message: 'The body has more than 16384 members' };
    expectError(await admin.put('/user/current', members(16_385)), tooMany);
    expectError(await admin.put('/user/current', `{"data":${members(16_384)}}`), tooMany);
    expectError(await client.put('/user/current', members(100_000).slice(0, KIB * KIB)), tooMany);
    // As much as data may have in 64 KiB.
    const data = `{${Array.from({ length: 8000 }, (_, index) => `"${index.toString(36)}":1`).join()}}`;
    expect((await client.put('/user/current', `{"data":${data}}`)).status).toBe(204);
    expect((await client.get('/user/current')).text).toContain(`"data":${data}`);
  });
});

describe('a request without a body is never 415', () => {
  it.each([
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'garbage',
    ';;',
    'application/json; charset=latin1',
  ])('whatever type it names: %s', async (type) => {
    const bodies: [headers: string[], body: string][] = [
      [[], ''],
      [['Content-Length: 0'], ''],
      [['Content-Length: 00'], ''],
      [['Transfer-Encoding: chunked'], '0\r\n\r\n'],
      [['Content-Length: 0', 'Content-Encoding: gzip'], ''],
      [['Transfer-Encoding: chunked', 'Content-Encoding: br'], '0\r\n\r\n'],
    ];
    for (const [headers, body] of bodies) {
      const answer = (requestLine: string, token?: string) =>
        sendRaw(
          service.client.baseUrl,
          head(requestLine, token, ['Connection: close', `Content-Type: ${type}`, ...headers]),
          body,
        );
      expect((await answer('PUT /user/current', service.admin.token)).status).toBe(204);
      expectError(await answer('POST /token'), { status: 400 });
      expectError(await answer('POST /token/revoke'), { status: 400, fields: ['token'] });
      expectError(await answer('DELETE /user/987654321', service.admin.token), { status: 404 });
    }
  });

  it('but one with a single byte is', async () => {
    for (const [headers, body] of [
      [['Content-Length: 1'], '{'],
      [['Transfer-Encoding: chunked'], '1\r\n{\r\n0\r\n\r\n'],
      // Its end never comes.
      [['Transfer-Encoding: chunked'], '1\r\n{\r\n'],
    ] as const) {
      for (const type of ['text/plain', 'garbage']) {
        const request = head('PUT /user/current', service.admin.token, [
          'Connection: close',
          `Content-Type: ${type}`,
          ...headers,
        ]);
        expectError(await sendRaw(service.client.baseUrl, request, body), { status: 415 });
      }
    }
  });
});

describe('a connection', () => {
  it('is kept after an error in a body that was read', async () => {
    const requests: [request: string, status: number][] = [
      [put('{'), 400],
      [put('{"shoeSize":9}'), 400],
      [put(members(20_000)), 413],
      [put('<xml/>', service.admin.token, ['Content-Type: application/json; charset=utf-16']), 415],
      [put('a=b', service.admin.token, ['Content-Type: application/x-www-form-urlencoded']), 415],
      [put('{"data":{"a":1}}'), 204],
    ];
    for (const [request, status] of requests)
      expect(await statusesOf(request, request)).toEqual([status, status, 200]);
  });

  it('is kept after an error that did not wait for a body of up to 128 KiB, which is dropped', async () => {
    const requests: [request: string, status: number][] = [
      [put('{}', 'no token'), 401],
      [put('{"data":{"a":1}}', user.accessToken).replace('/user/current', '/network/1'), 403],
      [put('{}').replace('/user/current', '/nothing'), 404],
      [put('{}').replace('PUT /user/current', 'POST /user/current'), 405],
      [put('<xml/>', service.admin.token, ['Content-Type: application/xml']), 415],
      [put(' '.repeat(4 * KIB + 1)).replace('PUT /user/current', 'POST /token'), 413],
      [put(padded('{}', 128 * KIB), 'no token'), 401],
    ];
    for (const [request, status] of requests)
      expect(await statusesOf(request, request)).toEqual([status, status, 200]);
  });

  it('is closed after one that does not wait for a longer body, or one of unknown length', async () => {
    for (const headers of [['Transfer-Encoding: chunked'], [`Content-Length: ${128 * KIB + 1}`]]) {
      for (const token of [undefined, service.admin.token]) {
        const answer = await sendRaw(service.client.baseUrl, head('PUT /nothing', token, headers));
        expectError(answer, { status: 404 });
        expect(answer.headers.get('connection')).toBe('close');
      }
    }
  });
});

describe('large bodies that do not arrive', () => {
  it('take bounded memory: a user gets 503 for more, and others are served', async () => {
    const [slow, other] = [await service.createUser(), await service.createUser()];
    const { hostname, port } = new URL(service.client.baseUrl);
    const head =
      `PUT /user/current HTTP/1.1\r\nHost: ${hostname}\r\nAuthorization: Bearer ${slow.accessToken}\r\n` +
      `Content-Type: application/json\r\nContent-Length: ${1024 * 1024}\r\n\r\n`;
    const sockets = Array.from({ length: 24 }, () =>
      connect(Number(port), hostname).on('error', () => undefined),
    );
    for (const socket of sockets) socket.write(`${head}{"data":`);
    const refused = await sendUntilRefused(() => sendRaw(service.client.baseUrl, head));
    expectError(refused, { status: 503, message: 'The service is busy' });
    expect((await slow.client.put('/user/current', { data: { small: true } })).status).toBe(204);
    const spaces = `${' '.repeat(200 * 1024)}{"data":{"a":1}}`;
    expect((await other.client.put('/user/current', spaces)).status).toBe(204);
    const tooLarge = head.replace(String(1024 * 1024), String(Number.MAX_SAFE_INTEGER));
    expectError(await sendRaw(service.client.baseUrl, tooLarge), { status: 413 });
    for (const socket of sockets) socket.destroy();
    await expect.poll(async () => (await slow.client.put('/user/current', spaces)).status).toBe(204);
  });
});

/** Sends a request until it gets a response: before the others have arrived, it would wait for its own body. */
async function sendUntilRefused(send: () => Promise<Answer>): Promise<Answer> {
  for (;;) {
    const answer = await Promise.race([send(), pause(500)]);
    if (answer) return answer;
  }
}

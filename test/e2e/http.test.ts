import { METHODS } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Client } from '../support/client.js';
import { expectError } from '../support/errors.js';
import { sendRaw } from '../support/raw.js';
import { TestService } from '../support/service.js';

const MIB = 1024 * 1024;
/** Node 20.19.0 and 20.19.1 have llhttp 8, which accepts a header with no name. */
const HAS_PARSER_8 = process.versions['llhttp']?.startsWith('8.') === true;
const NAMELESS_HEADER: [string, string, number] = [
  'a header with no name',
  'GET /info HTTP/1.1\r\nHost: a\r\n: x\r\n\r\n',
  400,
];
const MALFORMED = { status: 400, fields: ['body'] };
const NOT_JSON = { status: 415 };
const TOO_LARGE = { status: 413 };
const TOO_MANY = { status: 413, message: 'The body has more than 16384 members' };

let service: TestService;
/** The administrator, not held to the API document: it knows nothing of what no client should send. */
let admin: Client;
let nobody: Client;
beforeAll(async () => {
  service = await TestService.start();
  nobody = new Client(service.client.baseUrl);
  admin = nobody.as(service.admin.token);
});
afterAll(() => service.stop());

it('responds to a request whose body is malformed without waiting for its end', async () => {
  const head = [
    'PUT /user/current HTTP/1.1',
    'Host: a',
    `Authorization: Bearer ${service.admin.token ?? ''}`,
  ];
  const answer = await sendRaw(
    service.client.baseUrl,
    `${[...head, 'Transfer-Encoding: chunked'].join('\r\n')}\r\n\r\nno size of a chunk\r\n`,
  );
  expect(answer.status).toBe(400);
});

it('responds to a valid request before bytes that are not HTTP', async () => {
  const { id } = await service.createUser();
  const body = '{"data": {"a": "change"}}';
  const put = [
    `PUT /user/${id} HTTP/1.1`,
    'Host: a',
    `Authorization: Bearer ${service.admin.token ?? ''}`,
    `Content-Length: ${body.length}`,
  ];
  for (const broken of ['GARBAGE\r\n\r\n', `GET / HTTP/1.1\r\nA: ${'x'.repeat(20_000)}\r\n\r\n`]) {
    const answer = await sendRaw(service.client.baseUrl, `${put.join('\r\n')}\r\n\r\n${body}${broken}`);
    expect(answer.status).toBe(204);
    expect(answer.text).toMatch(/^HTTP\/1\.1 4(?:00|31) /);
  }
});

/** A request as HTTP/1.1 has it, by the administrator. */
const raw = (requestLine: string, headers: readonly string[] = [], body: string | Uint8Array = '') =>
  sendRaw(
    service.client.baseUrl,
    [
      `${requestLine} HTTP/1.1`,
      `Host: ${new URL(service.client.baseUrl).host}`,
      'Connection: close',
      `Authorization: Bearer ${service.admin.token}`,
      ...headers,
      '',
      '',
    ].join('\r\n'),
    body,
  );

describe('a body', () => {
  it.each([
    ['cut short', '{"data":{"a":1}'],
    ['with a trailing comma', '{"data":{},}'],
    ['with a comment', '{"data":{}/* none */}'],
    ['with single quotes', "{'data':{}}"],
    ['with a bare name', '{data:{}}'],
    ['with two values', '{}{}'],
    ['with a raw control character in a string', '{"data":{"a":"\u0000"}}'],
    ['with a number that JSON has not', '{"data":{"a":01}}'],
    ['with NaN', '{"data":{"a":NaN}}'],
    ['that is a form', 'login=a&password=b'],
    ['of brackets that never end', '['.repeat(4000)],
    ['of objects that never end', '{"a":'.repeat(16)],
  ])('of malformed JSON is refused: one %s', async (_, body) => {
    expectError(await admin.put('/user/current', body), MALFORMED);
    expectError(await nobody.post('/token', body), MALFORMED);
  });

  it.each([
    ['a stray byte', [0xff]],
    ['a sequence cut short', [0xe2, 0x82]],
    ['an overlong NUL', [0xc0, 0x80]],
    ['a surrogate', [0xed, 0xa0, 0x80]],
    ['Latin-1', [0xe9]],
  ])('that is not UTF-8 is refused: %s', async (_, bytes) => {
    const body = Buffer.concat([Buffer.from('{"data":{"a":"'), Buffer.from(bytes), Buffer.from('"}}')]);
    expectError(await admin.put('/user/current', body), MALFORMED);
  });

  it('nested to the limit of its size does no harm', async () => {
    const depth = MIB / 2 - 8;
    const arrays = `${'['.repeat(depth)}${']'.repeat(depth)}`;
    expectError(await admin.put('/user/current', arrays), MALFORMED);
    expectError(await admin.put('/user/current', `{"x":${arrays}}`), { status: 400, fields: ['x'] });
    expectError(await admin.put('/user/current', `{"data":{"x":${arrays}}}`.slice(0, -1)), {
      status: 400,
      fields: ['data'],
    });
    const objects = (depth: number) => `${'{"":'.repeat(depth)}0${'}'.repeat(depth)}`;
    expectError(await admin.put('/user/current', `{"data":${objects(16_383)}}`), {
      status: 400,
      fields: ['data'],
    });
    expectError(await admin.put('/user/current', `{"data":${objects(16_384)}}`), TOO_MANY);
    expectError(await admin.put('/user/current', `{"data":${objects(200_000)}}`), TOO_MANY);
  });

  it('may have 1 MiB and not one byte more', async () => {
    const padded = (bytes: number) => `{}${' '.repeat(bytes - 2)}`;
    expect((await admin.put('/user/current', padded(MIB))).status).toBe(204);
    expectError(await admin.put('/user/current', padded(MIB + 1)), TOO_LARGE);
    // By the header alone, or by the bytes that come where there is no such header.
    expectError(await raw('PUT /user/current', [`Content-Length: ${100 * MIB}`], '{'), TOO_LARGE);
    const chunked = `${(MIB + 1).toString(16)}\r\n${padded(MIB + 1)}\r\n0\r\n\r\n`;
    expectError(await raw('PUT /user/current', ['Transfer-Encoding: chunked'], chunked), TOO_LARGE);
  });

  // Over the limit of data, not of a body (contract.md §3).
  it('of 1 MiB with data of as much is refused for its data', async () => {
    const body = `{"data":{"a":"${'x'.repeat(MIB - 17)}"}}`;
    expect(body).toHaveLength(MIB);
    expectError(await admin.put('/user/current', body), { status: 400, fields: ['data'] });
  });

  it.each([
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'application/xml',
    'application/jsonp',
    'application/merge-patch+json',
    'text/json',
    'json',
    'application/json; charset=latin1',
    'application/json; charset=utf-16',
    'application/json;charset="iso-8859-1"',
  ])('of the type %s is refused', async (type) => {
    for (const body of ['{}', '{"data":{"type":1}}'])
      expectError(await admin.put('/user/current', body, { 'content-type': type }), NOT_JSON);
    expectError(await nobody.post('/token', '{}', { 'content-type': type }), NOT_JSON);
  });

  it.each([
    'application/json',
    'Application/JSON',
    'application/json; charset=utf-8',
    'application/json;charset="UTF-8"',
    'application/json; charset=utf8',
  ])('of the type %s is taken', async (type) => {
    const answer = await admin.put('/user/current', '{"data":null}', { 'content-type': type });
    expect(answer.status).toBe(204);
  });

  it.each(['application/x-www-form-urlencoded', 'text/plain', 'multipart/form-data; boundary=x'])(
    'that is empty counts as {}, though it says that it is %s',
    async (type) => {
      const answer = await raw('PUT /user/current', ['Content-Length: 0', `Content-Type: ${type}`]);
      expect(answer.status).toBe(204);
    },
  );

  it('with any number of unknown names gets a short response', async () => {
    const names = Object.fromEntries(Array.from({ length: 5000 }, (_, index) => [`unknown-${index}`, 1]));
    for (const body of [names, { ['x'.repeat(500_000)]: 1 }]) {
      const answer = await admin.put('/user/current', body);
      expect(answer.status).toBe(400);
      expect(answer.text.length).toBeLessThan(5000);
    }
  });

  it('of no type counts as JSON', async () => {
    const body = '{"data":{"untyped":"é"}}';
    const headers = [`Content-Length: ${Buffer.byteLength(body)}`];
    for (const more of [[], ['Content-Type:']]) {
      expect((await raw('PUT /user/current', [...headers, ...more], body)).status).toBe(204);
      expect((await admin.get('/user/current')).body.data).toEqual({ untyped: 'é' });
      await admin.put('/user/current', { data: null });
    }
    expectError(await raw('PUT /user/current', ['Content-Length: 1'], '{'), MALFORMED);
  });

  it.each(['gzip', 'deflate', 'br', 'GZIP', 'gzip, identity'])(
    'encoded as %s is refused',
    async (encoding) => {
      const answer = await admin.put('/user/current', '{}', { 'content-encoding': encoding });
      expectError(answer, NOT_JSON);
    },
  );

  it('is no matter where none is asked for', async () => {
    for (const path of ['/user/current', '/info'])
      expect((await raw(`GET ${path}`, ['Content-Length: 1'], '{')).status).toBe(200);
  });
});

describe('an unknown path', () => {
  it.each([
    '/users',
    '/user/',
    '/user/1/',
    '/user/1/nothing',
    '/USER',
    '//user',
    '/user/1/network/1/2',
    '/token/nothing',
    '/dh/rest/user',
    '/.env',
    '/user/..%2f..%2fetc',
  ])('returns 404 or, where it could be an id, 400: %s', async (path) => {
    for (const client of [admin, nobody]) {
      const answer = await client.get(path);
      if (path === '/user/..%2f..%2fetc') {
        expectError(answer, client === admin ? { status: 400, fields: ['id'] } : { status: 401 });
      } else {
        expectError(answer, { status: 404 });
      }
    }
  });

  it('returns 404 whatever the method, and whatever the query', async () => {
    for (const method of ['POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS'])
      expectError(await nobody.send(method, '/nothing?a=1&a=2'), { status: 404 });
  });

  it('with bad percent-encoding returns 400', async () => {
    for (const path of ['/user/%', '/user/%zz', '/user/%ff', '/%c0%80', '/user/1/network/%e2%82'])
      expectError(await admin.get(path), { status: 400 });
  });

  it('with a parameter longer than anything returns 400', async () => {
    for (const length of [1024, 1025, 8000])
      expectError(await admin.get(`/user/${'1'.repeat(length)}`), {
        status: 400,
        ...(length <= 1024 && { fields: ['id'] }),
      });
  });
});

describe('another method of a known path', () => {
  it.each([
    ['/user', 'GET, HEAD, POST', ['PUT', 'PATCH', 'DELETE', 'OPTIONS']],
    ['/user/count', 'GET, HEAD', ['PUT', 'POST', 'DELETE']],
    ['/user/current', 'GET, HEAD, PUT, PATCH', ['POST', 'DELETE', 'OPTIONS']],
    ['/user/1', 'GET, HEAD, PUT, PATCH, DELETE', ['POST', 'OPTIONS']],
    ['/user/abc', 'GET, HEAD, PUT, PATCH, DELETE', ['POST']],
    ['/user/1/network/1', 'GET, HEAD, PUT, DELETE', ['POST', 'PATCH']],
    ['/user/1/devicetype', 'GET, HEAD', ['PUT', 'POST', 'DELETE']],
    ['/user/1/devicetype/all', 'PUT, DELETE', ['GET', 'HEAD', 'POST']],
    ['/network', 'GET, HEAD, POST', ['PUT', 'DELETE']],
    ['/devicetype/1', 'GET, HEAD, PUT, DELETE', ['POST', 'PATCH']],
    ['/configuration/x', 'GET, HEAD, PUT, DELETE', ['POST']],
    ['/token', 'POST', ['GET', 'HEAD', 'PUT', 'DELETE', 'PATCH', 'OPTIONS']],
    ['/token/refresh', 'POST', ['GET', 'DELETE']],
    ['/token/create', 'POST', ['GET', 'PUT']],
    ['/info', 'GET, HEAD', ['POST', 'PUT', 'DELETE']],
    ['/health/live', 'GET, HEAD', ['POST']],
    ['/.well-known/jwks.json', 'GET, HEAD', ['POST', 'DELETE']],
    ['/swagger', 'GET, HEAD', ['POST', 'OPTIONS']],
    ['/swagger.json', 'GET, HEAD', ['PUT']],
    ['/swagger/swagger-ui.css', 'GET, HEAD', ['PUT', 'POST', 'DELETE', 'PATCH', 'OPTIONS']],
    ['/swagger/page/page.mjs', 'GET, HEAD', ['PUT']],
  ])('returns 405, to anyone and before the body is read: %s', async (path, allow, methods) => {
    for (const method of methods) {
      for (const client of [nobody, admin]) {
        const body = method === 'GET' || method === 'HEAD' ? undefined : '{malformed';
        const answer = await client.send(method, `${path}?query=1`, { body });
        expect([answer.status, answer.headers.get('allow')]).toEqual([405, allow]);
        if (method !== 'HEAD') expectError(answer, { status: 405 });
      }
    }
  });

  it('returns 405 for every method that HTTP knows', async () => {
    const allowed = ['GET', 'HEAD', 'PUT', 'PATCH', 'DELETE'];
    // CONNECT asks for no resource.
    for (const method of METHODS.filter((name) => ![...allowed, 'CONNECT'].includes(name))) {
      const answer = await raw(`${method} /user/1`);
      expect([method, answer.status, answer.headers.get('allow')]).toEqual([
        method,
        405,
        'GET, HEAD, PUT, PATCH, DELETE',
      ]);
      expectError(answer, { status: 405 });
      expectError(await raw(`${method} /nothing`), { status: 404 });
    }
  });

  it('is answered without a body to HEAD of a path that has GET', async () => {
    const { id } = await service.createUser();
    const answer = await admin.send('HEAD', `/user/${id}`);
    expect([answer.status, answer.text]).toEqual([200, '']);
    expect(answer.headers.get('etag')).toBe((await admin.get(`/user/${id}`)).headers.get('etag'));
    expect((await nobody.send('HEAD', `/user/${id}`)).status).toBe(401);
  });
});

describe('what is no HTTP', () => {
  it.each<[what: string, bytes: string, status: number]>([
    ['garbage', 'garbage\r\n\r\n', 400],
    ['a greeting of TLS', '\u0016\u0003\u0001\u0002\u0000\u0001\u0000', 400],
    ['an unknown method', 'FETCH /user HTTP/1.1\r\nHost: a\r\n\r\n', 400],
    ['an unknown version', 'GET /user HTTP/9.9\r\nHost: a\r\n\r\n', 400],
    ...(HAS_PARSER_8 ? [] : [NAMELESS_HEADER]),
    ['NUL in a header', 'GET /info HTTP/1.1\r\nHost: a\r\nX-A: a\u0000b\r\n\r\n', 400],
    ['a length that is no number', 'PUT /user/1 HTTP/1.1\r\nHost: a\r\nContent-Length: x\r\n\r\n', 400],
    [
      'two ways to tell the length',
      'PUT /user/1 HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
      400,
    ],
    ['a target that is no path', 'GET * HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n', 404],
    ['a request without a host', 'GET /info HTTP/1.1\r\nConnection: close\r\n\r\n', 400],
    ['headers that never end', `GET /info HTTP/1.1\r\nHost: a\r\nX-A: ${'a'.repeat(100_000)}\r\n\r\n`, 431],
    ['a path that never ends', `GET /${'a'.repeat(100_000)} HTTP/1.1\r\nHost: a\r\n\r\n`, 431],
  ])('gets a response in JSON like everything else: %s', async (_, bytes, status) => {
    const answer = await sendRaw(service.client.baseUrl, bytes);
    expectError(answer, { status });
    expect(Number(answer.headers.get('content-length'))).toBe(Buffer.byteLength(answer.text));
  });

  it('does not block other requests', async () => {
    await Promise.all(Array.from({ length: 20 }, () => sendRaw(service.client.baseUrl, 'garbage\r\n\r\n')));
    expect((await nobody.get('/info')).status).toBe(200);
  });

  it('is not an expectation that nobody knows: it is ignored', async () => {
    const answer = await raw('GET /info', ['Expect: the-unexpected']);
    expect([answer.status, answer.headers.has('x-request-id')]).toEqual([200, true]);
  });
});

describe('X-Request-Id', () => {
  const send = async (id: string) =>
    (await nobody.get('/info', { 'x-request-id': id })).headers.get('x-request-id');

  it.each(['1', 'a-b_c.d:e', '0b5d1c1e-8f0e-4a51-9d3e-6d1f7d1a2b3c', 'x'.repeat(128)])(
    "is the caller's when it sent a sane one: %s",
    async (id) => {
      expect(await send(id)).toBe(id);
    },
  );

  it.each(['', ' ', 'two words', 'x'.repeat(129), '<script>', '"quoted"', 'a/b', 'é', '{"a":1}', 'a,b'])(
    'is a new one when it sent another: %j',
    async (id) => {
      const given = await send(id);
      expect(given).toMatch(/^[0-9a-f-]{36}$/);
      expect(await send(id)).not.toBe(given);
    },
  );

  it('is new for every request without one', async () => {
    const ids = await Promise.all(
      Array.from({ length: 10 }, async () => (await nobody.get('/info')).headers.get('x-request-id')),
    );
    expect(new Set(ids).size).toBe(10);
  });

  it.each([
    ['200', 200, () => ['GET', '/user/current']],
    ['201', 201, () => ['POST', '/user', { login: 'with-an-id', password: 'a password of it', role: 1 }]],
    ['204', 204, () => ['PUT', '/user/current', {}]],
    ['400 for a field', 400, () => ['PUT', '/user/current', { role: 9 }]],
    ['400 for JSON', 400, () => ['PUT', '/user/current', '{']],
    ['400 for the path', 400, () => ['GET', '/user/%zz']],
    ['400 for the query', 400, () => ['GET', '/info?a=1']],
    ['401', 401, () => ['POST', '/token', { login: 'nobody', password: 'a password' }]],
    ['403', 403, () => ['DELETE', '/user/1']],
    ['404 for a user', 404, () => ['GET', '/user/987654321']],
    ['404 for a path', 404, () => ['GET', '/nothing']],
    ['405', 405, () => ['POST', '/info']],
    ['413', 413, () => ['PUT', '/user/current', ' '.repeat(MIB + 1)]],
    ['health', 200, () => ['GET', '/health/ready']],
    ['Swagger', 200, () => ['GET', '/swagger.json']],
  ] as const)("is with every answer, the caller's: %s", async (title, status, request) => {
    const [method, path, body] = request() as [string, string, unknown];
    const id = `with-${title.replaceAll(' ', '-')}`;
    const answer = await admin.send(method, path, { body, headers: { 'x-request-id': id } });
    expect([answer.status, answer.headers.get('x-request-id')]).toEqual([status, id]);
  });
});

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectError } from '../support/errors.js';
import { sendRaw } from '../support/raw.js';
import { TestService } from '../support/service.js';

let service: TestService;
beforeAll(async () => {
  service = await TestService.start();
});
afterAll(() => service.stop());

/** Sends a request with these header lines, by HTTP/1.1 unless the request line says otherwise. */
const send = (requestLine: string, ...headers: readonly string[]) =>
  sendRaw(
    service.client.baseUrl,
    [
      requestLine.includes(' HTTP/') ? requestLine : `${requestLine} HTTP/1.1`,
      ...headers,
      'Connection: close',
      '',
      '',
    ].join('\r\n'),
  );
const bearer = () => `Authorization: Bearer ${service.admin.token ?? ''}`;
const webSocketUrlOf = async (requestLine: string, ...headers: readonly string[]) => {
  const { status, body } = await send(requestLine, ...headers);
  expect(status).toBe(200);
  return (body as { webSocketServerUrl: string }).webSocketServerUrl;
};

describe('Host (RFC 9112 §3.2)', () => {
  it.each([
    ['a b/<x>'],
    ['<script>alert(1)</script>'],
    ['user@a'],
    ['user:password@a'],
    ['a/path'],
    ['a?b'],
    ['a:port'],
    ['a, b'],
    ['"a"'],
    ['a\\b'],
    ['é'],
    ['[::1'],
    [''],
  ])('that is not valid is 400 and not echoed: %j', async (host) => {
    for (const path of ['/info', '/user/current', '/nothing', '/swagger']) {
      const answer = await send(`GET ${path}`, `Host: ${host}`, bearer());
      expectError(answer, { status: 400, message: 'Invalid request parameters' });
      if (host !== '') expect(answer.text).not.toContain(host);
    }
  });

  it('that comes twice is 400, also where both are the same, or are spelt otherwise', async () => {
    for (const second of ['Host: b', 'Host: a', 'HOST: b', 'host:b']) {
      expectError(await send('GET /info', 'Host: a', second), { status: 400 });
      expectError(await send('GET /info', second, 'X-A: b', 'Host: a'), { status: 400 });
      expectError(await send('PUT /user/current', 'Host: a', second, bearer(), 'Content-Length: 1'), {
        status: 400,
      });
    }
  });

  it('may be missing in HTTP/1.0 only', async () => {
    expectError(await send('GET /info'), { status: 400 });
    expectError(await send('GET http://a/info'), { status: 400 });
    expect((await send('GET /info HTTP/1.0')).status).toBe(200);
  });

  it('is valid as a name or an address, with or without a port', async () => {
    for (const host of [
      'gate.example.com',
      'gate.example.com:8080',
      '127.0.0.1',
      '[2001:db8::1]:8080',
      'a_b',
    ])
      expect(await webSocketUrlOf('GET /info', `Host: ${host}`)).toBe(`ws://${host}/websocket`);
  });
});

describe('a target in absolute form (RFC 9112 §3.2.2)', () => {
  it('has the authority that counts, and the path that is routed', async () => {
    for (const [target, host] of [
      ['http://other/info', 'other'],
      ['HTTP://other:8080/info', 'other:8080'],
      ['https://[2001:db8::1]/info', '[2001:db8::1]'],
    ])
      expect(await webSocketUrlOf(`GET ${target}`, 'Host: a')).toBe(`ws://${host}/websocket`);
    expect((await send('GET http://other/user/current', 'Host: a', bearer())).status).toBe(200);
    expectError(await send('GET http://other/user/current?a=1', 'Host: a', bearer()), {
      status: 400,
      fields: ['a'],
    });
    expectError(await send('GET http://other/nothing', 'Host: a'), { status: 404 });
    expect((await send('GET http://other', 'Host: a')).headers.get('location')).toBe('/swagger');
  });

  it('has a valid authority, without a user', async () => {
    for (const target of [
      'http://user@other/info',
      'http://user:password@other/info',
      'http:///info',
      'http://a:b/info',
    ])
      expectError(await send(`GET ${target}`, 'Host: a'), { status: 400 });
  });

  it('and its Host must be valid all the same: two are 400', async () => {
    expectError(await send('GET http://other/info', 'Host: a', 'Host: other'), { status: 400 });
  });

  it('gets the security headers of its path', async () => {
    const policyOf = async (target: string) =>
      (await send(`GET ${target}`, 'Host: a')).headers.get('content-security-policy');
    expect(await policyOf('http://other/swagger')).toBe(await policyOf('/swagger'));
    expect(await policyOf('http://other/info')).toBe(await policyOf('/info'));
  });
});

it('two Authorization headers are 400, whichever is valid', async () => {
  for (const second of ['Authorization: Bearer nonsense', 'authorization: Basic YTpi', bearer()]) {
    expectError(await send('GET /user/current', 'Host: a', bearer(), second), { status: 400 });
    expectError(await send('GET /user/current', 'Host: a', second, bearer()), { status: 400 });
  }
});

it('two lengths of a body, or codings that do not end with chunks, are 400', async () => {
  for (const headers of [
    ['Content-Length: 2', 'Content-Length: 2'],
    ['Content-Length: 2', 'Content-Length: 3'],
    ['Content-Length: 2, 2'],
    ['Content-Length: 2', 'Transfer-Encoding: chunked'],
    ['Transfer-Encoding: chunked', 'Content-Length: 2'],
    ['Transfer-Encoding: identity'],
    ['Transfer-Encoding: chunked, identity'],
    ['Transfer-Encoding: chunked', 'Transfer-Encoding: identity'],
  ]) {
    const answer = await sendRaw(
      service.client.baseUrl,
      ['PUT /user/current HTTP/1.1', 'Host: a', bearer(), ...headers, '', '{}'].join('\r\n'),
    );
    expectError(answer, { status: 400 });
  }
});

describe('a 401 (RFC 6750 §3)', () => {
  const challengeOf = async (...headers: readonly string[]) => {
    const answer = await send('GET /user/current', 'Host: a', ...headers);
    expectError(answer, { status: 401 });
    return answer.headers.get('www-authenticate');
  };

  it('for a request without a token asks for one', async () => {
    for (const headers of [[], ['Authorization: Basic YTpi'], ['Authorization: Bearer'], ['Authorization:']])
      expect(await challengeOf(...headers)).toBe('Bearer');
  });

  it('for a token that was sent says that it is not valid', async () => {
    const user = await service.createUser();
    await service.admin.put(`/user/${user.id}`, { status: 2 });
    for (const token of ['nonsense', 'a.b.c', 'two words', user.accessToken, user.refreshToken])
      expect(await challengeOf(`Authorization: Bearer ${token}`)).toBe('Bearer error="invalid_token"');
  });

  it('for a refresh token says so, too, and for a wrong password does not', async () => {
    const challenge = async (path: string, body: object) => {
      const answer = await service.client.post(path, body);
      expectError(answer, { status: 401 });
      return answer.headers.get('www-authenticate');
    };
    const { accessToken } = await service.createUser();
    for (const refreshToken of ['nonsense', accessToken])
      expect(await challenge('/token/refresh', { refreshToken })).toBe('Bearer error="invalid_token"');
    expect(await challenge('/token', { login: 'nobody', password: 'a password' })).toBe('Bearer');
  });
});

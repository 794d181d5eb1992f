import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TestService } from '../support/service.js';
import { DriverProcess } from './harness/driver.js';
import { GeneratedClient } from './harness/generated-client.js';
import type { DriverRequest, DriverResponse } from './harness/protocol.js';
import { RecordingProxy } from './harness/recording-proxy.js';
import { run } from './typescript/generate.js';

/*
 * The rules that every generated client is held to, tried with clients that break them.
 */

let service: TestService;
let proxy: RecordingProxy;
let user: { id: number; token: string };
beforeAll(async () => {
  service = await TestService.start();
  proxy = await RecordingProxy.start(service.client.baseUrl);
  const { id, accessToken } = await service.createUser({ data: { a: 1 } });
  user = { id, token: accessToken };
});
afterAll(async () => {
  await proxy.close();
  await service.stop();
});

/** What a client sends, and what it makes of the response. Each test has it do one thing wrong. */
interface Behaviour {
  readonly method?: string;
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: (body: unknown) => unknown;
  readonly times?: number;
  readonly answer?: (answer: DriverResponse) => DriverResponse;
}

/** A client of `GET`, `PUT` and `PATCH /user/current` and `GET /user` that behaves so. */
function clientThat(behaviour: Behaviour): GeneratedClient {
  const ROUTES: Readonly<Record<string, readonly [string, string]>> = {
    getCurrentUser: ['GET', '/user/current'],
    updateCurrentUser: ['PUT', '/user/current'],
    listUsers: ['GET', '/user'],
  };
  const call = async ({ operation, token, body }: DriverRequest): Promise<DriverResponse> => {
    const [method = '', path = ''] = ROUTES[operation] ?? [];
    const sent = behaviour.body ? behaviour.body(body) : body;
    const ask = () =>
      fetch(`${proxy.url}${behaviour.path ?? path}`, {
        method: behaviour.method ?? method,
        headers: {
          authorization: `Bearer ${token ?? ''}`,
          ...(sent !== undefined && { 'content-type': 'application/json' }),
          ...behaviour.headers,
        },
        ...(sent !== undefined && { body: JSON.stringify(sent) }),
      });
    for (let time = 1; time < (behaviour.times ?? 1); time += 1) await ask();
    const response = await ask();
    const text = await response.text();
    const json = text === '' ? {} : { [response.ok ? 'body' : 'error']: JSON.parse(text) as unknown };
    const answer = { status: response.status, headers: Object.fromEntries(response.headers), ...json };
    return behaviour.answer ? behaviour.answer(answer) : answer;
  };
  return new GeneratedClient({ call }, proxy);
}

const update = (behaviour: Behaviour, data: unknown = { b: 2 }) =>
  clientThat(behaviour).call('updateCurrentUser', { token: user.token, body: { data } });
const read = (behaviour: Behaviour) => clientThat(behaviour).call('getCurrentUser', { token: user.token });
const refused = (behaviour: Behaviour) => clientThat(behaviour).call('listUsers', { token: user.token });

describe('a client that does nothing wrong', () => {
  it('passes', async () => {
    expect(await update({})).toMatchObject({ status: 204 });
    expect(await read({})).toMatchObject({ status: 200, body: { id: user.id } });
    expect(await refused({})).toMatchObject({ status: 403, error: { error: 403 } });
  });
});

describe('a client fails that sends', () => {
  const more = (member: object) => ({ body: (body: unknown) => ({ ...(body as object), ...member }) });
  it.each<[string, Behaviour, string]>([
    ['a default', more({ introReviewed: false }), 'the body'],
    ['a null that was not set', more({ lastLogin: null }), 'the body'],
    ['an empty list that was not set', more({ networks: [] }), 'the body'],
    ['less than was set', { body: () => ({}) }, 'the body'],
    ['another value', { body: () => ({ data: { b: '2' } }) }, 'the body'],
    ['null where a value was set', { body: () => ({ data: null }) }, 'the body'],
    ['a body of another type', { headers: { 'content-type': 'text/plain' } }, 'the type of the body'],
    ['a header that was not set', { headers: { 'if-match': '*' } }, 'the header If-Match'],
    ['another token', { headers: { authorization: 'Bearer none' } }, 'the access token'],
    ['another method', { method: 'PATCH' }, 'PATCH /user/current'],
    ['another path', { path: '/user/1' }, 'PUT /user/1'],
    ['a parameter that was not set', { path: '/user/current?take=100' }, 'the query'],
    ['the request twice', { times: 2 }, 'a call is one request'],
  ])('%s', async (_, behaviour, message) => {
    await expect(update(behaviour)).rejects.toThrow(message);
  });

  it('a value where null was set', async () => {
    await expect(update({ body: () => ({ data: {} }) }, null)).rejects.toThrow('the body');
  });
});

describe('a client fails that makes of the response', () => {
  const changed = (change: (body: Record<string, unknown>) => object) => ({
    answer: (answer: DriverResponse) => ({ ...answer, body: change(answer.body as Record<string, unknown>) }),
  });
  it.each<[string, Behaviour, string]>([
    ['less', changed(({ login: _, ...rest }) => rest), 'the typed result'],
    ['more', changed((body) => ({ ...body, more: null })), 'the typed result'],
    ['another value', changed((body) => ({ ...body, role: 'ClientRole' })), 'the typed result'],
    [
      'another moment',
      changed((body) => ({ ...body, lastLogin: '2001-01-01T00:00:00Z' })),
      'the typed result',
    ],
    ['an error', { answer: ({ body, ...rest }) => ({ ...rest, error: body }) }, 'the typed result'],
    ['another status', { answer: (answer) => ({ ...answer, status: 201 }) }, 'the status'],
    ['no headers', { answer: (answer) => ({ ...answer, headers: {} }) }, 'the headers'],
  ])('%s', async (_, behaviour, message) => {
    await expect(read(behaviour)).rejects.toThrow(message);
  });

  it('no typed error', async () => {
    await expect(refused({ answer: ({ error: _, ...rest }) => rest })).rejects.toThrow('the typed error');
  });

  it('the same moment in other words, which is no failure', async () => {
    const inWords = changed((body) => ({
      ...body,
      lastLogin: (body['lastLogin'] as string).replace('Z', '+00:00'),
    }));
    expect(await read(inWords)).toMatchObject({ status: 200 });
  });
});

describe('a driver', () => {
  const start = (script: string) => new DriverProcess([process.execPath, '-e', script], proxy.url);

  it('that fails fails the call', async () => {
    const driver = start(`process.stdin.on('data', () => console.log('{"failure":"no such type"}'))`);
    await expect(driver.call({ operation: 'getInfo' })).rejects.toThrow('no such type');
    expect(await driver.stop()).toEqual({ code: 0, stderr: '' });
  });

  it('that ends says what it has written', async () => {
    const driver = start(`console.error('a trace'); process.exit(3)`);
    await expect(driver.call({ operation: 'getInfo' })).rejects.toThrow(/ended with 3: a trace/);
  });
});

describe('a generator or a compiler', () => {
  const node = (script: string) => run(process.execPath, '-e', script);
  it('that warns or fails, fails', async () => {
    await expect(node('console.log("all is well")')).resolves.toBe('all is well\n');
    await expect(node('console.log("Warning: no name")')).rejects.toThrow('no name');
    await expect(node('console.error("1 error")')).rejects.toThrow('1 error');
    await expect(node('process.exit(2)')).rejects.toThrow('ended with 2');
  });
});

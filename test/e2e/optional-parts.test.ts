import { once } from 'node:events';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import type { Answer } from '../support/client.js';
import { expectError } from '../support/errors.js';
import { TestService } from '../support/service.js';

describe('SWAGGER=off', () => {
  let service: TestService;
  beforeAll(async () => {
    service = await TestService.start({ SWAGGER: 'off' });
  });
  afterAll(() => service.stop());

  it.each([
    '/',
    '/swagger',
    '/swagger/',
    '/swagger.json',
    '/swagger.yaml',
    '/swagger/index.html',
    '/swagger/swagger-ui-bundle.js',
    '/swagger/page/page.mjs',
  ])('%s is like any unknown path, with any method', async (path) => {
    const { client } = service;
    for (const method of ['GET', 'POST', 'OPTIONS']) {
      const found = await client.send(method, path);
      expectError(found, { status: 404 });
      expect(headersOf(found)).toEqual(headersOf(await client.send(method, '/no-such-path')));
    }
  });

  it('leaves the rest as it is', async () => {
    expect((await service.admin.get('/user/current')).status).toBe(200);
    expect((await service.client.get('/health/ready')).status).toBe(200);
  });

  /** All headers but those that differ between any two responses. */
  const headersOf = ({ headers }: Answer) =>
    Object.fromEntries([...headers].filter(([name]) => !/^(?:date|x-request-id|content-length)$/.test(name)));
});

describe('KEEP_ALIVE_SECONDS', () => {
  it('is how long an idle connection is kept', async () => {
    const service = await TestService.start({ KEEP_ALIVE_SECONDS: '1' });
    onTestFinished(() => service.stop());
    // A client that would keep it for good.
    const socket = connect(Number(new URL(service.client.baseUrl).port), '127.0.0.1');
    let received = '';
    socket.setEncoding('utf8').on('data', (text: string) => (received += text));
    socket.write('GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n');
    await once(socket, 'end');
    expect(received).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
    expect(received).toMatch(/\r\nKeep-Alive: timeout=1\r\n/i);
  });

  it('is 72 by default', async () => {
    const service = await TestService.start();
    onTestFinished(() => service.stop());
    expect((await service.client.get('/health/live')).headers.get('keep-alive')).toBe('timeout=72');
  });
});

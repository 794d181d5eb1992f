import { Readable } from 'node:stream';
import Fastify from 'fastify';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { limitResponseTime, RESPONSE_TIMEOUT } from './response-timeout.js';

afterEach(() => {
  vi.useRealTimers();
});

describe('the limit of the response time', () => {
  it('is one of the first byte: a response that is streamed goes on', async () => {
    const fastify = Fastify();
    limitResponseTime(fastify);
    const body = new Readable({ read: () => undefined });
    fastify.get('/', (_request, reply) => reply.type('application/json').send(body));
    const url = await fastify.listen({ port: 0, host: '127.0.0.1' });
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const asked = fetch(url);
    body.push('[1');
    const response = await asked;
    vi.advanceTimersByTime(RESPONSE_TIMEOUT * 2);
    body.push(',2]');
    body.push(null);
    expect(await response.json()).toEqual([1, 2]);
    expect(response.status).toBe(200);
    vi.useRealTimers();
    await fastify.close();
  });
});

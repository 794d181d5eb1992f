import { connect } from 'node:net';
import type { Readable } from 'node:stream';
import Fastify, { type FastifyRequest } from 'fastify';
import { describe, expect, it } from 'vitest';
import { until } from '../../test/support/until.js';
import { type StreamMessage, streamOf, wantsEventStream } from './event-stream.js';
import { OpenReaders } from './open-readers.js';
import { ShutdownState } from './shutdown-state.js';

const data = 'x'.repeat(16 * 1024);

describe('a stream whose client does not read', () => {
  it('makes no more messages than its buffers hold, and is disconnected', async () => {
    const readers = new OpenReaders(new ShutdownState());
    const fastify = Fastify();
    let made = 0;
    let hasEnded = false;
    let stream: Readable | undefined;
    async function* messages(): AsyncGenerator<StreamMessage> {
      try {
        for (;;) {
          made += 1;
          await new Promise(setImmediate);
          yield { id: String(made), data };
        }
      } finally {
        hasEnded = true;
      }
    }
    fastify.get('/', (_request, reply) => {
      const reader = readers.open({ key: 'stream/1', check: () => Promise.resolve() });
      stream = streamOf(reply, messages(), reader, 300);
      return reply.send(stream);
    });
    const url = new URL(await fastify.listen({ port: 0, host: '127.0.0.1' }));
    const socket = connect(Number(url.port), url.hostname).pause();
    socket.write('GET / HTTP/1.1\r\nhost: x\r\n\r\n');
    let mostBuffered = 0;
    await until(() => {
      mostBuffered = Math.max(mostBuffered, stream?.readableLength ?? 0);
      return hasEnded;
    });
    expect(stream?.destroyed).toBe(true);
    expect(readers.size).toBe(0);
    // The stream keeps little: the rest is in the buffers of the kernel, which has a limit for each connection.
    expect(mostBuffered).toBeLessThan(96 * 1024);
    expect(made * data.length).toBeLessThan(64 * 1024 * 1024);
    // It is the service that hangs up.
    socket.resume();
    await until(() => socket.closed);
    await fastify.close();
  });
});

describe('a stream', () => {
  const wants = (accept?: string, method = 'GET') =>
    wantsEventStream({ method, headers: { ...(accept !== undefined && { accept }) } } as FastifyRequest);

  it.each([
    'text/event-stream',
    'Text/Event-Stream; charset=utf-8',
    'text/event-stream, */*',
    'application/json;q=0.5, text/event-stream;q=0.6',
  ])('is what Accept: %s asks for', (accept) => {
    expect(wants(accept)).toBe(true);
    expect(wants(accept, 'HEAD')).toBe(false);
  });

  it.each([
    undefined,
    '*/*',
    'text/*',
    'application/json',
    'text/event-stream;q=0',
    // As generated clients send it.
    'application/json, text/event-stream',
    'text/event-stream,application/json',
  ])('is not what Accept: %s asks for', (accept) => {
    expect(wants(accept)).toBe(false);
  });
});

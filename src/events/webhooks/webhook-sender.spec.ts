import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import { type AddressInfo, createServer as createTcpServer, type Socket } from 'node:net';
import { Webhook } from 'standardwebhooks';
import { describe, expect, it, onTestFinished } from 'vitest';
import { readRetryAfter, WebhookSender } from './webhook-sender.js';

const SECRET = `whsec_${Buffer.alloc(24, 3).toString('base64')}`;
const MESSAGE = { id: '42', body: '{"subject":"user/7","ü":"\u{1f41d}"}' };
const LIMITS = { attempt: 300, body: 100 };
const never = new AbortController().signal;

async function listen(server: Server | ReturnType<typeof createTcpServer>) {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    socket.on('error', () => undefined);
    sockets.add(socket);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/a?key=secret`;
  const sender = new WebhookSender(url, [SECRET], LIMITS);
  onTestFinished(() => {
    sender.close();
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return { sender, sockets };
}
const respondWith = (respond: RequestListener) => listen(createServer(respond));

describe('WebhookSender', () => {
  it('signs so that the library of Standard Webhooks verifies it, and keeps its connection', async () => {
    const verified: unknown[] = [];
    const { sender, sockets } = await respondWith((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.once('end', () => {
        const headers = request.headers as Record<string, string>;
        verified.push(new Webhook(SECRET).verify(Buffer.concat(chunks), headers));
        response.writeHead(200).end('taken');
      });
    });
    for (let time = 0; time < 3; time += 1)
      expect(await sender.send(MESSAGE, never)).toEqual({ isDelivered: true });
    expect(verified).toEqual(Array.from({ length: 3 }, () => JSON.parse(MESSAGE.body) as unknown));
    expect(sockets.size).toBe(1);
  });

  it.each([
    [204, {}, { isDelivered: true }],
    [302, { location: 'http://127.0.0.1:1/' }, { isDelivered: false, reason: 'status 302' }],
    [400, { 'retry-after': '9' }, { isDelivered: false, reason: 'status 400' }],
    [429, { 'retry-after': '9' }, { isDelivered: false, reason: 'status 429', retryAfter: 9000 }],
    [503, { 'retry-after': 'soon' }, { isDelivered: false, reason: 'status 503' }],
    [500, { x: 'x'.repeat(20_000) }, { isDelivered: false, reason: 'HPE_HEADER_OVERFLOW' }],
  ])('judges status %i', async (status, headers, attempt) => {
    const { sender } = await respondWith((_, response) => response.writeHead(status, headers).end());
    expect(await sender.send(MESSAGE, never)).toEqual(attempt);
  });

  it('neither waits for a body without an end nor reads it, and has its status all the same', async () => {
    const { sender } = await respondWith((request, response) => {
      response.writeHead(200);
      if (request.headers['webhook-id'] === 'fast') response.write(Buffer.alloc(10_000_000));
      else response.write('a');
    });
    for (const id of ['slow', 'fast'])
      expect(await sender.send({ ...MESSAGE, id }, never)).toEqual({ isDelivered: true });
  });

  it('fails within its time at a receiver that never responds, or byte by byte', async () => {
    const { sender: atSilent } = await respondWith(() => undefined);
    expect(await atSilent.send(MESSAGE, never)).toEqual({ isDelivered: false, reason: 'ETIMEDOUT' });
    const { sender: atSlow } = await listen(
      createTcpServer((socket) => {
        socket.write('HTTP/1.1 200 OK\r\n');
        const drip = setInterval(() => socket.write('a: b\r\n'), 20);
        socket.once('close', () => {
          clearInterval(drip);
        });
      }),
    );
    expect(await atSlow.send(MESSAGE, never)).toEqual({ isDelivered: false, reason: 'ETIMEDOUT' });
  });

  it('names the fault of a connection by its code alone', async () => {
    const { sender } = await listen(
      createTcpServer((socket) => socket.end('a secret of the receiver\r\n\r\n')),
    );
    const refused = new WebhookSender('http://127.0.0.1:1/a?key=secret', [SECRET], LIMITS);
    const reasons = await Promise.all([sender, refused].map((each) => each.send(MESSAGE, never)));
    expect(reasons).toEqual([
      { isDelivered: false, reason: expect.stringMatching(/^HPE_[A-Z_]+$/) },
      { isDelivered: false, reason: 'ECONNREFUSED' },
    ]);
    const controller = new AbortController();
    controller.abort();
    expect(await sender.send(MESSAGE, controller.signal)).toEqual({
      isDelivered: false,
      reason: 'ABORT_ERR',
    });
  });
});

it('readRetryAfter reads seconds and dates, and nothing else', () => {
  const now = Date.UTC(2026, 0, 31, 12);
  expect(
    ['120', '0', 'Sat, 31 Jan 2026 12:00:30 GMT', 'Sat, 31 Jan 2026 11:00:00 GMT'].map((each) =>
      readRetryAfter(each, now),
    ),
  ).toEqual([120_000, 0, 30_000, 0]);
  expect([undefined, '', '-1', '1e9', 'soon'].map((each) => readRetryAfter(each, now) ?? 0)).toEqual([
    0, 0, 0, 0, 0,
  ]);
});

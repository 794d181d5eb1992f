import { appendFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { freePort } from '../../support/postgres.js';
import { makeDirectory, own, POSTGRESQL_15, RunningProgram, runProgram } from './programs.js';

/** Milliseconds until a server that does not start is given up. */
const START_LIMIT = 60_000;
/** The administrator of the servers. */
const SUPERUSER = 'postgres';
const PASSWORD = 'the superuser of trials';
/** Settings of every server. Without fsync: what a killed process has written is kept by the system. */
const SETTINGS = {
  listen_addresses: '127.0.0.1',
  fsync: 'off',
  max_connections: '120',
  shared_buffers: '32MB',
  wal_level: 'replica',
  hot_standby: 'on',
  max_wal_senders: '8',
  wal_keep_size: '256MB',
  password_encryption: 'scram-sha-256',
};

/** How a server of {@link TrialServer.create} differs from the others. */
export interface ServerDifferences {
  /** Settings that `postgres -c` takes. */
  readonly settings?: Readonly<Record<string, string>>;
  /** Where its data is; by default in a directory of its own. */
  readonly directory?: string;
}

/** A server of Debian's PostgreSQL 15 that a trial starts, kills and promotes. */
export class TrialServer {
  private running?: RunningProgram | undefined;

  private constructor(
    readonly directory: string,
    readonly port: number,
    private readonly settings: Readonly<Record<string, string>>,
  ) {}

  /** Makes a server and starts it. Its users sign in with passwords. */
  static async create({ settings = {}, directory }: ServerDifferences = {}): Promise<TrialServer> {
    const own = directory ?? (await makeDirectory());
    const server = new TrialServer(own, await freePort(), settings);
    const passwordFile = join(own, 'password');
    writeFileSync(passwordFile, PASSWORD);
    const parameters = ['--username', SUPERUSER, '--pwfile', passwordFile, '--auth=scram-sha-256'];
    runProgram(join(POSTGRESQL_15, 'initdb'), [
      '--pgdata',
      server.data,
      '--no-sync',
      '--encoding=UTF8',
      '--locale=C',
      ...parameters,
    ]);
    await server.start();
    return server;
  }

  /** Copies this server while it runs, and starts the copy as its standby, which is called `name` there. */
  async makeStandby(name: string): Promise<TrialServer> {
    const directory = await makeDirectory();
    const standby = new TrialServer(directory, await freePort(), {
      ...this.settings,
      cluster_name: name,
    });
    const connection = `host=127.0.0.1 port=${this.port} user=${SUPERUSER} password='${PASSWORD}' application_name=${name}`;
    runProgram(join(POSTGRESQL_15, 'pg_basebackup'), [
      '--pgdata',
      standby.data,
      '--dbname',
      connection,
      '--no-sync',
      '--checkpoint=fast',
      '--write-recovery-conf',
    ]);
    await standby.start();
    return standby;
  }

  private get data(): string {
    return join(this.directory, 'data');
  }

  /** Its URL for the administrator of the server. */
  get superuserUrl(): string {
    return this.urlOf('postgres', SUPERUSER, PASSWORD);
  }

  /** A URL of one of its databases. */
  urlOf(database: string, user: string, password: string): string {
    return `postgres://${user}:${encodeURIComponent(password)}@127.0.0.1:${this.port}/${database}`;
  }

  /** Starts it, again after {@link kill} or {@link stop}; returns once it takes connections. */
  async start(): Promise<void> {
    const settings = { ...SETTINGS, ...this.settings, port: String(this.port) };
    const flags = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
    const parameters = ['-D', this.data, '-k', this.directory, ...flags];
    this.running = RunningProgram.start(join(POSTGRESQL_15, 'postgres'), parameters, this.directory);
    const deadline = performance.now() + START_LIMIT;
    while (!(await this.answers())) {
      if (!this.running.isRunning || performance.now() > deadline)
        throw new Error(`PostgreSQL did not start: ${this.running.output}`);
      await pause(50);
    }
  }

  /** Stops it: `fast` ends all sessions, `immediate` also leaves out the last checkpoint. */
  async stop(mode: 'fast' | 'immediate' = 'fast'): Promise<void> {
    await this.running?.stop(mode === 'fast' ? 'SIGINT' : 'SIGQUIT');
  }

  get isRunning(): boolean {
    return this.running?.isRunning === true;
  }

  /** Kills all its processes with SIGKILL. */
  async kill(): Promise<void> {
    await this.running?.kill();
  }

  /** Makes a standby a primary. */
  async promote(): Promise<void> {
    await this.query('SELECT pg_promote(true, 60)');
  }

  /** Adds a rule to the front of pg_hba.conf, or takes all added ones away, and has it read. */
  async ruleOut(rule: string): Promise<() => Promise<void>> {
    const [row] = await this.query('SELECT pg_read_file($1) AS text', ['pg_hba.conf']);
    const before = String(row?.['text']);
    const file = join(this.data, 'pg_hba.conf');
    const reload = async (text: string) => {
      writeFileSync(file, text);
      own(file);
      await this.query('SELECT pg_reload_conf()');
    };
    await reload(`${rule}\n${before}`);
    return () => reload(before);
  }

  /** Sets a setting for good, and has it read. */
  async set(name: string, value: string): Promise<void> {
    this.setBeforeStart(name, value);
    await this.query('SELECT pg_reload_conf()');
  }

  /** Sets a setting for good while the server is down. */
  setBeforeStart(name: string, value: string): void {
    appendFileSync(join(this.data, 'postgresql.auto.conf'), `${name} = '${value}'\n`);
  }

  /** Lets it start as a standby, which follows nobody. */
  becomeStandby(): void {
    const file = join(this.data, 'standby.signal');
    writeFileSync(file, '');
    own(file);
  }

  /** Runs SQL as the administrator of the server. */
  query(sql: string, parameters: readonly unknown[] = [], database = 'postgres') {
    return queryAt(this.urlOf(database, SUPERUSER, PASSWORD), sql, parameters);
  }

  private async answers(): Promise<boolean> {
    return this.query('SELECT 1').then(
      () => true,
      () => false,
    );
  }
}

/** Runs SQL on a connection of its own. */
export async function queryAt(
  url: string,
  sql: string,
  parameters: readonly unknown[] = [],
): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({
    connectionString: url,
    connectionTimeoutMillis: 5000,
    query_timeout: 60_000,
  });
  client.on('error', () => undefined);
  try {
    await client.connect();
    return (await client.query<Record<string, unknown>>(sql, [...parameters])).rows;
  } finally {
    await client.end().catch(() => undefined);
  }
}

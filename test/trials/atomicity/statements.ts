import { once } from 'node:events';
import type { Socket } from 'node:net';
import type { Database, Statement } from 'better-sqlite3';
import pg from 'pg';
import { loadSqlite } from '../../../src/database/sqlite/sqlite-driver.js';
import type { DatabaseKind } from '../../support/database.js';

const Sqlite = loadSqlite();

/**
 * What becomes of a statement that goes wrong. `refused`: it is not done, and the connection lives on. `unanswered`:
 * it is done, and its answer is an error. `outage`: `refused`, and so is every one after it.
 *
 * SQLite: `rolled back`: it is not done, and SQLite ends the transaction by itself, as it does when the disk is full.
 *
 * PostgreSQL: `cut before`, `cut after`: the connection breaks before it is done, or after. `transient`: it lost to
 * another transaction, and may be tried again.
 */
export type Fault =
  'refused' | 'unanswered' | 'outage' | 'rolled back' | 'cut before' | 'cut after' | 'transient';

/** What can go wrong on each database. */
export const FAULTS: Readonly<Record<DatabaseKind, readonly Fault[]>> = {
  sqlite: ['refused', 'rolled back', 'unanswered', 'outage'],
  postgres: ['cut before', 'cut after', 'unanswered', 'outage', 'transient'],
};

/** What is to go wrong: the statement with this number, from 1, or the first with this text. */
export interface Plan {
  readonly at: number | string;
  readonly fault: Fault;
}

/** The statements that a service of this process sends to one database, as its driver gets them. */
export class Statements {
  private static readonly watched = new Map<string, Statements>();
  private static readonly bystanders = new WeakSet<Database>();

  /** Their texts since {@link watch}. */
  readonly texts: string[] = [];
  /** How many transactions have been committed since, be it with an answer or without. */
  commits = 0;
  /** The number of the statement that went wrong first. */
  private struckAt?: number;
  private plan?: Plan;
  private hook?: () => void | Promise<void>;
  private isOn = false;

  private constructor(
    /** The texts of statements that are no part of what is tried: they are executed and not counted. */
    private readonly ignored?: RegExp,
  ) {}

  /** `url`: as `DATABASE_URL` has it; `ignored`: see the constructor. */
  static of(url: string, ignored?: RegExp): Statements {
    const name = /^sqlite:(.*)$/.exec(url)?.[1] ?? new URL(url).pathname.slice(1);
    const statements = new Statements(ignored);
    this.watched.set(name, statements);
    return statements;
  }

  /** Has a connection of the tests left alone. Those of the service to PostgreSQL have a name. */
  static ignore(connection: Database): void {
    this.bystanders.add(connection);
  }

  static forSqlite(database: Database): Statements | undefined {
    return this.bystanders.has(database) ? undefined : this.active(database.name);
  }

  static forPostgres(client: pg.Client): Statements | undefined {
    const { connectionParameters } = client as unknown as Innards;
    const isOfService = connectionParameters.application_name === 'hivegate';
    return isOfService ? this.active(connectionParameters.database) : undefined;
  }

  /** Counts from now on; `hook` is called after each statement that was done. */
  watch(plan?: Plan, hook?: () => void | Promise<void>): void {
    Object.assign(this, { plan, hook, isOn: true, commits: 0, struckAt: undefined });
    this.texts.length = 0;
  }

  /** Lets everything through again. */
  leave(): void {
    this.isOn = false;
  }

  /** Whether what was planned has happened. */
  get isStruck(): boolean {
    return this.struckAt !== undefined;
  }

  doOnSqlite<T>(sql: string, database: Database, execute: () => T): T {
    if (this.ignored?.test(sql)) return execute();
    const fault = this.faultOf(sql);
    if (fault === 'rolled back') {
      if (database.inTransaction) database.exec('ROLLBACK');
      throw new Sqlite.SqliteError('database or disk is full', 'SQLITE_FULL');
    }
    if (fault === 'refused' || fault === 'outage') throw broken();
    const result = execute();
    this.note(sql);
    void this.hook?.();
    if (fault === 'unanswered') throw broken();
    return result;
  }

  async doOnPostgres<T>(sql: string, client: pg.Client, execute: () => Promise<T>): Promise<T> {
    if (this.ignored?.test(sql)) return execute();
    const fault = this.faultOf(sql);
    const { stream } = (client as unknown as Innards).connection;
    if (fault === 'refused' || fault === 'outage') throw failed('57014');
    if (fault === 'transient') throw failed('40001');
    if (fault === 'cut before') stream.destroy();
    const result = await execute();
    this.note(sql);
    await this.hook?.();
    if (fault === 'unanswered') throw failed('57014');
    if (fault === 'cut after') {
      const ended = once(client, 'end');
      stream.destroy();
      await ended;
      throw new Error('Connection terminated unexpectedly');
    }
    return result;
  }

  private static active(name: string): Statements | undefined {
    const statements = this.watched.get(name);
    return statements?.isOn === true ? statements : undefined;
  }

  private faultOf(sql: string): Fault | undefined {
    const number = this.texts.push(sql.trim());
    if (!this.plan) return undefined;
    const { at, fault } = this.plan;
    if (this.struckAt === undefined && (at === number || at === sql)) this.struckAt = number;
    return this.struckAt === number || (this.struckAt !== undefined && fault === 'outage')
      ? fault
      : undefined;
  }

  private note(sql: string): void {
    if (sql === 'COMMIT') this.commits += 1;
  }
}

const broken = () => new Sqlite.SqliteError('disk I/O error', 'SQLITE_IOERR');
const failed = (code: string) => Object.assign(new Error('the statement was broken off'), { code });

/** What the types of the drivers do not tell. */
interface Innards {
  readonly connectionParameters: { readonly application_name?: string; readonly database: string };
  readonly connection: { readonly stream: Socket };
}
type Callback = (error: unknown, result?: unknown) => void;
type Query = (this: pg.Client, text: unknown, ...rest: unknown[]) => unknown;
type Method = (this: Statement, ...parameters: unknown[]) => unknown;

/** Between the service and pg. */
function interceptPostgres(): void {
  const prototype = pg.Client.prototype as unknown as { query: Query };
  const original = prototype.query;
  prototype.query = function (text, ...rest) {
    const statements = Statements.forPostgres(this);
    if (!statements || typeof text !== 'string') return original.call(this, text, ...rest);
    const callback = typeof rest.at(-1) === 'function' ? (rest.pop() as Callback) : undefined;
    const done = statements.doOnPostgres(
      text,
      this,
      () => original.call(this, text, ...rest) as Promise<unknown>,
    );
    if (!callback) return done;
    done.then((result) => {
      callback(null, result);
    }, callback);
    return undefined;
  };
}

/** Between the service and better-sqlite3. */
function interceptSqlite(): void {
  const memory = new Sqlite(':memory:');
  const prototype = Object.getPrototypeOf(memory.prepare('SELECT 1')) as Record<
    'run' | 'all' | 'get',
    Method
  >;
  memory.close();
  for (const name of ['run', 'all', 'get'] as const) {
    const original = prototype[name];
    prototype[name] = function (...parameters) {
      const execute = () => original.apply(this, parameters);
      const statements = Statements.forSqlite(this.database);
      return statements ? statements.doOnSqlite(this.source, this.database, execute) : execute();
    };
  }
}

interceptPostgres();
interceptSqlite();

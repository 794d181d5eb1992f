import { setTimeout as pause } from 'node:timers/promises';
import type { Database } from 'better-sqlite3';
import pg from 'pg';
import { loadSqlite } from '../../../src/database/sqlite/sqlite-driver.js';
import type { TestDatabase } from '../../support/database.js';
import { Statements } from './statements.js';

type Row = Readonly<Record<string, unknown>>;
/** Every row of every table, by its name. */
export type State = Readonly<Record<string, readonly Row[]>>;

/** The ids of rows that come after {@link Tables.write} begin here. */
const FIRST_NEW_ID = 1000;
/** Milliseconds after which an open transaction counts as left open. */
const PATIENCE = 20_000;

/** Looks at all that is committed in a database, and puts it back to what it was. */
export interface Tables {
  read(): State | Promise<State>;
  write(state: State): void | Promise<void>;
  /** Whether somebody has a transaction open. */
  hasOpenTransaction(): boolean | Promise<boolean>;
  close(): void | Promise<void>;
}

/** Whether a transaction is open, and stays so: PostgreSQL needs a moment to see that a connection has broken. */
export async function staysOpen(tables: Tables): Promise<boolean> {
  const deadline = performance.now() + PATIENCE;
  while (performance.now() < deadline) {
    if (!(await tables.hasOpenTransaction())) return false;
    await pause(10);
  }
  return true;
}

/** The tables of a database, by a connection of its own. */
export function openTables({ url }: TestDatabase): Promise<Tables> {
  const path = /^sqlite:(.*)$/.exec(url)?.[1];
  return path === undefined ? PostgresTables.open(url) : Promise.resolve(new SqliteTables(path));
}

class SqliteTables implements Tables {
  private readonly connection: Database;

  constructor(path: string) {
    this.connection = new (loadSqlite())(path);
    Statements.ignore(this.connection);
    this.connection.pragma('foreign_keys = OFF');
    this.connection.pragma('synchronous = OFF');
  }

  read(): State {
    // One transaction: all of it as it was at one moment.
    return this.connection.transaction(() =>
      Object.fromEntries(
        this.names(`name NOT LIKE 'sqlite_%'`).map((name) => [
          name,
          this.connection.prepare<[], Row>(`SELECT * FROM "${name}" ORDER BY 1, 2`).all(),
        ]),
      ),
    )();
  }

  write(state: State): void {
    const now = this.read();
    const run = this.connection.transaction(() => {
      for (const [name, rows] of Object.entries(state)) {
        if (isSame(now[name], rows)) continue;
        this.connection.exec(`DELETE FROM "${name}"`);
        for (const row of rows) {
          const columns = Object.keys(row);
          this.connection
            .prepare(
              `INSERT INTO "${name}" (${columns.map((column) => `"${column}"`).join()})
               VALUES (${columns.map(() => '?').join()})`,
            )
            .run(...Object.values(row));
        }
      }
      this.connection.exec('DELETE FROM sqlite_sequence');
      for (const name of this.names(`sql LIKE '%AUTOINCREMENT%'`))
        this.connection.prepare('INSERT INTO sqlite_sequence VALUES (?, ?)').run(name, FIRST_NEW_ID - 1);
    });
    run.immediate();
  }

  hasOpenTransaction(): boolean {
    this.connection.pragma('busy_timeout = 0');
    try {
      this.connection.exec('BEGIN IMMEDIATE; ROLLBACK');
      return false;
    } catch {
      return true;
    } finally {
      this.connection.pragma('busy_timeout = 5000');
    }
  }

  close(): void {
    this.connection.close();
  }

  private names(condition: string): string[] {
    return this.connection
      .prepare<[], string>(`SELECT name FROM sqlite_master WHERE type = 'table' AND ${condition}`)
      .pluck()
      .all();
  }
}

class PostgresTables implements Tables {
  private constructor(private readonly client: pg.Client) {}

  static async open(url: string): Promise<PostgresTables> {
    const client = new pg.Client({ connectionString: url, application_name: 'tests' });
    await client.connect();
    // References are not looked at while tables are put back.
    await client.query('SET session_replication_role = replica');
    return new PostgresTables(client);
  }

  async read(): Promise<State> {
    const names = await this.names();
    if (names.length === 0) return {};
    // One statement: all of it as it was at one moment.
    const { rows } = await this.client.query<{ name: string; rows: Row[] }>(
      names
        .map(
          (name) =>
            `SELECT '${name}' AS name, coalesce(json_agg(t ORDER BY t.*::text COLLATE "C"), '[]') AS rows FROM "${name}" t`,
        )
        .join(' UNION ALL '),
    );
    return Object.fromEntries(rows.map((row) => [row.name, row.rows]));
  }

  async write(state: State): Promise<void> {
    const now = await this.read();
    const changed = Object.entries(state).filter(([name, rows]) => !isSame(now[name], rows));
    await this.client.query('BEGIN');
    for (const [name, rows] of changed) {
      await this.client.query(`DELETE FROM "${name}"`);
      await this.client.query(
        `INSERT INTO "${name}" SELECT * FROM json_populate_recordset(null::"${name}", $1)`,
        [JSON.stringify(rows)],
      );
    }
    await this.client.query(
      `SELECT setval(sequence::regclass, ${FIRST_NEW_ID}, false) FROM (
         SELECT pg_get_serial_sequence(quote_ident(table_name), column_name) AS sequence
         FROM information_schema.columns WHERE table_schema = 'public') _ WHERE sequence IS NOT NULL`,
    );
    await this.client.query('COMMIT');
  }

  async hasOpenTransaction(): Promise<boolean> {
    const { rows } = await this.client.query(
      `SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND state LIKE 'idle in transaction%'`,
    );
    return rows.length > 0;
  }

  async close(): Promise<void> {
    await this.client.end();
  }

  private async names(): Promise<string[]> {
    const { rows } = await this.client.query<{ name: string }>(
      `SELECT relname AS name FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace ORDER BY 1`,
    );
    return rows.map(({ name }) => name);
  }
}

const isSame = (one: unknown, other: unknown) => JSON.stringify(one) === JSON.stringify(other);

/** Columns that are never the same twice: what counts is whether their value is the one of before. */
const VOLATILE = new Set([
  ...['at', 'created_at', 'last_login', 'guessed_at', 'blocked_at', 'blocked_until', 'password_hash'],
  ...['kid', 'public_jwk', 'private_key', 'refresh_key', 'epoch'],
  ...['last_used_at', 'expires_at', 'access_expires_at', 'revoked_at', 'removable_at'],
]);

/** Ids of sessions and requests, and times within JSON. */
const VOLATILE_TEXT =
  /[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}|\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/g;

/** A state in a form in which two runs that did the same from `before` on are alike. */
export function outline(state: State, before: State): string {
  // Sorted: the ids of sessions are random, and so is their order.
  const outlineRows = (name: string, rows: readonly Row[]) =>
    rows
      .map((row) =>
        JSON.stringify(
          Object.entries(row).map(([column, value]) => outlineOf(column, value, before[name] ?? [])),
        ),
      )
      .sort();
  const { events = [], pending_events: pending = [], event_counts: counts = [], ...tables } = state;
  const outlines = Object.entries(tables).map(([name, rows]) => [name, outlineRows(name, rows)]);
  // An event is the same wherever it is: pending, public, or counted.
  const counted = counts.flatMap((row) => Array<Row>(Number(row['others'])).fill(row));
  const occurrences = outlineRows('events', [...events, ...pending, ...counted].map(occurrenceOf));
  return JSON.stringify(Object.fromEntries([...outlines, ['events', occurrences]]));
}

/** What is alike in the events of two runs that did the same. */
function occurrenceOf({ type, subject, actor_id, data }: Row): Row {
  const { session: _, requestId: __, ...rest } = JSON.parse(String(data)) as Row;
  const about = String(subject).replace(/^key\/.*/, 'key/any');
  return { type, subject: about, actor_id, data: JSON.stringify(rest) };
}

function outlineOf(column: string, value: unknown, before: readonly Row[]): unknown {
  if (typeof value === 'string' && value.search(VOLATILE_TEXT) >= 0)
    return before.some((row) => row[column] === value) ? value : value.replace(VOLATILE_TEXT, 'new');
  // One that was given in vain is not given again.
  if (column === 'id') return Number(value) >= FIRST_NEW_ID || before.length === 0 ? 'new' : value;
  if (column === 'subject' && String(value).startsWith('key/'))
    return before.some((row) => row[column] === value) ? value : 'key/new';
  if (column === 'subject')
    return String(value).replace(/\d+$/, (id) =>
      Number(id) >= FIRST_NEW_ID || before.length === 0 ? 'new' : id,
    );
  if (!VOLATILE.has(column) || value === null) return value;
  return before.some((row) => row[column] === value) ? value : 'new';
}

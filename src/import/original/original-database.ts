import pg from 'pg';
import { connectionOptions } from '../../database/postgres/connection-options.js';
import { OperatorError } from '../../errors/operator-error.js';

/** Rows that are fetched at once. A row may have 64 KiB. */
const FETCHED = 500;
/** Milliseconds until a connection attempt fails. */
const CONNECT_TIMEOUT = 10_000;
/** The table of users, in the order of its names: version 3.1.2 of the original has renamed it. */
const USER_TABLES = ['dh_user', 'user'];
const SERVER_LIMITS = ['statement_timeout', 'lock_timeout', 'idle_in_transaction_session_timeout'];

/** The SQLSTATE of a rejected password. */
const WRONG_PASSWORD = '28P01';

/** Where the original's database is. */
export interface OriginalSource {
  /** `postgres://…`, without a password. */
  readonly url: string;
  /** Where the password comes from. */
  readonly password: PasswordSource;
}

/** Where the password of a database comes from. */
export interface PasswordSource {
  /** The option that names it, which has precedence over `PGPASSWORD`; undefined: there is none. */
  readonly option: string | undefined;
  /** Returns the password; called only if the server asks for one. */
  readonly read: (address: PasswordAddress) => Promise<string>;
}

/** For which connection a password is asked, as `.pgpass` names it. */
export interface PasswordAddress {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly database: string;
}

/** Which tables the original's database has: earlier versions have no device types, and other columns. */
export interface OriginalTables {
  /** The table of users, as SQL names it, and as reports do. */
  readonly users: string;
  readonly usersName: string;
  readonly hasDeviceTypes: boolean;
  /** The columns of the table of users. */
  readonly userColumns: ReadonlySet<string>;
}

/** A connection to the database of an original DeviceHive: one read-only snapshot of it. */
export class OriginalDatabase {
  private constructor(
    private readonly client: pg.Client,
    readonly tables: OriginalTables,
  ) {}

  /** @throws {OperatorError} when it cannot be reached, or is not the database of an original */
  static async open({ url, password }: OriginalSource): Promise<OriginalDatabase> {
    const client = await connect(url, password);
    try {
      await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
      // Older servers do not have all of them.
      await client.query(
        `SELECT set_config(name, '0', true) FROM pg_settings WHERE name = ANY ($1::text[])`,
        [SERVER_LIMITS],
      );
      return new OriginalDatabase(client, await tablesOf(client));
    } catch (error) {
      await client.end();
      throw described(error);
    }
  }

  /** Reads rows with a cursor: memory does not grow with their number. */
  async *read<Row extends object>(sql: string): AsyncGenerator<Row> {
    try {
      await this.client.query(`DECLARE original NO SCROLL CURSOR FOR ${sql}`);
      for (;;) {
        const { rows } = await this.client.query<Row>(`FETCH ${FETCHED} FROM original`);
        yield* rows;
        if (rows.length < FETCHED) break;
      }
    } catch (error) {
      throw described(error);
    } finally {
      // It fails where the transaction has failed.
      await this.client.query('CLOSE original').catch(() => undefined);
    }
  }

  /** Returns the number of users. */
  async countUsers(): Promise<number> {
    const row = await this.first<{ users: number }>(
      `SELECT count(*)::float8 AS users FROM ${this.tables.users}`,
    );
    return row?.users ?? 0;
  }

  /** Returns the last id that a table has given; 0 if that is not known. `table`: as SQL names it. */
  async lastId(table: string): Promise<number> {
    const found = await this.first<{ sequence: string | null }>(
      `SELECT CASE WHEN has_sequence_privilege(sequence, 'SELECT') THEN sequence END AS sequence
       FROM (SELECT pg_get_serial_sequence('${table}', 'id') AS sequence) AS own`,
    );
    const sequence = found?.sequence ?? undefined;
    if (sequence === undefined) return 0;
    const row = await this.first<{ last: number }>(
      `SELECT CASE WHEN is_called THEN last_value ELSE 0 END::float8 AS last FROM ${sequence}`,
    );
    return row?.last ?? 0;
  }

  private async first<Row extends object>(sql: string): Promise<Row | undefined> {
    try {
      return (await this.client.query<Row>(sql)).rows[0];
    } catch (error) {
      throw described(error);
    }
  }

  close(): Promise<void> {
    return this.client.end();
  }
}

async function connect(url: string, password: PasswordSource): Promise<pg.Client> {
  const { password: known, ...options } = connectionOptions(url, { name: '--from' });
  const { host, port, user, database } = options;
  const client = new pg.Client({
    connectionTimeoutMillis: CONNECT_TIMEOUT,
    ...options,
    application_name: 'hivegate import',
    password:
      password.option === undefined && typeof known === 'string'
        ? known
        : () => password.read({ host, port, user, database }),
  });
  // A connection that breaks is the error of the next query.
  client.on('error', () => undefined);
  try {
    await client.connect();
    return client;
  } catch (error) {
    // The server may still wait for a password.
    client.end().catch(() => undefined);
    const { code, message } = error as Partial<pg.DatabaseError>;
    if (code === WRONG_PASSWORD && password.option !== undefined)
      throw new OperatorError(`${password.option} does not hold the right password: ${message ?? ''}`);
    throw described(error);
  }
}

async function tablesOf(client: pg.Client): Promise<OriginalTables> {
  const columnsOf = async (table: string) => {
    const { rows } = await client.query<{ name: string }>(
      `SELECT attname AS name FROM pg_attribute
       WHERE attrelid = to_regclass($1) AND attnum > 0 AND NOT attisdropped`,
      [`"${table}"`],
    );
    return new Set(rows.map(({ name }) => name));
  };
  const required = async (table: string, columns: readonly string[]) => {
    const found = await columnsOf(table);
    if (found.size === 0) throw notOriginal(`it has no table ${table}`);
    const missing = columns.find((column) => !found.has(column));
    if (missing !== undefined) throw notOriginal(`its table ${table} has no column ${missing}`);
    return found;
  };
  let usersName = 'dh_user';
  for (const name of USER_TABLES) {
    if ((await columnsOf(name)).size === 0) continue;
    usersName = name;
    break;
  }
  const userColumns = await required(usersName, USER_COLUMNS);
  await required('network', SCOPE_COLUMNS);
  await required('user_network', ['user_id', 'network_id']);
  await required('configuration', ['name', 'value']);
  const hasDeviceTypes = (await columnsOf('device_type')).size > 0;
  if (hasDeviceTypes) {
    await required('device_type', SCOPE_COLUMNS);
    await required('user_device_type', ['user_id', 'device_type_id']);
  }
  return { users: `"${usersName}"`, usersName, hasDeviceTypes, userColumns };
}

const USER_COLUMNS = ['id', 'login', 'password_hash', 'password_salt', 'role', 'status', 'last_login'];
const SCOPE_COLUMNS = ['id', 'name', 'description'];

const notOriginal = (why: string) => new OperatorError(`--from is not the database of a DeviceHive: ${why}`);

/** The driver's messages name the user, the host and the database, and never a password. */
function described(error: unknown): Error {
  if (error instanceof OperatorError || !(error instanceof Error)) return error as Error;
  const { message, code } = error as NodeJS.ErrnoException;
  return new OperatorError(`--from cannot be read: ${((message || code) ?? '').split('\n', 1)[0] ?? ''}`);
}

/** The tables that requests change, with their primary keys. A table comes after those that it refers to. */
export const PRIMARY_KEYS = {
  users: ['id'],
  networks: ['id'],
  device_types: ['id'],
  user_networks: ['user_id', 'network_id'],
  user_device_types: ['user_id', 'device_type_id'],
  configuration: ['name'],
} as const;
/** The name of one of them. */
export type TableName = keyof typeof PRIMARY_KEYS;
/** Their names. */
export const TABLES = Object.keys(PRIMARY_KEYS) as readonly TableName[];

/** A row, by column. */
export type Row = Record<string, unknown>;
/** Every row of every table that requests change, in the order of the primary keys. */
export type TableState = Record<TableName, Row[]>;

/** A `TestDatabase`, or another connection to it. */
interface Queryable {
  /** As `DATABASE_URL` has it. */
  readonly url: string;
  query(sql: string): Promise<Row[]>;
}

const isPostgres = ({ url }: Queryable) => url.startsWith('postgres');

/** Reads all tables that requests change. On PostgreSQL in one statement, as each costs a round trip. */
export async function readTables(database: Queryable): Promise<TableState> {
  const select = (table: TableName) => `SELECT * FROM ${table} ORDER BY ${PRIMARY_KEYS[table].join()}`;
  if (isPostgres(database)) {
    const columns = TABLES.map(
      (table) => `(SELECT coalesce(json_agg(r), '[]') FROM (${select(table)}) r) AS ${table}`,
    );
    const [state] = await database.query(`SELECT ${columns.join()}`);
    return state as TableState;
  }
  const tables = TABLES.map(async (table) => [table, await database.query(select(table))] as const);
  return Object.fromEntries(await Promise.all(tables)) as TableState;
}

/** The names of all tables of a database, sorted. */
export async function tableNames(database: Queryable): Promise<string[]> {
  const rows = await database.query(
    isPostgres(database)
      ? "SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'public'"
      : "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'",
  );
  return rows.map(({ name }) => String(name)).sort();
}

import type { DataSource, EntityManager, EntityMetadata } from 'typeorm';

/*
 * Writes whose SQL is built once per set of columns, for the same reason as in compiled-query.ts. On SQLite, TypeORM
 * would also inline ids into the SQL, and so prepare a new statement for every row.
 */

const texts = new WeakMap<DataSource, Map<string, string>>();

/** Updates `columns` (property names) of the row with this id, and increments the columns in `increments` by one. */
export async function updateById<T extends object>(
  manager: EntityManager,
  entity: new () => T,
  id: number | string,
  columns: Readonly<Partial<T>>,
  increments: readonly (keyof T & string)[] = [],
): Promise<void> {
  const metadata = manager.dataSource.getMetadata(entity);
  const names = namesOf(columns);
  const sql = textOf(manager, `update ${metadata.tableName} ${names.join()} + ${increments.join()}`, () => {
    const set = names.map((name, index) => `${columnOf(metadata, name)} = ${parameter(manager, index)}`);
    const counted = increments.map((name) => `${columnOf(metadata, name)} = ${columnOf(metadata, name)} + 1`);
    return (
      `UPDATE "${metadata.tableName}" SET ${[...set, ...counted].join(', ')} ` +
      `WHERE "id" = ${parameter(manager, names.length)}`
    );
  });
  await manager.query(sql, [...valuesOf(manager, metadata, names, columns), id]);
}

/** Inserts a row. Does not return the generated id. */
export async function insertRow<T extends object>(
  manager: EntityManager,
  entity: new () => T,
  columns: Partial<T>,
): Promise<void> {
  const metadata = manager.dataSource.getMetadata(entity);
  const names = namesOf(columns);
  const sql = textOf(manager, `insert ${metadata.tableName} ${names.join()}`, () => {
    const into = names.map((name) => columnOf(metadata, name));
    const values = names.map((_, index) => parameter(manager, index));
    return `INSERT INTO "${metadata.tableName}" (${into.join(', ')}) VALUES (${values.join(', ')})`;
  });
  await manager.query(sql, valuesOf(manager, metadata, names, columns));
}

/** Inserts rows, in this order, in one statement. All of them have the columns of the first. */
export async function insertRows<T extends object>(
  manager: EntityManager,
  entity: new () => T,
  rows: readonly Partial<T>[],
): Promise<void> {
  await insertAll(manager, entity, rows, () => '');
}

/**
 * Inserts, in one statement, the rows whose value of the unique column `unique` (a property name) no row has yet, not
 * even an earlier one of the same list. All of them have the columns of the first.
 *
 * @returns the values of `unique` in the inserted rows, as they are stored
 */
export async function insertAbsentRows<T extends object>(
  manager: EntityManager,
  entity: new () => T,
  rows: readonly Partial<T>[],
  unique: keyof T & string,
): Promise<unknown[]> {
  const inserted = await insertAll(manager, entity, rows, (metadata) => {
    const column = columnOf(metadata, unique);
    return ` ON CONFLICT (${column}) DO NOTHING RETURNING ${column} AS "value"`;
  });
  return (inserted as { readonly value: unknown }[]).map(({ value }) => value);
}

/** Inserts rows, in one statement, or replaces those with the same primary key. */
export async function upsertRows<T extends object>(
  manager: EntityManager,
  entity: new () => T,
  rows: readonly Partial<T>[],
): Promise<void> {
  await insertAll(manager, entity, rows, ({ primaryColumns, columns }) => {
    const key = primaryColumns.map(({ databaseName }) => `"${databaseName}"`);
    const others = columns.filter(({ isPrimary }) => !isPrimary);
    const set = others.map(({ databaseName }) => `"${databaseName}" = excluded."${databaseName}"`);
    return ` ON CONFLICT (${key.join(', ')}) DO UPDATE SET ${set.join(', ')}`;
  });
}

/** Deletes the rows with these ids. */
export async function deleteByIds(
  manager: EntityManager,
  entity: new () => { id: number },
  ids: readonly number[],
): Promise<void> {
  if (ids.length === 0) return;
  const { tableName } = manager.dataSource.getMetadata(entity);
  const list = ids.map((_, index) => parameter(manager, index)).join(', ');
  await manager.query(`DELETE FROM "${tableName}" WHERE "id" IN (${list})`, [...ids]);
}

/** Not compiled: the number of rows is another each time. */
async function insertAll<T extends object>(
  manager: EntityManager,
  entity: new () => T,
  rows: readonly Partial<T>[],
  suffixOf: (metadata: EntityMetadata) => string,
): Promise<unknown> {
  const [first] = rows;
  if (!first) return [];
  const metadata = manager.dataSource.getMetadata(entity);
  const names = namesOf(first);
  const into = names.map((name) => columnOf(metadata, name));
  const tuples = rows.map((_, row) => {
    const values = names.map((__, index) => parameter(manager, row * names.length + index));
    return `(${values.join(', ')})`;
  });
  const sql = `INSERT INTO "${metadata.tableName}" (${into.join(', ')}) VALUES ${tuples.join(', ')}`;
  const parameters = rows.flatMap((row) => valuesOf(manager, metadata, names, row));
  return manager.query(sql + suffixOf(metadata), parameters);
}

function namesOf<T extends object>(columns: Partial<T>): (keyof T & string)[] {
  return (Object.keys(columns) as (keyof T & string)[]).filter((name) => columns[name] !== undefined);
}

function valuesOf<T extends object>(
  { dataSource }: EntityManager,
  metadata: EntityMetadata,
  names: readonly (keyof T & string)[],
  columns: Partial<T>,
): unknown[] {
  return names.map(
    (name) =>
      dataSource.driver.preparePersistentValue(columns[name], columnMetadata(metadata, name)) as unknown,
  );
}

function columnMetadata(metadata: EntityMetadata, name: string) {
  const column = metadata.findColumnWithPropertyName(name);
  if (!column) throw new Error(`${metadata.name} has no column ${name}`);
  return column;
}

const columnOf = (metadata: EntityMetadata, name: string) =>
  `"${columnMetadata(metadata, name).databaseName}"`;

const parameter = ({ dataSource }: EntityManager, index: number) =>
  dataSource.driver.createParameter(`p${index}`, index);

function textOf({ dataSource }: EntityManager, key: string, make: () => string): string {
  let known = texts.get(dataSource);
  if (!known) texts.set(dataSource, (known = new Map<string, string>()));
  let text = known.get(key);
  if (text === undefined) known.set(key, (text = make()));
  return text;
}

import { DataSource } from 'typeorm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SCHEMA } from '../../src/app.schema.js';
import { loadSqlite } from '../../src/database/sqlite/sqlite-driver.js';
import { createDatabase, kindOfDatabase, type TestDatabase } from '../support/database.js';
import { tableNames } from '../support/tables.js';

/*
 * The migrations are written by hand, and so are the entities: here they are held against each other. Types, defaults
 * and indexes are the migrations' own, and differ between the databases; names and nullability are not.
 */

let database: TestDatabase;
let source: DataSource;
beforeAll(async () => {
  database = await createDatabase();
  source = await new DataSource({
    ...(kindOfDatabase() === 'postgres'
      ? { type: 'postgres' as const, url: database.url }
      : {
          type: 'better-sqlite3' as const,
          driver: loadSqlite(),
          database: database.url.replace('sqlite:', ''),
        }),
    entities: [...SCHEMA.entities],
    migrations: [...SCHEMA.migrations],
  }).initialize();
  await source.runMigrations();
});
afterAll(async () => {
  await source.destroy();
  await database.remove();
});

/** Tables that are TypeORM's own. */
const WITHOUT_ENTITY = ['migrations'];

describe('the migrations', () => {
  it('make the tables of the entities, and no others', async () => {
    const expected = [...source.entityMetadatas.map(({ tableName }) => tableName), ...WITHOUT_ENTITY];
    expect(await tableNames(database)).toEqual(expected.sort());
  });

  it('make the columns of the entities, and no others, as nullable as those say', async () => {
    const runner = source.createQueryRunner();
    for (const { tableName, columns } of source.entityMetadatas) {
      const table = await runner.getTable(tableName);
      const made = table?.columns.map(({ name, isNullable, isPrimary }) => ({ name, isNullable, isPrimary }));
      const wanted = columns.map(({ databaseName, isNullable, isPrimary }) => ({
        name: databaseName,
        isNullable,
        isPrimary,
      }));
      expect({ tableName, columns: new Set(made) }).toEqual({ tableName, columns: new Set(wanted) });
    }
    await runner.release();
  });

  it('can be undone and done again, to the same schema', async () => {
    const describeSchema = () =>
      source.query<unknown[]>(
        kindOfDatabase() === 'postgres'
          ? "SELECT tablename, indexdef FROM pg_indexes WHERE schemaname = 'public' ORDER BY indexdef"
          : 'SELECT name, sql FROM sqlite_master ORDER BY name, sql',
      );
    const before = await describeSchema();
    for (const _ of SCHEMA.migrations) await source.undoLastMigration();
    expect(await tableNames(database)).toEqual(['migrations']);
    await source.runMigrations();
    expect(await describeSchema()).toEqual(before);
  });
});

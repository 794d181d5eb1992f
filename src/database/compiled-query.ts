import type { DataSource, EntityManager, ObjectLiteral, SelectQueryBuilder } from 'typeorm';
import type { RowLock } from './transaction.js';

/**
 * Placeholder for the parameter while a query is built. A string, because TypeORM inlines numbers into SQLite's SQL.
 */
export const PARAMETER = '';

interface Compiled<T> {
  readonly sql: string;
  readonly hydrate: (row: Readonly<Record<string, unknown>>) => T;
}

/**
 * A query with one parameter. Its SQL is built once per data source, not per request: building it costs several times
 * as much as running it (docs/performance.md).
 */
export class CompiledQuery<T extends ObjectLiteral> {
  private readonly compiled = {
    none: new WeakMap<DataSource, Compiled<T>>(),
    pessimistic_write: new WeakMap<DataSource, Compiled<T>>(),
    pessimistic_read: new WeakMap<DataSource, Compiled<T>>(),
  };

  /** `build` returns an entity query with {@link PARAMETER} as the value of its only parameter. */
  constructor(private readonly build: (manager: EntityManager) => SelectQueryBuilder<T>) {}

  /** Returns the entities that match this parameter. */
  async all(manager: EntityManager, parameter: unknown, lock?: RowLock): Promise<T[]> {
    const { sql, hydrate } = this.of(manager, lock);
    return (await manager.query<Record<string, unknown>[]>(sql, [parameter])).map(hydrate);
  }

  /** Returns the first entity of {@link all}, or null. */
  async first(manager: EntityManager, parameter: unknown, lock?: RowLock): Promise<T | null> {
    return (await this.all(manager, parameter, lock))[0] ?? null;
  }

  /** Returns {@link first} with its row, which has the columns that the query selects besides those of the entity. */
  async firstWithRow(
    manager: EntityManager,
    parameter: unknown,
    lock?: RowLock,
  ): Promise<{ entity: T; row: Readonly<Record<string, unknown>> } | null> {
    const { sql, hydrate } = this.of(manager, lock);
    const [row] = await manager.query<Record<string, unknown>[]>(sql, [parameter]);
    return row ? { entity: hydrate(row), row } : null;
  }

  private of(manager: EntityManager, lock: RowLock | undefined): Compiled<T> {
    const cache = this.compiled[lock ?? 'none'];
    let compiled = cache.get(manager.dataSource);
    if (!compiled) {
      const query = this.build(manager);
      if (lock) query.setLock(lock);
      compiled = compile(query);
      cache.set(manager.dataSource, compiled);
    }
    return compiled;
  }
}

/** Runs a query of entities as `getMany` does, in half of its time: the entities have no relations. */
export async function allOf<T extends ObjectLiteral>(
  manager: EntityManager,
  query: SelectQueryBuilder<T>,
): Promise<T[]> {
  const [sql, parameters] = query.getQueryAndParameters();
  return (await manager.query<Record<string, unknown>[]>(sql, parameters)).map(hydratorOf(query));
}

function compile<T extends ObjectLiteral>(query: SelectQueryBuilder<T>): Compiled<T> {
  const [sql, parameters] = query.getQueryAndParameters();
  if (parameters.length !== 1) throw new Error(`A compiled query has one parameter: ${sql}`);
  return { sql, hydrate: hydratorOf(query) };
}

function hydratorOf<T extends ObjectLiteral>({
  dataSource,
  expressionMap,
  alias,
}: SelectQueryBuilder<T>): Compiled<T>['hydrate'] {
  const { metadata } = expressionMap.mainAlias ?? {};
  if (!metadata) throw new Error('The query is not one of entities');
  const columns = metadata.columns.map((column) => ({
    column,
    property: column.propertyName,
    key: `${alias}_${column.databaseName}`,
  }));
  return (row) => {
    const entity = metadata.create() as Record<string, unknown>;
    for (const { column, property, key } of columns) {
      if (key in row) entity[property] = dataSource.driver.prepareHydratedValue(row[key], column);
    }
    return entity as T;
  };
}

import type { DataSource, EntityManager, FindOneOptions, ObjectLiteral, SelectQueryBuilder } from 'typeorm';

/** Stands for the parameter while a query is built. A text: TypeORM writes numbers into the SQL of SQLite. */
export const PARAMETER = '';

interface Compiled<T> {
  readonly sql: string;
  readonly hydrate: (row: Readonly<Record<string, unknown>>) => T;
}

/**
 * A query by one parameter whose text is built once for each database and not once for each request: building it
 * costs several times what running it does (docs/performance.md).
 */
export class CompiledQuery<T extends ObjectLiteral> {
  private readonly compiled = new WeakMap<DataSource, Compiled<T>>();
  private readonly locking = new WeakMap<DataSource, Compiled<T>>();

  /** `build` makes the query of entities, with {@link PARAMETER} as the value of its one parameter. */
  constructor(private readonly build: (manager: EntityManager) => SelectQueryBuilder<T>) {}

  /** The entities that the query finds with this parameter. */
  async all(manager: EntityManager, parameter: unknown, lock?: FindOneOptions['lock']): Promise<T[]> {
    const { sql, hydrate } = this.of(manager, lock);
    return (await manager.query<Record<string, unknown>[]>(sql, [parameter])).map(hydrate);
  }

  /** The first of {@link all}, or null. */
  async first(manager: EntityManager, parameter: unknown, lock?: FindOneOptions['lock']): Promise<T | null> {
    return (await this.all(manager, parameter, lock))[0] ?? null;
  }

  private of(manager: EntityManager, lock: FindOneOptions['lock']): Compiled<T> {
    const cache = lock ? this.locking : this.compiled;
    let compiled = cache.get(manager.dataSource);
    if (!compiled) {
      const query = this.build(manager);
      if (lock) query.setLock('pessimistic_write');
      compiled = compile(query);
      cache.set(manager.dataSource, compiled);
    }
    return compiled;
  }
}

function compile<T extends ObjectLiteral>(query: SelectQueryBuilder<T>): Compiled<T> {
  const { dataSource, expressionMap, alias } = query;
  const { metadata } = expressionMap.mainAlias ?? {};
  if (!metadata) throw new Error('A compiled query is one of entities');
  const [sql, parameters] = query.getQueryAndParameters();
  if (parameters.length !== 1) throw new Error(`A compiled query has one parameter: ${sql}`);
  const columns = metadata.columns.map((column) => ({
    column,
    property: column.propertyName,
    key: `${alias}_${column.databaseName}`,
  }));
  return {
    sql,
    hydrate: (row) => {
      const entity = metadata.create() as Record<string, unknown>;
      for (const { column, property, key } of columns) {
        if (key in row) entity[property] = dataSource.driver.prepareHydratedValue(row[key], column);
      }
      return entity as T;
    },
  };
}

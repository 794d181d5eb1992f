import type { EntityManager, ObjectLiteral } from 'typeorm';
import { LikePattern } from './like-pattern.js';

/** The rows that a condition is about. */
export interface Rows<T extends ObjectLiteral> {
  readonly entity: new () => T;
  /** The alias of the rows in conditions. */
  readonly alias: string;
}

/** A condition of a list. */
export interface Condition {
  /** In SQL. Parameters have a name that no other condition of the list uses. */
  readonly sql: string;
  readonly parameters?: ObjectLiteral;
  /**
   * Returns ids of up to `most` rows, by an index alone. If they are fewer, then no other row satisfies the condition.
   * Absent where no index serves it.
   */
  readonly ids?: (manager: EntityManager, most: number) => Promise<readonly number[]>;
  /**
   * The same condition of an id alone, tried on the rows that the others leave. For one whose SQL has costs of its own in
   * each statement, where a scan has many statements.
   */
  readonly accepts?: (id: number) => boolean;
}

/** Returns a condition that an index serves. */
export const indexed = <T extends ObjectLiteral>(
  rows: Rows<T>,
  sql: string,
  parameters: ObjectLiteral,
): Condition => ({ sql, parameters, ids: idsWhere(rows, sql, parameters) });

/**
 * Returns the condition that `property`, which has an index, is like an SQL pattern with `\` as the escape character
 * (contract.md §3). Both are lower case.
 */
export function isLike<T extends ObjectLiteral>(rows: Rows<T>, property: string, text: string): Condition {
  const column = `${rows.alias}.${property}`;
  const { pattern, escape, prefix, afterPrefix } = new LikePattern(text);
  const condition: Condition = { sql: `${column} LIKE :pattern ESCAPE '${escape}'`, parameters: { pattern } };
  if (prefix === '' || afterPrefix === undefined) return condition;
  const range = `${column} >= :prefix AND ${column} < :afterPrefix`;
  return { ...condition, ids: idsWhere(rows, range, { prefix, afterPrefix }) };
}

function idsWhere<T extends ObjectLiteral>(
  { entity, alias }: Rows<T>,
  sql: string,
  parameters: ObjectLiteral,
): NonNullable<Condition['ids']> {
  return async (manager, most) => {
    const rows = manager.createQueryBuilder(entity, alias).select(`${alias}.id`, 'id').where(sql, parameters);
    return (await rows.limit(most).getRawMany<{ id: number }>()).map(({ id }) => id);
  };
}

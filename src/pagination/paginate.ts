import type { ObjectLiteral, SelectQueryBuilder } from 'typeorm';
import { requestErrors } from '../errors/request.errors.js';
import type { PageQuery } from './page.query.js';

/**
 * Limits a query to the requested page. `sort` is the property to sort by; undefined: the id.
 *
 * @throws {ApiError} 400 when `after` is combined with a parameter that it excludes
 */
export function paginate<T extends ObjectLiteral>(
  rows: SelectQueryBuilder<T>,
  { take, skip, after, sortOrder }: PageQuery,
  sort?: string,
): SelectQueryBuilder<T> {
  const id = `${rows.alias}.id`;
  if (after !== undefined) {
    if (skip !== undefined || sort !== undefined) {
      throw requestErrors.invalidParameters([
        { field: 'after', message: 'after excludes skip and a sort by anything but ID' },
      ]);
    }
    rows.andWhere(`${id} ${sortOrder === 'ASC' ? '>' : '<'} :after`, { after });
  }
  if (sort !== undefined) rows.orderBy(`${rows.alias}.${sort}`, sortOrder);
  // Tie-break by id: sort keys are case-folded.
  return rows.addOrderBy(id, sortOrder).limit(take).offset(skip);
}

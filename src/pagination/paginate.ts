import type { ObjectLiteral, SelectQueryBuilder } from 'typeorm';
import { requestErrors } from '../errors/request.errors.js';
import type { PageQuery } from './page.query.js';

/**
 * Cuts a query down to the page that is asked for. `alias` is the one of the query, `sort` the property to sort by
 * where that is not the id.
 *
 * @throws {ApiError} 400 when `after` comes with what it excludes
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
  // Names may be alike but for their case: the id settles their order.
  return rows.addOrderBy(id, sortOrder).limit(take).offset(skip);
}

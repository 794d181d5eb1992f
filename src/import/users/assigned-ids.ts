import type { EntityManager } from 'typeorm';
import type { Database } from '../../database/database.js';
import { SCOPE_FIELDS, SCOPE_KINDS } from './scope-kinds.js';
import type { AssignedIds } from './stored-user.js';

const NONE: AssignedIds = { networkIds: [], deviceTypeIds: [] };

/** Reads the ids of the scopes that are assigned to users, in ascending order. @returns a function of the user's id */
export async function assignedIds(
  database: Database,
  manager: EntityManager,
  userIds: readonly number[],
): Promise<(userId: number) => AssignedIds> {
  const byUser = new Map<number, { networkIds: number[]; deviceTypeIds: number[] }>();
  if (userIds.length === 0) return () => NONE;
  for (const field of SCOPE_FIELDS) {
    const assignments = await manager
      .createQueryBuilder(SCOPE_KINDS[field].assignment, 'assignment')
      .where(database.isAmong('assignment.userId', 'ids'), { ids: JSON.stringify(userIds) })
      .orderBy('assignment.userId')
      .addOrderBy('assignment.scopeId')
      .getMany();
    for (const { userId, scopeId } of assignments) {
      let assigned = byUser.get(userId);
      if (!assigned) byUser.set(userId, (assigned = { networkIds: [], deviceTypeIds: [] }));
      assigned[field].push(scopeId);
    }
  }
  return (userId) => byUser.get(userId) ?? NONE;
}

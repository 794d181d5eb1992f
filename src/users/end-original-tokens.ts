import { In, MoreThan } from 'typeorm';
import type { Transaction } from '../database/transaction.js';
import { originalSessionOf } from '../sessions/original-session.js';
import { type Revocation, revokeSessions } from '../sessions/sessions.repository.js';
import { User } from './user.entity.js';
import { changeUser } from './users.repository.js';

/** Maximum number of users per statement. */
const CHUNK = 1000;

/**
 * Ends the tokens of the original for a user, for good, with what was created by them (contract.md §9): whether or not
 * one has been used, or is accepted now. The caller has locked the row of the user.
 *
 * @returns how many sessions were open
 */
export async function endOriginalTokens(
  transaction: Transaction,
  userId: number,
  revocation: Revocation,
): Promise<number> {
  await changeUser(transaction, userId, { originalTokensEnded: true }, { published: false });
  return revokeSessions(transaction, { ofUser: userId, only: [originalSessionOf(userId)] }, revocation);
}

/**
 * Ends the tokens of the original for all users, for good: in a database that no process serves. The caller revokes the
 * sessions.
 */
export async function endAllOriginalTokens({ manager }: Transaction): Promise<void> {
  // In parts: a statement that takes too long makes the connection count as dead, whatever its time limit.
  for (let after = 0; ;) {
    const users = await manager.find(User, {
      select: { id: true },
      where: { id: MoreThan(after), originalTokensEnded: false },
      order: { id: 'ASC' },
      take: CHUNK,
    });
    const last = users.at(-1);
    if (!last) return;
    await manager.update(User, { id: In(users.map(({ id }) => id)) }, { originalTokensEnded: true });
    after = last.id;
  }
}

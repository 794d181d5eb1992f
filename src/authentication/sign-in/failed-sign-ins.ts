import type { Transaction } from '../../database/transaction.js';
import { failedLoginsOfNobody, failedLoginsOfUser } from '../../events/counting.js';
import { SERVICE_ACTOR } from '../../events/event.js';
import { recordCounted } from '../../events/record-event.js';
import type { RequestOrigin } from '../../http/request-origin.js';
import { sourceNetworkOf } from '../../http/source-network.js';

/**
 * Records a failed login at a user, or at a login that nobody has: without its text, since people type passwords there.
 * Both cost the same.
 */
export function recordFailedSignIn(
  transaction: Transaction,
  userId: number | undefined,
  origin: RequestOrigin,
): Promise<void> {
  const source = sourceNetworkOf(origin.address);
  return recordCounted(
    transaction,
    {
      type: 'signIn.failed',
      subject: userId === undefined ? 'user/unknown' : `user/${userId}`,
      actor: { ...SERVICE_ACTOR, origin },
    },
    userId === undefined ? failedLoginsOfNobody(source) : failedLoginsOfUser(source),
  );
}

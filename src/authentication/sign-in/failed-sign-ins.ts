import type { Transaction } from '../../database/transaction.js';
import { recordEvent, SERVICE_ACTOR } from '../../events/record-event.js';
import type { RequestOrigin } from '../../http/request-origin.js';

/** Records a failed sign-in. */
export async function recordFailedSignIn(
  transaction: Transaction,
  userId: number | undefined,
  origin: RequestOrigin,
): Promise<void> {
  await recordEvent(transaction, {
    type: 'signIn.failed',
    subject: userId === undefined ? 'signIn' : `user/${userId}`,
    actor: { ...SERVICE_ACTOR, origin },
  });
}

import { audit } from '../audit/audit.js';
import type { Transaction } from '../database/transaction.js';

export interface EventActor {
  readonly userId: number | null;
  readonly sessionId?: string;
  readonly origin?: { address: string; requestId: string };
}
export const SERVICE_ACTOR: EventActor = { userId: null };
export async function recordEvent(
  transaction: Transaction,
  event: {
    type: string;
    subject: string;
    actor: EventActor;
    fields?: readonly string[];
    changes?: object;
    data?: object;
  },
): Promise<void> {
  await audit(transaction, event.actor.userId, event.type, event.subject, event.fields ?? []);
}

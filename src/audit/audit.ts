import { insertRow } from '../database/compiled-write.js';
import type { Transaction } from '../database/transaction.js';
import { AuditRecord } from './audit-record.entity.js';

/** Writes an audit record in the same transaction as the change. `actorId` null: the service itself. */
export async function audit(
  { manager }: Transaction,
  actorId: number | null,
  action: string,
  subject: string,
  fields: readonly string[] = [],
): Promise<void> {
  await insertRow(manager, AuditRecord, {
    at: new Date(),
    actorId,
    action,
    subject,
    fields: fields.join(','),
  });
}

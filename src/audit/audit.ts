import { insertRow } from '../database/compiled-write.js';
import type { Transaction } from '../database/database-adapter.js';
import { AuditRecord } from './audit-record.entity.js';

/** Keeps, within the transaction that makes it, a record of a change. `actorId` null: the service itself. */
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

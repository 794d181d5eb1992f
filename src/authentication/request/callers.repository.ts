import type { EntityManager } from 'typeorm';
import type { CallerSession, SessionKind } from '../../authorization/principal.js';
import type { Role } from '../../authorization/role.js';
import type { UserStatus } from '../../users/user-status.js';

/** The state of a user that decides what its requests may do. */
export interface Account {
  readonly id: number;
  readonly role: Role;
  readonly status: UserStatus;
  readonly lockedByFailedLogins: boolean;
  readonly allDeviceTypesAvailable: boolean;
}

/** The user and the session of a token. */
export interface Caller {
  readonly account: Account;
  readonly session: CallerSession & { readonly isRevoked: boolean };
}

interface CallerRow {
  readonly id: number;
  readonly role: Role;
  readonly status: UserStatus;
  readonly locked_by_failed_logins: boolean | 0 | 1;
  readonly all_device_types_available: boolean | 0 | 1;
  readonly kind: SessionKind;
  readonly acting_id: number | null;
  readonly expires_at: number;
  readonly revoked_at: number | null;
  readonly from_original: boolean | 0 | 1;
}

const SELECT_CALLER =
  'SELECT u."id", u."role", u."status", u."locked_by_failed_logins", u."all_device_types_available", ' +
  's."kind", s."acting_id", s."expires_at", s."revoked_at", s."from_original" ' +
  'FROM "sessions" s JOIN "users" u ON u."id" = s."user_id" WHERE s."id" = ';

/** Finds the user and the session of a token by its `sid`, in one statement: every request needs both. */
export async function findCaller(manager: EntityManager, sid: string): Promise<Caller | null> {
  const parameter = manager.dataSource.driver.createParameter('sid', 0);
  const [row] = await manager.query<CallerRow[]>(SELECT_CALLER + parameter, [sid]);
  if (!row) return null;
  return {
    account: {
      id: row.id,
      role: row.role,
      status: row.status,
      lockedByFailedLogins: Boolean(row.locked_by_failed_logins),
      allDeviceTypesAvailable: Boolean(row.all_device_types_available),
    },
    session: {
      id: sid,
      kind: row.kind,
      actingId: row.acting_id,
      expiresAt: new Date(row.expires_at),
      fromOriginal: Boolean(row.from_original),
      isRevoked: row.revoked_at !== null,
    },
  };
}

import type { EntityManager } from 'typeorm';
import type { EffectiveAccess } from '../../authorization/grant.js';
import type { CallerSession, SessionKind } from '../../authorization/principal.js';
import { Role } from '../../authorization/role.js';
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

const CALLER_COLUMNS =
  'u."id", u."role", u."status", u."locked_by_failed_logins", u."all_device_types_available", ' +
  's."kind", s."acting_id", s."expires_at", s."revoked_at", s."from_original"';
const FROM_SESSION = 'FROM "sessions" s JOIN "users" u ON u."id" = s."user_id" WHERE s."id" = ';

const SELECT_CALLER = `SELECT ${CALLER_COLUMNS} ${FROM_SESSION}`;

/** The ids that a table assigns to the user, as text; null: none. */
const assignedIn = (table: string, column: string): string =>
  `(SELECT string_agg(CAST(a."${column}" AS TEXT), ',') FROM "${table}" a WHERE a."user_id" = u."id")`;

const SELECT_SUBJECT =
  `SELECT ${CALLER_COLUMNS}, u."login", ${assignedIn('user_networks', 'network_id')} AS "networks", ` +
  `${assignedIn('user_device_types', 'device_type_id')} AS "device_types" ${FROM_SESSION}`;

/** The user and the session of a token that is introspected, with the scopes that the user has now. */
export interface Subject extends Caller {
  readonly login: string;
  readonly access: EffectiveAccess;
}

interface SubjectRow extends CallerRow {
  readonly login: string;
  readonly networks: string | null;
  readonly device_types: string | null;
}

/** Finds the user and the session of a token by its `sid`, in one statement: every request needs both. */
export async function findCaller(manager: EntityManager, sid: string): Promise<Caller | null> {
  const row = await findRow<CallerRow>(manager, SELECT_CALLER, sid);
  return row && toCaller(row, sid);
}

/** Finds in one statement all that the introspection of a token with this `sid` needs. */
export async function findSubject(manager: EntityManager, sid: string): Promise<Subject | null> {
  const row = await findRow<SubjectRow>(manager, SELECT_SUBJECT, sid);
  if (!row) return null;
  const { account, session } = toCaller(row, sid);
  const { role, allDeviceTypesAvailable } = account;
  const isAdministrator = role === Role.Administrator;
  return {
    account,
    session,
    login: row.login,
    access: {
      role,
      networks: isAdministrator ? '*' : parseIds(row.networks),
      deviceTypes: isAdministrator || allDeviceTypesAvailable ? '*' : parseIds(row.device_types),
    },
  };
}

async function findRow<T extends CallerRow>(
  manager: EntityManager,
  select: string,
  sid: string,
): Promise<T | null> {
  const parameter = manager.dataSource.driver.createParameter('sid', 0);
  const [row] = await manager.query<T[]>(select + parameter, [sid]);
  return row ?? null;
}

const toCaller = (row: CallerRow, sid: string): Caller => ({
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
});

const parseIds = (ids: string | null): number[] =>
  ids === null
    ? []
    : ids
        .split(',')
        .map(Number)
        .sort((a, b) => a - b);

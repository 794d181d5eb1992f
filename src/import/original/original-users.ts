import { Role } from '../../authorization/role.js';
import { isKnownPassword } from '../../passwords/known-passwords.js';
import { NO_PASSWORD, parseStoredPassword } from '../../passwords/stored-password.js';
import { DATA_MAX_BYTES } from '../../users/user.fields.js';
import { UserStatus } from '../../users/user-status.js';
import { GREATEST_ID } from '../greatest-id.js';
import { type Checked, Findings } from './finding.js';
import type { UserToLoad } from './load-users.js';
import type { OriginalDatabase, OriginalTables } from './original-database.js';

/**
 * Logins that are imported. They may have characters that new logins may not have, but only of ASCII: in Unicode,
 * several texts are one login, and the original tells them apart.
 */
const LOGIN = /^[!-~](?:[ -~]{0,126}[!-~])?$/;
const ROLES: readonly unknown[] = [Role.Administrator, Role.Client];
const STATUSES: readonly unknown[] = [UserStatus.Active, UserStatus.LockedOut, UserStatus.Disabled];
/** Milliseconds since 1970: the years 1 to 9999. */
const FIRST_MOMENT = Date.parse('0001-01-01T00:00:00Z');
const LAST_MOMENT = Date.parse('9999-12-31T23:59:59.999Z');

interface UserRecord {
  readonly id: string;
  readonly login: string | null;
  readonly passwordHash: string | null;
  readonly passwordSalt: string | null;
  /** Any number, or null. */
  readonly role: Role;
  /** Any number, or null. */
  readonly status: UserStatus;
  /** Milliseconds since 1970; null: none, or it is infinite. */
  readonly lastLogin: number | null;
  readonly hasLastLogin: boolean;
  /** Null where it is longer than it may be. */
  readonly data: string | null;
  readonly dataBytes: number | null;
  readonly introReviewed: boolean | null;
  readonly allDeviceTypesAvailable: boolean | null;
}

/** Reads the users of the original, in the order of their ids. */
export async function* checkedUsers(source: OriginalDatabase): AsyncGenerator<Checked<UserToLoad>> {
  const { tables } = source;
  const clashes = await clashingLogins(source);
  for await (const record of source.read<UserRecord>(selectUsers(tables)))
    yield checkUser(record, tables.usersName, clashes);
}

/** Returns, by the id of a user, the id of an earlier one whose login differs in case only. */
async function clashingLogins(source: OriginalDatabase): Promise<ReadonlyMap<string, string>> {
  const clashes = new Map<string, string>();
  // Among the users that can be imported otherwise.
  const sql = `
    SELECT id::text, first::text FROM (
      SELECT id, min(id) OVER (PARTITION BY lower(login COLLATE "C")) AS first FROM ${source.tables.users}
      WHERE id BETWEEN 1 AND ${GREATEST_ID} AND role IN (0, 1) AND status IN (0, 1, 2)
        AND login COLLATE "C" ~ '${LOGIN.source}'
    ) AS logins WHERE id <> first`;
  for await (const { id, first } of source.read<{ id: string; first: string }>(sql)) clashes.set(id, first);
  return clashes;
}

function selectUsers({ users, userColumns }: OriginalTables): string {
  // Earlier versions do not have them.
  const optional = (column: string) => (userColumns.has(column) ? column : 'NULL');
  const data = optional('data');
  return `
    SELECT id::text, login, password_hash AS "passwordHash", password_salt AS "passwordSalt", role, status,
      CASE WHEN isfinite(last_login) THEN floor(extract(epoch FROM last_login) * 1000)::float8 END AS "lastLogin",
      last_login IS NOT NULL AS "hasLastLogin",
      CASE WHEN octet_length(${data}::text) <= ${DATA_MAX_BYTES} THEN ${data}::text END AS data,
      octet_length(${data}::text) AS "dataBytes",
      ${optional('intro_reviewed')}::boolean AS "introReviewed",
      ${optional('all_device_types_available')}::boolean AS "allDeviceTypesAvailable"
    FROM ${users} AS original ORDER BY original.id`;
}

function checkUser(
  record: UserRecord,
  table: string,
  clashes: ReadonlyMap<string, string>,
): Checked<UserToLoad> {
  const place = `${table} ${record.id}`;
  const findings = new Findings(place);
  const id = idOf(record.id);
  const { login, role, status } = record;
  if (id === undefined) findings.leaveOut('its id is not a positive integer below 2^52');
  if (login === null || !LOGIN.test(login))
    findings.leaveOut('its login is empty or too long, or has characters outside of printable ASCII');
  if (!ROLES.includes(role)) findings.leaveOut('its role is neither 0 (administrator) nor 1 (client)');
  if (!STATUSES.includes(status))
    findings.leaveOut('its status is not 0 (active), 1 (locked out) or 2 (disabled)');
  const clash = clashes.get(record.id);
  if (clash !== undefined)
    findings.leaveOut(`its login differs from the one of ${table} ${clash} in case only`);
  if (findings.isLeftOut || id === undefined || login === null)
    return { id, value: undefined, findings: findings.list };
  const password = passwordOf(record, findings);
  const columns = {
    id,
    login,
    role,
    ...password,
    status: password.status ?? status,
    lastLogin: lastLoginOf(record, findings),
    data: dataOf(record, findings),
    introReviewed: record.introReviewed ?? false,
    allDeviceTypesAvailable: record.allDeviceTypesAvailable ?? true,
  };
  return { id, value: { place, columns }, findings: findings.list };
}

function passwordOf(
  { passwordHash, passwordSalt, status }: UserRecord,
  findings: Findings,
): { passwordHash: string; status?: UserStatus } {
  const without = 'arrives without a password';
  if (passwordHash === null || passwordHash === '' || passwordSalt === null) {
    findings.lose('it has no password hash', without);
    return { passwordHash: NO_PASSWORD };
  }
  const hash = `devicehive-sha256$${passwordSalt}$${passwordHash}`;
  const parsed = parseStoredPassword(hash);
  if (parsed.kind !== 'original') {
    findings.lose('its password hash is not one of the original', without);
    return { passwordHash: NO_PASSWORD };
  }
  if (!isKnownPassword(parsed.salt, parsed.digest)) return { passwordHash: hash };
  if (status !== UserStatus.Disabled)
    findings.note('its password is a default one that everybody knows', 'arrives disabled');
  return { passwordHash: hash, status: UserStatus.Disabled };
}

function lastLoginOf({ lastLogin, hasLastLogin }: UserRecord, findings: Findings): Date | null {
  if (!hasLastLogin) return null;
  if (lastLogin !== null && lastLogin >= FIRST_MOMENT && lastLogin <= LAST_MOMENT) return new Date(lastLogin);
  findings.lose('its last login is not in the years 1 to 9999', 'arrives without it');
  return null;
}

function dataOf({ data, dataBytes }: UserRecord, findings: Findings): string | null {
  if (dataBytes === null) return null;
  const without = 'arrives without data';
  if (data === null) {
    findings.lose('its data has more than 64 KiB', without);
    return null;
  }
  const text = data.trim();
  if (text === '' || text === 'null') return null;
  if (isJsonObject(text)) return text;
  findings.lose('its data is not a JSON object', without);
  return null;
}

function isJsonObject(text: string): boolean {
  if (!text.startsWith('{')) return false;
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** Returns an id of the original, or undefined: it cannot be one here. */
export function idOf(text: string | null): number | undefined {
  const id = Number(text);
  return Number.isSafeInteger(id) && id > 0 && id <= GREATEST_ID ? id : undefined;
}

/** Whether a checked user will be an active administrator. */
export const isActiveAdministrator = ({ columns: { role, status } }: UserToLoad): boolean =>
  role === Role.Administrator && status === UserStatus.Active;

import { plainToInstance } from 'class-transformer';
import { validateSync } from 'class-validator';
import { createBody } from '../../fields/request-body.js';
import { isKnownPassword } from '../../passwords/known-passwords.js';
import { storedFormOf } from '../../passwords/stored-hash.js';
import { NO_PASSWORD, parseStoredPassword } from '../../passwords/stored-password.js';
import { parseTimestamp } from '../../text/moment.js';
import { loginKeyOf, type User } from '../../users/user.entity.js';
import { UserStatus } from '../../users/user-status.js';
import { RowFault } from './file-rows.js';
import { ROW_FIELDS } from './user-row.fields.js';

/** The columns of a user that a row gives. */
export type RowColumns = Pick<
  User,
  | 'login'
  | 'loginKey'
  | 'passwordHash'
  | 'role'
  | 'status'
  | 'data'
  | 'introReviewed'
  | 'allDeviceTypesAvailable'
  | 'lastLogin'
>;

/** A user that a row of a file describes. */
export interface UserRow {
  /** Undefined: the database gives one. */
  readonly id: number | undefined;
  readonly columns: RowColumns;
  /** Undefined: the row does not say. */
  readonly networkIds: readonly number[] | undefined;
  readonly deviceTypeIds: readonly number[] | undefined;
}

/** The rules of the fields. Its properties are those of {@link ROW_FIELDS}. */
class RowRules extends createBody(ROW_FIELDS) {
  readonly id?: number;
  readonly lastLogin?: string | null;
}

/**
 * Checks the values of a row by the rules of the API (contract.md §3).
 *
 * @throws {RowFault} that says which fields are not valid
 */
export function checkRow(values: Readonly<Record<string, unknown>>): UserRow {
  const row = plainToInstance(RowRules, values);
  const failures = validateSync(row, { stopAtFirstError: true });
  if (failures.length > 0)
    throw new RowFault(
      failures.map(({ constraints }) => Object.values(constraints ?? {})[0] ?? '').join('; '),
    );
  const { id, networkIds, deviceTypeIds } = row;
  const passwordHash = row.passwordHash === null ? NO_PASSWORD : storedFormOf(row.passwordHash);
  const columns: RowColumns = {
    login: row.login,
    loginKey: loginKeyOf(row.login),
    passwordHash,
    role: row.role ?? ROW_FIELDS.role.default,
    status: hasKnownPassword(passwordHash) ? UserStatus.Disabled : (row.status ?? ROW_FIELDS.status.default),
    data: row.data?.text ?? ROW_FIELDS.data.default,
    introReviewed: row.introReviewed ?? ROW_FIELDS.introReviewed.default,
    allDeviceTypesAvailable: row.allDeviceTypesAvailable ?? ROW_FIELDS.allDeviceTypesAvailable.default,
    lastLogin: (typeof row.lastLogin === 'string' ? parseTimestamp(row.lastLogin) : undefined) ?? null,
  };
  return { id, columns, networkIds, deviceTypeIds };
}

/** As `import devicehive`: a user whose password everybody can read in the original's files arrives disabled. */
function hasKnownPassword(passwordHash: string): boolean {
  const parsed = parseStoredPassword(passwordHash);
  return parsed.kind === 'original' && isKnownPassword(parsed.salt, parsed.digest);
}

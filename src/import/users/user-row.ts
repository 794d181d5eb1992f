import { plainToInstance } from 'class-transformer';
import { validateSync } from 'class-validator';
import { createBody } from '../../fields/request-body.js';
import { defaultValues, storedValues } from '../../fields/stored-fields.js';
import { storedFormOf } from '../../passwords/stored-hash.js';
import { parseTimestamp } from '../../text/moment.js';
import { loginKeyOf, type User } from '../../users/user.entity.js';
import { RowFault } from './file-rows.js';
import { ROW_FIELDS } from './user-row.fields.js';

/** What the column of hashes holds for a user without a password: no password matches it. */
export const NO_PASSWORD = '';

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
  const { id, login, passwordHash, lastLogin, networkIds, deviceTypeIds } = row;
  const columns = {
    ...defaultValues(ROW_FIELDS),
    ...storedValues(ROW_FIELDS, row),
    loginKey: loginKeyOf(login),
    passwordHash: passwordHash === null ? NO_PASSWORD : storedFormOf(passwordHash),
    lastLogin: (typeof lastLogin === 'string' ? parseTimestamp(lastLogin) : undefined) ?? null,
  } as RowColumns;
  return { id, columns, networkIds, deviceTypeIds };
}

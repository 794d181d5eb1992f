import type { EntityManager } from 'typeorm';
import type { Database } from '../../database/database.js';
import { exportedFormOf, refusalOf } from '../../passwords/stored-hash.js';
import { JsonText, stringify } from '../../text/json-text.js';
import { User } from '../../users/user.entity.js';
import { USER_FIELDS } from '../../users/user.fields.js';
import { assignedIds } from './assigned-ids.js';
import { type AssignedIds, statusInFile } from './stored-user.js';
import type { Format } from './user-file.js';
import { FIELD_NAMES, type FieldName } from './user-row.fields.js';

/** Number of users per query. */
const PAGE = 500;

/** The values of a row, by field, in the order of the fields. */
type Row = Readonly<Record<FieldName, string | number | boolean | null | JsonText | readonly number[]>>;

/**
 * Yields all users as a file that `import users` reads, in the order of their ids. `manager`: that of a snapshot.
 *
 * @param advance is called with the number of users of each part
 */
export async function* exportedUsers(
  database: Database,
  manager: EntityManager,
  format: Format,
  advance: (users: number) => void,
): AsyncGenerator<string, void, undefined> {
  const lineOf = LINES[format];
  if (format === 'csv') yield csvLine(FIELD_NAMES);
  for (let after = 0; ;) {
    const users = await manager
      .createQueryBuilder(User, 'user')
      .where('user.id > :after', { after })
      .orderBy('user.id')
      .limit(PAGE)
      .getMany();
    const last = users.at(-1);
    if (!last) return;
    const assigned = await assignedIds(
      database,
      manager,
      users.map(({ id }) => id),
    );
    yield users.map((user) => lineOf(rowOf(user, assigned(user.id)))).join('');
    advance(users.length);
    after = last.id;
  }
}

/** As the API shows it: null where the stored text is no JSON object. */
const dataOf = ({ id, data }: User) => {
  const { type } = USER_FIELDS.data;
  return type.fromStored?.(type.readStored?.(data, id) ?? null) ?? null;
};

function rowOf(user: User, { networkIds, deviceTypeIds }: AssignedIds): Row {
  const { id, login, role, introReviewed, allDeviceTypesAvailable, lastLogin } = user;
  return {
    id,
    login,
    passwordHash: hashOf(user),
    role,
    status: statusInFile(user),
    data: dataOf(user),
    introReviewed,
    allDeviceTypesAvailable,
    lastLogin: lastLogin?.toISOString() ?? null,
    networkIds,
    deviceTypeIds,
  };
}

/** Null where no password matches what is stored, as in a row that was imported without a hash. */
function hashOf({ passwordHash }: User): string | null {
  const exported = exportedFormOf(passwordHash);
  return refusalOf(exported) === undefined ? exported : null;
}

const LINES: Readonly<Record<Format, (row: Row) => string>> = {
  // A line break can be in `data`, between two values: the line must not end there.
  ndjson: (row) => `${stringify(row).replaceAll(/[\r\n]/g, ' ')}\n`,
  csv: (row) => csvLine(FIELD_NAMES.map((field) => cellOf(row[field]))),
};

function cellOf(value: Row[FieldName]): string {
  if (value === null) return '';
  if (value instanceof JsonText) return value.text;
  return typeof value === 'object' ? value.join(' ') : String(value);
}

/** RFC 4180. */
const csvLine = (cells: readonly string[]): string =>
  `${cells.map((cell) => (/[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)).join(',')}\r\n`;

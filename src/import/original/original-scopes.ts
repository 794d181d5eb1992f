import { countCharacters } from '../../text/characters.js';
import { isStorableText } from '../../text/storable-text.js';
import { GREATEST_ID } from '../greatest-id.js';
import { type Checked, Findings } from './finding.js';
import type { OriginalDatabase } from './original-database.js';
import { idOf } from './original-users.js';

/** Maximum length of a name and of a description, in characters. */
const LONGEST = 128;

/** A kind of access scope in the original's database. */
export interface OriginalScopes {
  readonly table: 'network' | 'device_type';
  /** The table that assigns them to users. */
  readonly assignments: 'user_network' | 'user_device_type';
}

/** The kinds of access scope in the original's database. */
export const ORIGINAL_NETWORKS: OriginalScopes = { table: 'network', assignments: 'user_network' };
/** See {@link ORIGINAL_NETWORKS}. */
export const ORIGINAL_DEVICE_TYPES: OriginalScopes = {
  table: 'device_type',
  assignments: 'user_device_type',
};

/** A network or a device type to import. */
export interface ScopeToLoad {
  readonly id: number;
  readonly name: string;
  readonly description: string | null;
}

/** An assignment to import. */
export interface AssignmentToLoad {
  readonly userId: number;
  readonly scopeId: number;
}

/** Reads the networks or device types of the original, in the order of their ids. */
export async function* checkedScopes(
  source: OriginalDatabase,
  { table }: OriginalScopes,
): AsyncGenerator<Checked<ScopeToLoad>> {
  interface Row {
    id: string;
    name: string | null;
    description: string | null;
    first: string | null;
  }
  const sql = `
    SELECT id::text, name, description,
      min(id) FILTER (WHERE id BETWEEN 1 AND ${GREATEST_ID}) OVER (PARTITION BY name)::text AS first
    FROM ${table} ORDER BY ${table}.id`;
  for await (const { id: idText, name, description, first } of source.read<Row>(sql)) {
    const findings = new Findings(`${table} ${idText}`);
    const id = idOf(idText);
    if (id === undefined) findings.leaveOut('its id is not a positive integer below 2^52');
    if (name === null || !isTextOf(1, name))
      findings.leaveOut(`its name is not a text of 1 to ${LONGEST} characters`);
    else if (id !== undefined && first !== null && first !== idText)
      findings.leaveOut(`its name is that of ${table} ${first}`);
    const isShort = description === null || isTextOf(0, description);
    if (!isShort && !findings.isLeftOut)
      findings.lose(`its description has more than ${LONGEST} characters`, 'arrives without it');
    const value =
      findings.isLeftOut || id === undefined || name === null
        ? undefined
        : { id, name, description: isShort ? description : null };
    yield { id, value, findings: findings.list };
  }
}

/**
 * Reads the assignments of networks or device types, each once: the original may have the same one several times.
 *
 * @param isImported whether a row with this id is imported
 */
export async function* checkedAssignments(
  source: OriginalDatabase,
  { table, assignments }: OriginalScopes,
  isImported: (table: string, id: number) => boolean,
): AsyncGenerator<Checked<AssignmentToLoad>> {
  interface Row {
    userId: string | null;
    scopeId: string | null;
    hasUser: boolean;
    hasScope: boolean;
  }
  const { users, usersName } = source.tables;
  const sql = `
    SELECT assigned.user_id::text AS "userId", assigned.scope_id::text AS "scopeId",
      holder.id IS NOT NULL AS "hasUser", scope.id IS NOT NULL AS "hasScope"
    FROM (SELECT DISTINCT user_id, ${table}_id AS scope_id FROM ${assignments}) AS assigned
      LEFT JOIN ${users} AS holder ON holder.id = assigned.user_id
      LEFT JOIN ${table} AS scope ON scope.id = assigned.scope_id
    ORDER BY assigned.user_id, assigned.scope_id`;
  for await (const row of source.read<Row>(sql)) {
    const findings = new Findings(`${assignments} of ${usersName} ${row.userId} and ${table} ${row.scopeId}`);
    const [userId, scopeId] = [idOf(row.userId), idOf(row.scopeId)];
    for (const [name, exists, id] of [
      [usersName, row.hasUser, userId],
      [table, row.hasScope, scopeId],
    ] as const) {
      if (!exists) findings.leaveOut(`there is no such row in ${name}`);
      else if (id === undefined || !isImported(name, id)) findings.leaveOut(`its row in ${name} is left out`);
    }
    const value =
      findings.isLeftOut || userId === undefined || scopeId === undefined ? undefined : { userId, scopeId };
    yield { id: undefined, value, findings: findings.list };
  }
}

function isTextOf(least: number, text: string): boolean {
  const length = countCharacters(text);
  return isStorableText(text) && length >= least && length <= LONGEST;
}

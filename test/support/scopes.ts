import type { Answer } from './client.js';
import type { TestDatabase } from './database.js';
import { freshName } from './fresh-name.js';
import { HOME, type TestService, type TestUser } from './service.js';

/** Networks and device types are the same thing twice (contract.md §4): what tests have to know to hold both. */
export const KINDS = [
  {
    path: 'network',
    label: 'Network',
    read: 'GetNetwork',
    manage: 'ManageNetwork',
    /** Under which `POST /token/create` names them, under which claims carry them, under which answers show one. */
    rights: 'networkIds',
    claim: 'n',
    shown: 'network',
    otherRights: 'deviceTypeIds',
    table: 'networks',
    assignments: 'user_networks',
    column: 'network_id',
    notAssigned: (id: number, userId: number) =>
      `Network with id ${id} for user with id ${userId} was not found`,
  },
  {
    path: 'devicetype',
    label: 'Device type',
    read: 'GetDeviceType',
    manage: 'ManageDeviceType',
    rights: 'deviceTypeIds',
    claim: 'dt',
    shown: 'deviceType',
    otherRights: 'networkIds',
    table: 'device_types',
    assignments: 'user_device_types',
    column: 'device_type_id',
    notAssigned: (id: number, userId: number) =>
      `Device type with id ${id} for user with id ${userId} not found`,
  },
] as const;
/** One of {@link KINDS}. */
export type Kind = (typeof KINDS)[number];

/** The tables of each kind of scope. */
const BY_SHOWN_NAME = { network: KINDS[0], deviceType: KINDS[1] } as const;

/** The ids of a list. */
export const idsOf = ({ body }: Answer): number[] => body.map(({ id }: { id: number }) => id);

/** Makes a network or a device type, with a name that nobody else has unless `fields` say another. */
export async function createScope(
  service: TestService,
  { path }: Kind,
  fields: Record<string, unknown> = {},
): Promise<number> {
  const { status, body, text } = await service.admin.post(`/${path}`, {
    name: freshName('scope'),
    ...fields,
  });
  if (status !== 201) throw new Error(`The ${path} was not created: ${text}`);
  return body.id;
}

/** Assigns scopes to a user. */
export async function assign(
  service: TestService,
  { path }: Kind,
  userId: number,
  ...ids: readonly number[]
): Promise<void> {
  for (const id of ids) {
    const { status, text } = await service.admin.put(`/user/${userId}/${path}/${id}`);
    if (status !== 204) throw new Error(`The ${path} was not assigned: ${text}`);
  }
}

/** Makes a client who has these scopes and no others, and signs it in after that. */
export async function createHolder(
  service: TestService,
  kind: Kind,
  ...ids: readonly number[]
): Promise<TestUser> {
  const user = await service.createUser({ allDeviceTypesAvailable: false });
  await assign(service, kind, user.id, ...ids);
  const { body } = await service.client.signIn(user, HOME);
  return { ...user, ...body, client: service.client.as(body.accessToken) };
}

/** The ids that are assigned to a user, as the database has them. */
export async function assignmentsOf(
  { database }: TestService,
  { assignments, column }: Kind,
  userId: number,
): Promise<number[]> {
  const rows = await database.query(
    `SELECT ${column} AS id FROM ${assignments} WHERE user_id = ? ORDER BY ${column}`,
    [userId],
  );
  return rows.map(({ id }) => Number(id));
}

/** How many assignments there are of a user or a scope that is not there. */
export async function countOrphans(
  { database }: TestService,
  { assignments, column, table }: Kind,
): Promise<number> {
  const rows = await database.query(
    `SELECT count(*) AS count FROM ${assignments} WHERE user_id NOT IN (SELECT id FROM users)
       OR ${column} NOT IN (SELECT id FROM ${table})`,
  );
  return Number(rows[0]?.['count']);
}

/** Makes a network or a device type that nobody else has and assigns it to a user, behind the service's back. */
export async function assignNew(
  database: TestDatabase,
  shown: keyof typeof BY_SHOWN_NAME,
  userId: number,
): Promise<number> {
  const { table, assignments, column } = BY_SHOWN_NAME[shown];
  const name = freshName(shown);
  await database.query(`INSERT INTO ${table} (name, name_key) VALUES (?, ?)`, [name, name.toLowerCase()]);
  const [row] = await database.query(`SELECT id FROM ${table} WHERE name = ?`, [name]);
  const id = Number(row?.['id']);
  await database.query(`INSERT INTO ${assignments} (user_id, ${column}) VALUES (?, ?)`, [userId, id]);
  return id;
}

/** Takes a network or a device type from a user, behind the service's back. */
export async function unassign(
  database: TestDatabase,
  shown: keyof typeof BY_SHOWN_NAME,
  userId: number,
  id: number,
): Promise<void> {
  const { assignments, column } = BY_SHOWN_NAME[shown];
  await database.query(`DELETE FROM ${assignments} WHERE user_id = ? AND ${column} = ?`, [userId, id]);
}

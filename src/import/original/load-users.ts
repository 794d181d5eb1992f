import { insertAbsentRows } from '../../database/compiled-write.js';
import type { Database } from '../../database/database.js';
import type { Transaction } from '../../database/transaction.js';
import { defaultValues } from '../../fields/stored-fields.js';
import { loginKeyOf, User } from '../../users/user.entity.js';
import { USER_FIELDS } from '../../users/user.fields.js';

/** Number of users in one statement. SQLite takes at most 32,766 parameters, PostgreSQL 65,535. */
const BATCH = 1000;

/** A checked user to load. What is absent has the default of a new user (user.fields.ts). */
export interface UserToLoad {
  /** Where it comes from, for reports: `dh_user 7`. */
  readonly place: string;
  /** The stored columns. Either all users of a load have an `id`, or none. `data`: the text of a JSON object. */
  readonly columns: Pick<User, 'login' | 'passwordHash' | 'role'> &
    Partial<Pick<User, 'id' | 'status' | 'lastLogin' | 'data' | 'introReviewed' | 'allDeviceTypesAvailable'>>;
}

/** What a load reports while it runs. */
export interface LoadReports {
  /** Called for each user whose login is taken, ignoring case, with the id of the user that has and keeps it. */
  readonly taken: (user: UserToLoad, by: number) => void;
  /** Called after each statement with the number of users that it has handled. */
  readonly advance?: (users: number) => void;
}

/**
 * Writes users in a transaction, a batch at a time, so that memory does not grow with their number. Users whose login
 * is taken are reported and left out: what becomes of the transaction then is up to the caller. Records no event.
 *
 * Ids are kept if the users have them; the next new user gets a greater one.
 *
 * @returns the number of loaded users
 */
export async function loadUsers(
  database: Database,
  transaction: Transaction,
  users: AsyncIterable<UserToLoad>,
  { taken, advance }: LoadReports,
): Promise<number> {
  const { manager } = transaction;
  await database.ids.catchUp(manager, 'users');
  let loaded = 0;
  for await (const batch of inBatches(users)) {
    loaded += await loadBatch(transaction, batch, taken);
    advance?.(batch.length);
  }
  await database.ids.catchUp(manager, 'users');
  return loaded;
}

async function loadBatch(
  { manager }: Transaction,
  batch: readonly UserToLoad[],
  taken: LoadReports['taken'],
): Promise<number> {
  const rows = batch.map(({ columns }) => ({
    ...defaultValues(USER_FIELDS),
    ...columns,
    loginKey: loginKeyOf(columns.login),
  }));
  const inserted = new Set(await insertAbsentRows(manager, User, rows, 'loginKey'));
  const { size } = inserted;
  if (size === batch.length) return size;
  // The first user of a batch with a login is the one that was inserted.
  const leftOut = batch.filter(({ columns }) => !inserted.delete(loginKeyOf(columns.login)));
  const holders = await idsByLoginKey(
    manager,
    leftOut.map(({ columns }) => loginKeyOf(columns.login)),
  );
  for (const user of leftOut) taken(user, holders.get(loginKeyOf(user.columns.login)) ?? 0);
  return size;
}

async function idsByLoginKey(
  manager: Transaction['manager'],
  keys: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  const found = await manager
    .createQueryBuilder(User, 'user')
    .select(['user.id', 'user.loginKey'])
    .where('user.loginKey IN (:...keys)', { keys })
    .getMany();
  return new Map(found.map(({ loginKey, id }) => [loginKey, id]));
}

async function* inBatches(users: AsyncIterable<UserToLoad>): AsyncGenerator<UserToLoad[]> {
  let batch: UserToLoad[] = [];
  for await (const user of users) {
    batch.push(user);
    if (batch.length < BATCH) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}

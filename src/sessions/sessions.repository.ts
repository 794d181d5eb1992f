import { type EntityManager, In, LessThanOrEqual, type SelectQueryBuilder } from 'typeorm';
import { CompiledQuery, PARAMETER } from '../database/compiled-query.js';
import { insertRow, updateById } from '../database/compiled-write.js';
import { parametersOf } from '../database/parameters.js';
import type { Transaction } from '../database/transaction.js';
import type { EventActor, RevocationReason } from '../events/event.js';
import { recordEvents } from '../events/record-event.js';
import { recordRevoked } from '../revocations/record-revocations.js';
import { Session } from './session.entity.js';

/*
 * The rows of sessions: the only functions that change them. A transaction locks the rows of users first, in the order
 * of their ids, then those of sessions, in the order of theirs.
 */

/** Maximum number of rows per statement. */
const CHUNK = 1000;

const byId = new CompiledQuery((manager) =>
  manager.createQueryBuilder(Session, 'session').where('session.id = :id', { id: PARAMETER }),
);

/**
 * Which open sessions to revoke, with what descends from them: of a user all but `except`, or those with the ids `only`;
 * or those that an administrator created for others. `within`: of these, what descends from the session with this id.
 */
export type SessionSelection =
  | { readonly ofUser: number; readonly except?: readonly string[]; readonly within?: string }
  | { readonly ofUser: number; readonly only: readonly string[] }
  | { readonly createdForOthersBy: number; readonly within?: string };

/** Who revokes sessions, and why. */
export interface Revocation {
  readonly actor: EventActor;
  readonly reason: RevocationReason;
}

/** What is read of a session to revoke it. */
type Revoked = Pick<Session, 'id' | 'userId' | 'actingId' | 'accessExpiresAt'>;
const REVOKED_COLUMNS = ['session.id', 'session.userId', 'session.actingId', 'session.accessExpiresAt'];

/** Finds a session by its id, which may be any text that a request has sent. */
export async function findSession(manager: EntityManager, id: string): Promise<Session | null> {
  // PostgreSQL rejects NUL in text.
  return id.includes('\0') ? null : byId.first(manager, id);
}

/** Reads a session and locks its row until the end of the transaction. Lock the row of its user first. */
export const lockSession = ({ manager, rowLock }: Transaction, id: string): Promise<Session | null> =>
  byId.first(manager, id, rowLock);

/**
 * Locks the open sessions of these users, those that they have created for others, the session `own`, and what descends
 * from all of them, in the order of their ids. A change that may revoke some of them calls this before it locks any
 * other session.
 */
export async function lockSessionsOf(
  { manager, rowLock }: Transaction,
  userIds: readonly number[],
  own?: string,
): Promise<void> {
  if (!rowLock) return;
  await manager
    .createQueryBuilder(Session, 'session')
    .select(['session.id'])
    .where('session.revokedAt IS NULL')
    .andWhere(
      `session.id IN (${treesOf(
        '"user_id" IN (:...userIds) OR "acting_id" IN (:...userIds) OR "id" = :own',
      )})`,
      { userIds, own: own ?? null },
    )
    .orderBy('session.id')
    .setLock(rowLock)
    .getMany();
}

/** A query of the ids of the sessions that meet a condition, and of all that descend from them. */
const treesOf = (condition: string): string =>
  `WITH RECURSIVE known("id") AS (
     SELECT "id" FROM "sessions" WHERE ${condition}
     UNION
     SELECT child."id" FROM "sessions" child JOIN known ON child."parent_id" = known."id"
   ) SELECT "id" FROM known`;

/** Stores a new session. */
export const insertSession = ({ manager }: Transaction, session: Session): Promise<void> =>
  insertRow(manager, Session, session);

/** Updates columns of a session. */
export const changeSession = (
  { manager }: Transaction,
  id: string,
  columns: Partial<Session>,
): Promise<void> => updateById(manager, Session, id, columns);

/** Starts a query of the open sessions: of a user, or those that a user created for others. */
export function openSessionsOf(
  manager: EntityManager,
  whose: { readonly ofUser: number } | { readonly createdForOthersBy: number },
): SelectQueryBuilder<Session> {
  const query = openSessions(manager);
  return 'ofUser' in whose
    ? query.andWhere('session.userId = :userId', { userId: whose.ofUser })
    : query.andWhere('session.createdBy = :userId AND session.userId <> :userId', {
        userId: whose.createdForOthersBy,
      });
}

/** Restricts a query of sessions to the one with this id and what descends from it. */
export const withinSession = (
  sessions: SelectQueryBuilder<Session>,
  id: string,
): SelectQueryBuilder<Session> =>
  sessions.andWhere(`session.id IN (${treesOf('"id" = :root')})`, { root: id });

/**
 * Revokes the open sessions of a selection, for good, and records an event for each. Their tokens are refused from the
 * response on by this process, and by every other one within a second.
 *
 * @returns how many were open
 */
export async function revokeSessions(
  transaction: Transaction,
  selection: SessionSelection,
  { actor, reason }: Revocation,
): Promise<number> {
  const sessions = await lockOpen(transaction, selection);
  await revoke(transaction, sessions, { actor, reason });
  for (const userId of new Set(sessions.map((session) => session.userId)))
    await transaction.announce(`user/${userId}`);
  return sessions.length;
}

/**
 * Revokes the sessions of all users, for good, and records an event for each: in a database that no process serves, so
 * that nothing has to be locked or announced. Also those that have expired by the clock of this machine: it may be ahead
 * of the one that will serve.
 *
 * @returns how many were not revoked before
 */
export async function revokeAllSessions(transaction: Transaction, revocation: Revocation): Promise<number> {
  const { manager } = transaction;
  let revoked = 0;
  for (let after = ''; ;) {
    const sessions = await manager
      .createQueryBuilder(Session, 'session')
      .select(REVOKED_COLUMNS)
      .where('session.revokedAt IS NULL AND session.id > :after', { after })
      .orderBy('session.id')
      .limit(CHUNK)
      .getMany();
    const last = sessions.at(-1);
    if (!last) return revoked;
    await revoke(transaction, sessions, revocation);
    revoked += sessions.length;
    after = last.id;
  }
}

/** Revokes sessions that no other transaction can change now, with an event for each, and an entry of the feed. */
async function revoke(
  transaction: Transaction,
  sessions: readonly Revoked[],
  { actor, reason }: Revocation,
): Promise<void> {
  const { manager } = transaction;
  const revokedAt = new Date();
  for (const chunk of chunksOf(sessions.map(({ id }) => id))) {
    await manager.update(Session, { id: In(chunk) }, { revokedAt, removableAt: () => '"access_expires_at"' });
  }
  for (const chunk of chunksOf(sessions)) {
    const events = chunk.map(({ id: sessionId, userId, actingId }) => ({
      type: 'session.revoked' as const,
      subject: `user/${userId}`,
      actor,
      sessionId,
      reason,
      ...(actingId !== null && { createdBy: actingId }),
    }));
    await recordEvents(transaction, events);
    await recordRevoked(transaction, chunk);
  }
}

/** Returns the sessions with these ids and all that descend from them, revoked ones included. */
export async function descendantsOf(manager: EntityManager, ids: readonly string[]): Promise<string[]> {
  const trees = new Set<string>();
  for (const chunk of chunksOf(ids)) {
    const rows = await manager.query<{ id: string }[]>(
      treesOf(`"id" IN (${parametersOf(manager, chunk.length).join(', ')})`),
      chunk,
    );
    for (const { id } of rows) trees.add(id);
  }
  return [...trees];
}

/** Returns the session with this id and all that it descends from. */
export async function ancestorsOf(manager: EntityManager, id: string): Promise<string[]> {
  const rows = await manager.query<{ id: string }[]>(
    `WITH RECURSIVE known("id", "parent_id") AS (
       SELECT "id", "parent_id" FROM "sessions" WHERE "id" = ${parametersOf(manager, 1).join()}
       UNION
       SELECT parent."id", parent."parent_id" FROM "sessions" parent JOIN known ON parent."id" = known."parent_id"
     ) SELECT "id" FROM known`,
    [id],
  );
  return rows.map((row) => row.id);
}

/**
 * Returns the sign-in that a session descends from, or the created session that an administrator made for another user:
 * it descends from none.
 */
export async function rootOf(
  manager: EntityManager,
  id: string,
): Promise<Pick<Session, 'id' | 'userId' | 'actingId'> | undefined> {
  const ids = await ancestorsOf(manager, id);
  const ancestors = await manager.find(Session, {
    select: { id: true, userId: true, actingId: true, parentId: true },
    where: { id: In(ids) },
  });
  return ancestors.find(({ parentId }) => parentId === null || !ids.includes(parentId));
}

/** Returns how many open sessions a user has created. */
export const countCreated = (manager: EntityManager, userId: number): Promise<number> =>
  openSessions(manager).andWhere('session.createdBy = :userId', { userId }).getCount();

/** Returns the open sign-ins of a user but `newest` and, of the others, the `most` that were used last. */
export async function leastUsedSignIns(
  manager: EntityManager,
  { userId, id: newest }: Session,
  most: number,
): Promise<string[]> {
  const [user, self, now, offset] = parametersOf(manager, 4);
  const rows = await manager.query<{ id: string }[]>(
    // By its id: the clock of another process may be ahead of ours.
    `SELECT "id" FROM "sessions" WHERE "user_id" = ${user} AND "id" <> ${self} AND "kind" = 'signIn' ` +
      `AND "revoked_at" IS NULL AND "expires_at" > ${now} ORDER BY "last_used_at" DESC, "created_at" DESC LIMIT ${CHUNK} OFFSET ${offset}`,
    [userId, newest, Date.now(), most],
  );
  return rows.map(({ id }) => id);
}

/** Removes the revoked sessions of a user but the `most` that were revoked last: their tokens stay refused. */
export async function removeRevoked({ manager }: Transaction, userId: number, most: number): Promise<void> {
  const [user, offset] = parametersOf(manager, 2);
  await manager.query(
    `DELETE FROM "sessions" WHERE "id" IN (SELECT "id" FROM "sessions" WHERE "user_id" = ${user} ` +
      `AND "revoked_at" IS NOT NULL ORDER BY "revoked_at" DESC LIMIT ${CHUNK} OFFSET ${offset})`,
    [userId, most],
  );
}

/** Removes sessions of which nothing can be used any more. @returns whether there may be more */
export async function removeEnded({ manager }: Transaction): Promise<boolean> {
  const ended = await manager.find(Session, {
    select: { id: true },
    where: { removableAt: LessThanOrEqual(new Date()) },
    take: CHUNK,
  });
  if (ended.length > 0) await manager.delete(Session, { id: In(ended.map(({ id }) => id)) });
  return ended.length === CHUNK;
}

/**
 * Locks the open sessions of a selection, in the order of their ids. Until a session is locked, another transaction may
 * create a child of it: so looks again for what descends from the locked ones.
 */
async function lockOpen(
  transaction: Transaction,
  selection: SessionSelection,
): Promise<Revoked[]> {
  const seen = new Set<string>();
  const locked: Session[] = [];
  for (;;) {
    const ids = await select(transaction.manager, selection);
    const unseen = ids.filter((id) => !seen.has(id)).sort();
    if (unseen.length === 0) return locked;
    for (const chunk of chunksOf(unseen)) locked.push(...(await lockAll(transaction, chunk)));
    for (const id of unseen) seen.add(id);
    // Without row locks there is one writer.
    if (!transaction.rowLock) return locked;
  }
}

function lockAll({ manager, rowLock }: Transaction, ids: readonly string[]): Promise<Session[]> {
  const query = openSessions(manager)
    .select(REVOKED_COLUMNS)
    .andWhere('session.id IN (:...ids)', { ids })
    .orderBy('session.id');
  if (rowLock) query.setLock(rowLock);
  return query.getMany();
}

/** Returns the ids of the sessions of a selection and of what descends from them; some may not be open. */
async function select(manager: EntityManager, selection: SessionSelection): Promise<string[]> {
  if ('only' in selection) return descendantsOf(manager, selection.only);
  const sessions = openSessions(manager).select('session.id');
  if ('ofUser' in selection) sessions.andWhere('session.userId = :userId', { userId: selection.ofUser });
  else sessions.andWhere('session.actingId = :actingId', { actingId: selection.createdForOthersBy });
  if (selection.within !== undefined) withinSession(sessions, selection.within);
  // Compared here and not in the statement: there may be more ids than it can have parameters.
  const except = 'ofUser' in selection ? (selection.except ?? []) : [];
  const ids = (await sessions.getMany()).map(({ id }) => id);
  return descendantsOf(
    manager,
    ids.filter((id) => !except.includes(id)),
  );
}

/** Starts a query of the open sessions. */
const openSessions = (manager: EntityManager): SelectQueryBuilder<Session> =>
  manager
    .createQueryBuilder(Session, 'session')
    .where('session.revokedAt IS NULL AND session.expiresAt > :now', { now: Date.now() });

const chunksOf = <T>(items: readonly T[]): T[][] =>
  Array.from({ length: Math.ceil(items.length / CHUNK) }, (_, index) =>
    items.slice(index * CHUNK, (index + 1) * CHUNK),
  );

/** A slice of the table of sessions, in the order of their ids. */
export interface SessionSlice {
  /** How many of its sessions are neither revoked nor expired. */
  readonly open: number;
  /** How many it has. */
  readonly rows: number;
  /** The id of its last one. Null: there are no more. */
  readonly last: string | null;
}

/** Counts the open sessions among the first `rows` after the id `after`. */
export async function countOpenAfter(
  manager: EntityManager,
  after: string,
  rows: number,
): Promise<SessionSlice> {
  const [byTime, byId, byCount] = parametersOf(manager, 3);
  const [slice] = await manager.query<SessionSlice[]>(
    'SELECT COUNT(*) AS "rows", MAX("id") AS "last", ' +
      `COUNT(CASE WHEN "revoked_at" IS NULL AND "expires_at" > ${byTime} THEN 1 END) AS "open" ` +
      'FROM (SELECT "id", "revoked_at", "expires_at" FROM "sessions" ' +
      `WHERE "id" > ${byId} ORDER BY "id" LIMIT ${byCount}) AS "slice"`,
    [Date.now(), after, rows],
  );
  return slice ?? { open: 0, rows: 0, last: null };
}

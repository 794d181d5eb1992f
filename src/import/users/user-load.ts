import { Role } from '../../authorization/role.js';
import { insertAbsentRows, insertRows } from '../../database/compiled-write.js';
import type { Database } from '../../database/database.js';
import type { Transaction } from '../../database/transaction.js';
import { NO_PASSWORD } from '../../passwords/stored-password.js';
import { User } from '../../users/user.entity.js';
import { UserStatus } from '../../users/user-status.js';
import { GREATEST_ID } from '../greatest-id.js';
import { assignedIds } from './assigned-ids.js';
import { SCOPE_FIELDS, SCOPE_KINDS } from './scope-kinds.js';
import { isAsStored } from './stored-user.js';
import type { Survey } from './survey.js';
import type { ValidRow } from './user-file.js';

/**
 * Ids that are left free after the greatest one of a file: so many could a running service give while the counter is set.
 */
const FREE_IDS = 1000;
/** Assignments in one statement. */
const ASSIGNMENTS = 5000;

/** What has become of the rows so far. */
export interface LoadCounts {
  imported: number;
  /** Their users are stored already, exactly as the rows have them. */
  present: number;
  /** They cannot be imported beside what the database holds. */
  refused: number;
  /** Among the imported ones. */
  administrators: number;
  withoutPassword: number;
  disabled: number;
}

/** What a load is told. */
interface LoadOptions {
  readonly isTrial: boolean;
  readonly tell: (line: number, reason: string) => void;
}

/** Writes the users of a file in one transaction, a batch at a time. */
export class UserLoad {
  readonly counts: LoadCounts = {
    imported: 0,
    present: 0,
    refused: 0,
    administrators: 0,
    withoutPassword: 0,
    disabled: 0,
  };
  /** The last id that a trial has used. It must not take ids from the counter: a rollback would not give them back. */
  private trialId: number;

  private constructor(
    private readonly database: Database,
    private readonly transaction: Transaction,
    private readonly options: LoadOptions,
    /** Every id up to this one may have been given before the load. */
    private readonly lastId: number,
  ) {
    this.trialId = Math.max(GREATEST_ID, lastId + FREE_IDS);
  }

  /** Begins a load, and moves the counter of ids beyond those of the file. */
  static async begin(
    database: Database,
    transaction: Transaction,
    { greatestId }: Survey,
    options: LoadOptions,
  ): Promise<UserLoad> {
    const { manager } = transaction;
    const counted = await database.ids.last(manager, 'users');
    // The counter lags behind where rows were copied into the table.
    const lastId = Math.max(counted, (await manager.maximum(User, 'id')) ?? 0);
    const next = greatestId > lastId ? greatestId + FREE_IDS : lastId;
    if (next > counted && !options.isTrial) await database.ids.goOnAfter(manager, 'users', next);
    return new UserLoad(database, transaction, options, lastId);
  }

  /** Writes those rows of a batch that can be imported. */
  async write(batch: readonly ValidRow[]): Promise<void> {
    const absent = await this.withoutUnknownScopes(
      await this.withoutTakenIds(await this.withoutTakenLogins(batch)),
    );
    const inserted = await this.insert(absent);
    await this.assign(inserted);
    this.counts.imported += inserted.length;
    for (const { user } of inserted) {
      if (user.columns.role === Role.Administrator) this.counts.administrators += 1;
      if (user.columns.passwordHash === NO_PASSWORD) this.counts.withoutPassword += 1;
      if (user.columns.status === UserStatus.Disabled) this.counts.disabled += 1;
    }
  }

  private refuse({ line }: ValidRow, reason: string): void {
    this.counts.refused += 1;
    this.options.tell(line, reason);
  }

  private async withoutTakenLogins(batch: readonly ValidRow[]): Promise<ValidRow[]> {
    const { manager } = this.transaction;
    const keys = batch.map(({ user }) => user.columns.loginKey);
    const holders = await manager
      .createQueryBuilder(User, 'user')
      .where('user.loginKey IN (:...keys)', { keys })
      .getMany();
    const byKey = new Map(holders.map((user) => [user.loginKey, user]));
    const assigned = await assignedIds(
      this.database,
      manager,
      holders.map(({ id }) => id),
    );
    const seen = new Set<string>();
    return batch.filter((row) => {
      const { loginKey } = row.user.columns;
      const holder = byKey.get(loginKey);
      if (seen.has(loginKey) || (holder && this.isNew(holder.id))) {
        this.refuse(row, 'an earlier row has this login');
      } else if (!holder) {
        seen.add(loginKey);
        return true;
      } else if (isAsStored(row.user, holder, assigned(holder.id))) {
        this.counts.present += 1;
      } else {
        this.refuse(row, 'a user has this login already, and differs from the row');
      }
      return false;
    });
  }

  /** Ids are never given twice, so only those above the last one are free. */
  private async withoutTakenIds(rows: readonly ValidRow[]): Promise<ValidRow[]> {
    const ids = rows.flatMap(({ user }) => user.id ?? []);
    if (ids.length === 0) return [...rows];
    const found = await this.transaction.manager
      .createQueryBuilder(User, 'user')
      .select('user.id')
      .where(this.database.isAmong('user.id', 'ids'), { ids: JSON.stringify(ids) })
      .getMany();
    const taken = new Set(found.map(({ id }) => id));
    return rows.filter((row) => {
      const { id = 0 } = row.user;
      if (!this.isNew(id))
        this.refuse(row, `the id ${id} may have been given before: only ids above ${this.lastId} are free`);
      else if (taken.has(id)) this.refuse(row, `an earlier row has the id ${id}`);
      else return taken.add(id).has(id);
      return false;
    });
  }

  private async withoutUnknownScopes(rows: readonly ValidRow[]): Promise<ValidRow[]> {
    let known = [...rows];
    for (const field of SCOPE_FIELDS) {
      const wanted = new Set(known.flatMap(({ user }) => user[field] ?? []));
      if (wanted.size === 0) continue;
      const { scope, label } = SCOPE_KINDS[field];
      const found = await this.transaction.manager
        .createQueryBuilder(scope, 'scope')
        .select('scope.id')
        .where(this.database.isAmong('scope.id', 'ids'), { ids: JSON.stringify([...wanted]) })
        .getMany();
      const existing = new Set(found.map(({ id }) => id));
      known = known.filter((row) => {
        const missing = row.user[field]?.find((id) => !existing.has(id));
        if (missing !== undefined) this.refuse(row, `${field}: there is no ${label} with the id ${missing}`);
        return missing === undefined;
      });
    }
    return known;
  }

  private async insert(rows: readonly ValidRow[]): Promise<ValidRow[]> {
    const { isTrial } = this.options;
    const columns = rows.map(({ user: { id, columns } }) => {
      const given = id ?? (isTrial ? (this.trialId += 1) : undefined);
      return given === undefined ? columns : { ...columns, id: given };
    });
    const inserted = new Set(await insertAbsentRows(this.transaction.manager, User, columns, 'loginKey'));
    return rows.filter((row) => {
      const isInserted = inserted.has(row.user.columns.loginKey);
      // The running service has created it since.
      if (!isInserted) this.refuse(row, 'a user has this login already, and differs from the row');
      return isInserted;
    });
  }

  private async assign(rows: readonly ValidRow[]): Promise<void> {
    const { manager } = this.transaction;
    const assigning = rows.filter(({ user }) => SCOPE_FIELDS.some((field) => user[field]?.length));
    if (assigning.length === 0) return;
    const found = await manager
      .createQueryBuilder(User, 'user')
      .select(['user.id', 'user.loginKey'])
      .where('user.loginKey IN (:...keys)', { keys: assigning.map(({ user }) => user.columns.loginKey) })
      .getMany();
    const idOf = new Map(found.map(({ loginKey, id }) => [loginKey, id]));
    for (const field of SCOPE_FIELDS) {
      const assignments = assigning.flatMap(({ user }) =>
        (user[field] ?? []).map((scopeId) => ({ userId: idOf.get(user.columns.loginKey) ?? 0, scopeId })),
      );
      for (let at = 0; at < assignments.length; at += ASSIGNMENTS)
        await insertRows(manager, SCOPE_KINDS[field].assignment, assignments.slice(at, at + ASSIGNMENTS));
    }
  }

  /** Whether an id is of a user of this load. */
  private isNew(id: number): boolean {
    return id > this.lastId;
  }
}

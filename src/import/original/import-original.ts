import { DeviceType, UserDeviceType } from '../../access-scopes/device-types/device-type.entity.js';
import { Network, UserNetwork } from '../../access-scopes/networks/network.entity.js';
import { nameKeyOf } from '../../access-scopes/scope.entity.js';
import { claimNewDatabase } from '../../database/claim-new-database.js';
import { insertRows } from '../../database/compiled-write.js';
import type { Database } from '../../database/database.js';
import type { Transaction } from '../../database/transaction.js';
import { OperatorError } from '../../errors/operator-error.js';
import type { EventActor } from '../../events/event.js';
import { recordEvent } from '../../events/record-event.js';
import { Configuration } from '../../live-configuration/configuration.entity.js';
import { startProgress } from '../../progress/start-progress.js';
import { GREATEST_ID } from '../greatest-id.js';
import { importInOneTransaction } from '../import-transaction.js';
import type { Checked, Finding } from './finding.js';
import { loadUsers, type UserToLoad } from './load-users.js';
import { checkedConfiguration } from './original-configuration.js';
import type { OriginalDatabase } from './original-database.js';
import {
  type AssignmentToLoad,
  checkedAssignments,
  checkedScopes,
  ORIGINAL_DEVICE_TYPES,
  ORIGINAL_NETWORKS,
  type OriginalScopes,
  type ScopeToLoad,
} from './original-scopes.js';
import { checkedUsers, isActiveAdministrator } from './original-users.js';

/** Rows in one statement, except users. */
const BATCH = 1000;
const ACTOR: EventActor = { userId: null, command: 'import devicehive' };

/** The entities of a kind of access scope, in both databases. */
const KINDS = [
  { original: ORIGINAL_NETWORKS, entity: Network, assignment: UserNetwork, target: 'networks' },
  {
    original: ORIGINAL_DEVICE_TYPES,
    entity: DeviceType,
    assignment: UserDeviceType,
    target: 'device_types',
  },
] as const;

/** What a check of the original has found. */
export interface CheckReport {
  /** Rows that are imported, by the table of the original. */
  readonly counts: Readonly<Record<string, number>>;
  /** Rows that are left out. */
  readonly leftOut: number;
  /** Findings that stop the import, unless they are skipped. */
  readonly stopping: number;
  /** Whether an active administrator comes along. */
  readonly hasAdministrator: boolean;
}

/**
 * The import of an original DeviceHive into a new database (contract.md §10). Everything is read from one snapshot:
 * first to check it, then to import it.
 */
export class OriginalImport {
  /** The ids of the rows that are left out, by table. */
  private readonly leftOut = new Map<string, Set<number>>();

  constructor(
    private readonly source: OriginalDatabase,
    /** Ends the import, with nothing imported. Its reason is thrown. */
    private readonly signal: AbortSignal,
  ) {}

  /** Reads all rows and calls `tell` for what cannot be imported unchanged. Needs no other database. */
  async check(tell: (finding: Finding) => Promise<void>): Promise<CheckReport> {
    const counts: Record<string, number> = {};
    const found = { leftOut: 0, stopping: 0 };
    let hasAdministrator = false;
    const { usersName } = this.source.tables;
    const checkTable = async <T>(
      table: string,
      rows: AsyncIterable<Checked<T>>,
      { see, advance }: { see?: (value: T) => void; advance?: (rows: number) => void } = {},
    ): Promise<void> => {
      counts[table] = 0;
      const leftOut = new Set<number>();
      this.leftOut.set(table, leftOut);
      for await (const { id, value, findings } of rows) {
        this.signal.throwIfAborted();
        advance?.(1);
        for (const finding of findings) {
          if (finding.stops) found.stopping += 1;
          await tell(finding);
        }
        if (value !== undefined) {
          counts[table] += 1;
          see?.(value);
          continue;
        }
        found.leftOut += 1;
        if (id !== undefined) leftOut.add(id);
      }
    };
    const see = (user: UserToLoad) => {
      hasAdministrator ||= isActiveAdministrator(user);
    };
    await this.withProgress('Check', (advance) =>
      checkTable(usersName, checkedUsers(this.source), { see, advance }),
    );
    for (const { original } of this.kinds) {
      await checkTable(original.table, checkedScopes(this.source, original));
      await checkTable(original.assignments, this.assignments(original));
    }
    await checkTable('configuration', checkedConfiguration(this.source));
    return { counts, ...found, hasAdministrator };
  }

  /**
   * Imports what {@link check} has not left out, in one transaction, into a database on which the service has never been
   * started.
   *
   * @throws {OperatorError} when that database is not empty
   */
  async load(database: Database): Promise<void> {
    await importInOneTransaction(database, async (transaction) => {
      await claimNewDatabase(transaction, 'an import needs a new one');
      const users = await this.withProgress('Import', (advance) =>
        loadUsers(database, transaction, this.users(), {
          advance,
          taken: (user, by) => {
            throw new OperatorError(`${user.place} has the login of user ${by}, and nothing is imported`);
          },
        }),
      );
      await this.goOnAfter(database, transaction, 'users', this.source.tables.users);
      for (const kind of this.kinds) {
        // The row that the migrations have inserted.
        await transaction.manager.query(`DELETE FROM "${kind.target}"`);
        await this.insert(
          transaction,
          kind.entity,
          checkedScopes(this.source, kind.original),
          (scope: ScopeToLoad) => ({ ...scope, nameKey: nameKeyOf(scope.name) }),
        );
        await this.goOnAfter(database, transaction, kind.target, kind.original.table);
        await this.insert(
          transaction,
          kind.assignment,
          this.assignments(kind.original),
          (assignment: AssignmentToLoad) => assignment,
        );
      }
      await this.insert(transaction, Configuration, checkedConfiguration(this.source), (setting) => setting);
      await recordEvent(transaction, {
        type: 'service.imported',
        subject: 'service',
        actor: ACTOR,
        users,
      });
    });
  }

  private get kinds() {
    return KINDS.filter(
      ({ original }) => original === ORIGINAL_NETWORKS || this.source.tables.hasDeviceTypes,
    );
  }

  private assignments(scopes: OriginalScopes): AsyncGenerator<Checked<AssignmentToLoad>> {
    return checkedAssignments(this.source, scopes, (table, id) => this.leftOut.get(table)?.has(id) !== true);
  }

  private async *users(): AsyncGenerator<UserToLoad> {
    for await (const { value } of checkedUsers(this.source)) {
      this.signal.throwIfAborted();
      if (value) yield value;
    }
  }

  private async insert<T, E extends object>(
    { manager }: Transaction,
    entity: new () => E,
    rows: AsyncIterable<Checked<T>>,
    toRow: (value: T) => Partial<E>,
  ): Promise<void> {
    let batch: Partial<E>[] = [];
    for await (const { value } of rows) {
      this.signal.throwIfAborted();
      if (value === undefined) continue;
      if (batch.push(toRow(value)) < BATCH) continue;
      await insertRows(manager, entity, batch);
      batch = [];
    }
    await insertRows(manager, entity, batch);
  }

  /**
   * Goes on with the ids where the original would: an id that a deleted row had is not given again. Its tokens may be
   * accepted for a while (contract.md §9).
   */
  private async goOnAfter(
    database: Database,
    { manager }: Transaction,
    target: string,
    table: string,
  ): Promise<void> {
    const last = await this.source.lastId(table);
    const [row] = await manager.query<{ greatest: number | null }[]>(
      `SELECT max("id") AS greatest FROM "${target}"`,
    );
    await database.ids.goOnAfter(
      manager,
      target,
      Math.max(last <= GREATEST_ID ? last : 0, row?.greatest ?? 0),
    );
  }

  private async withProgress<T>(
    what: string,
    work: (advance: (users: number) => void) => Promise<T>,
  ): Promise<T> {
    const total = await this.source.countUsers();
    const progress = startProgress(what, { total, unit: 'users' });
    try {
      return await work((users) => {
        progress.advance(users);
      });
    } finally {
      progress.end();
    }
  }
}

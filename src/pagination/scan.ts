import type { EntityManager, ObjectLiteral, SelectQueryBuilder } from 'typeorm';
import { allOf } from '../database/compiled-query.js';
import type { Database } from '../database/database.js';
import type { Condition, Rows } from './condition.js';
import type { Order, Position } from './position.js';
import { nextTurn, SliceSize } from './slices.js';

/** Maximum number of rows that one statement finds. Their positions are kept until the rows have been loaded. */
const MOST_FOUND = 500;
/** Up to so many rows that an index finds need no slices. */
const MOST_CANDIDATES = 500;

/** The records of a list. */
export interface Listing<T extends ObjectLiteral> extends Rows<T> {
  /** Unique among lists. */
  readonly name: string;
  /** The property that the list can be sorted by, besides the id. It has an index. */
  readonly key: string;
  /** The property that holds long texts, if there is one. */
  readonly large?: string;
}

/** What a {@link Scan} finds. */
export interface ScanOptions {
  readonly conditions: readonly Condition[];
  readonly order: Order;
  /** The position before the first row. */
  readonly after?: Position | undefined;
  /** The last possible position. */
  readonly until?: Position | undefined;
  /** How many rows to leave out. */
  readonly skip?: number | undefined;
}

/** A row that a scan has found. */
export interface Found extends Position {
  /** The size of its long text, in bytes. */
  readonly bytes: number;
}

/** A row of a list, and where it was found. */
export interface LoadedRow<T> {
  readonly position: Position;
  readonly row: T;
}

/**
 * A walk through the rows of a list in its order, from position to position (keyset pagination).
 *
 * Where statements run on the main thread, one that reads many rows would hold the process. There the rows are read in
 * slices: an index gives the end of a slice, and the conditions are tried on the rows up to it.
 */
export class Scan<T extends ObjectLiteral> {
  private readonly size = new SliceSize();
  private position: Position | undefined;
  private skip: number;
  private ended = false;
  private candidates: Promise<readonly number[] | undefined> | undefined;
  /** The conditions that are not tried in SQL. */
  private readonly accepted: readonly Condition[];

  constructor(
    private readonly database: Database,
    private readonly listing: Listing<T>,
    private readonly options: ScanOptions,
  ) {
    this.position = options.after;
    this.skip = options.skip ?? 0;
    this.accepted = database.readsBlock ? options.conditions.filter(({ accepts }) => accepts) : [];
  }

  /** Returns the next rows, at most `most`; none when there are no more. */
  async next(most: number): Promise<readonly Found[]> {
    while (!this.ended) {
      const found = await this.slice((manager) => this.find(manager, Math.min(most, MOST_FOUND)));
      if (found.length > 0) return found;
    }
    return [];
  }

  /** Counts the rows that are left. */
  async count(): Promise<number> {
    let total = 0;
    while (!this.ended) total += await this.slice((manager) => this.countSlice(manager));
    return total;
  }

  /** Loads those of the rows that still exist and satisfy the conditions, in the same order. */
  async load(found: readonly Found[]): Promise<readonly LoadedRow<T>[]> {
    const { alias, entity } = this.listing;
    await this.turn();
    const rows = await this.database.read((manager) => {
      const query = manager.createQueryBuilder(entity, alias);
      query.where(this.database.isAmong(`${alias}.id`, 'loaded'), {
        loaded: JSON.stringify(found.map(({ id }) => id)),
      });
      return allOf(manager, this.satisfy(query));
    });
    const byId = new Map(rows.map((row) => [row['id'] as number, row]));
    return found.flatMap((position) => {
      const row = byId.get(position.id);
      return row ? [{ position, row }] : [];
    });
  }

  /** Where reads do not hold the main thread, nobody has to wait for a turn of it. */
  private turn(): Promise<void> | undefined {
    return this.database.readsBlock ? nextTurn() : undefined;
  }

  private async slice<R>(work: (manager: EntityManager) => Promise<R>): Promise<R> {
    await this.turn();
    return this.database.read((manager) => this.size.timed(() => work(manager)));
  }

  private async find(manager: EntityManager, limit: number): Promise<readonly Found[]> {
    const { alias, large } = this.listing;
    // Without conditions the limit is enough.
    const isLimited = this.options.conditions.length === 0 && this.skip === 0;
    const end = isLimited ? undefined : await this.endOfSlice(manager);
    if (end && this.skip > 0) {
      const count = await this.countTo(manager, end);
      if (count <= this.skip) {
        this.skip -= count;
        this.moveTo(end);
        return [];
      }
    }
    const rows = this.inOrder(await this.rowsTo(manager, end));
    const bytes = large === undefined ? '0' : `COALESCE(octet_length(${alias}.${large}), 0)`;
    rows.addSelect(bytes, 'bytes');
    if (this.accepted.length > 0) return this.accept(await rows.getRawMany<Found>(), limit, end);
    const found = await rows.limit(limit).offset(this.skip).getRawMany<Found>();
    this.skip = 0;
    this.moveTo(found.length < limit ? end : found.at(-1));
    return found;
  }

  /** Returns those rows of a slice that are accepted, at most `limit`. */
  private accept(rows: readonly Found[], limit: number, end: Position | undefined): readonly Found[] {
    const found = rows.filter(({ id }) => this.isAccepted(id)).slice(this.skip, this.skip + limit);
    this.skip = 0;
    this.moveTo(found.length < limit ? end : found.at(-1));
    return found;
  }

  private isAccepted(id: number): boolean {
    return this.accepted.every(({ accepts }) => accepts?.(id) === true);
  }

  private async countSlice(manager: EntityManager): Promise<number> {
    const end = await this.endOfSlice(manager);
    const count = await this.countTo(manager, end);
    this.moveTo(end);
    return count;
  }

  private async countTo(manager: EntityManager, end: Position | undefined): Promise<number> {
    const rows = await this.rowsTo(manager, end);
    if (this.accepted.length === 0)
      return (await rows.select('COUNT(*)', 'count').getRawOne<{ count: number }>())?.count ?? 0;
    const ids = await rows.select(`${this.listing.alias}.id`, 'id').getRawMany<{ id: number }>();
    return ids.filter(({ id }) => this.isAccepted(id)).length;
  }

  /** Undefined: the end of the list. */
  private moveTo(position: Position | undefined): void {
    this.position = position;
    this.ended = position === undefined;
  }

  /** Returns the last position of the next slice; undefined: the slice is all that is left. */
  private async endOfSlice(manager: EntityManager): Promise<Position | undefined> {
    if (!this.database.readsBlock || (await this.findCandidates(manager))) return undefined;
    const rows = this.inOrder(this.rowsLeft(manager));
    return rows
      .limit(1)
      .offset(this.size.rows - 1)
      .getRawOne<Position>();
  }

  /** Returns the rows up to `end` that satisfy the conditions. */
  private async rowsTo(manager: EntityManager, end: Position | undefined): Promise<SelectQueryBuilder<T>> {
    const rows = this.rowsLeft(manager, end);
    const candidates = await this.findCandidates(manager);
    if (candidates)
      rows.andWhere(this.database.isAmong(`${this.listing.alias}.id`, 'candidates'), {
        candidates: JSON.stringify(candidates),
      });
    return this.satisfy(rows);
  }

  /** One end alone: of two, SQLite may take the farther one for its index, and read all rows up to it for each slice. */
  private rowsLeft(manager: EntityManager, end = this.options.until): SelectQueryBuilder<T> {
    const rows = manager.createQueryBuilder(this.listing.entity, this.listing.alias);
    if (this.position) this.compare(rows, this.isForwards ? '>' : '<', this.position, 'after');
    if (end) this.compare(rows, this.isForwards ? '<=' : '>=', end, 'end');
    return rows;
  }

  private get isForwards(): boolean {
    return this.options.order.direction === 'ASC';
  }

  private compare(rows: SelectQueryBuilder<T>, operator: string, { id, key }: Position, name: string): void {
    const { alias, key: property } = this.listing;
    if (this.options.order.byKey)
      rows.andWhere(`(${alias}.${property}, ${alias}.id) ${operator} (:${name}Key, :${name}Id)`, {
        [`${name}Key`]: key,
        [`${name}Id`]: id,
      });
    else rows.andWhere(`${alias}.id ${operator} :${name}Id`, { [`${name}Id`]: id });
  }

  /** Selects the positions, in order. */
  private inOrder(rows: SelectQueryBuilder<T>): SelectQueryBuilder<T> {
    const { alias, key } = this.listing;
    const { byKey, direction } = this.options.order;
    rows.select(`${alias}.id`, 'id').addSelect(byKey ? `${alias}.${key}` : "''", 'key');
    if (byKey) rows.orderBy(`${alias}.${key}`, direction);
    return rows.addOrderBy(`${alias}.id`, direction);
  }

  private satisfy(rows: SelectQueryBuilder<T>): SelectQueryBuilder<T> {
    const { database, options, accepted } = this;
    const conditions = options.conditions.filter((condition) => !accepted.includes(condition));
    if (conditions.length === 0) return rows;
    const sql = conditions.map((condition) => `(${condition.sql})`).join(' AND ');
    // In CASE they use no index: SQLite might read all rows of one, and not those of the slice.
    const tried = database.readsBlock ? `CASE WHEN ${sql} THEN 1 ELSE 0 END = 1` : sql;
    return rows.andWhere(
      tried,
      Object.assign({}, ...conditions.map(({ parameters }) => parameters)) as object,
    );
  }

  /** Returns the ids of all rows that may satisfy the conditions, if an index says that they are few. */
  private findCandidates(manager: EntityManager): Promise<readonly number[] | undefined> {
    this.candidates ??= this.fewByIndex(manager);
    return this.candidates;
  }

  private async fewByIndex(manager: EntityManager): Promise<readonly number[] | undefined> {
    if (!this.database.readsBlock) return undefined;
    for (const { ids } of this.options.conditions) {
      const found = await ids?.(manager, MOST_CANDIDATES + 1);
      if (found && found.length <= MOST_CANDIDATES) return found;
    }
    return undefined;
  }
}

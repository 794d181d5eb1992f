import { OperatorError } from '../errors/operator-error.js';
import type { Part } from './read-backup.js';

/** Fewer ids than these are not worth a restore. */
const FEWEST_LEFT = 2 ** 20;

/**
 * The ids that a restore leaves out (contract.md §10), for each table that gives ids: those that it has given, or may
 * have given, since the backup was taken. Tokens, events and other services still name them.
 *
 * A database that was restored before cannot be asked. So the caller says how often the file is restored.
 */
export class SkippedIds {
  private readonly last = new Map<string, number>();

  constructor(private readonly times = 1) {}

  /** Takes note of a part of the backup. @throws {OperatorError} when too few ids would be left to give */
  add({ table, lastId, rows }: Part): void {
    if (lastId === undefined) return;
    // A row may have a greater id than the counter: one that was inserted by hand, on PostgreSQL.
    const column = Object.keys(table.columns).indexOf('id');
    const given = rows.reduce((most, row) => Math.max(most, Number(row[column])), lastId);
    const last = given + table.idsSkipped * this.times;
    if (last > Number.MAX_SAFE_INTEGER - FEWEST_LEFT)
      throw new OperatorError(
        `The ids of ${table.name.replaceAll('_', ' ')} are used up: the last one is ${given}, and a restore leaves out the next ${table.idsSkipped * this.times}. Nothing has been restored`,
      );
    this.last.set(table.name, Math.max(last, this.last.get(table.name) ?? 0));
  }

  /** The last id that counts as given, by table. */
  get lastIds(): ReadonlyMap<string, number> {
    return this.last;
  }
}

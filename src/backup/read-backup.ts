import { createHash } from 'node:crypto';
import type { z } from 'zod';
import { migrationsOf, type Schema } from '../database/schema.js';
import { isExpansion, unknownMigrations } from '../database/schema-versions.js';
import { OperatorError } from '../errors/operator-error.js';
import { type Counts, FORMAT, type Header, header, isRowOf, opening, trailer, type Value } from './format.js';
import { LinesError, readLines } from './lines.js';
import { givesIds, type Table, tablesOf } from './tables.js';

/** Maximum number of rows in a part. */
const BATCH = 500;

/** Some rows of a table. Each table has at least one part, which may be empty. */
export interface Part {
  readonly table: Table;
  /** The last id that the table has generated. Only for tables that generate ids. */
  readonly lastId: number | undefined;
  readonly rows: readonly Value[][];
}

/**
 * Reads a backup. It is known to be complete and undamaged only after the last part.
 *
 * @throws {OperatorError} when the file is truncated or damaged, is not a backup, or is one that this version cannot
 *   restore
 */
export async function* readBackup(path: string, schema: Schema): AsyncGenerator<Part, Counts> {
  const reader = new BackupReader(path, schema);
  try {
    for await (const line of readLines(path)) {
      const part = reader.read(line);
      if (part) yield part;
    }
  } catch (error) {
    throw error instanceof LinesError ? reader.refusal(error.problem) : error;
  }
  return reader.end();
}

/** Reads a backup to its end and calls `work` for each part. */
export async function eachPart(
  path: string,
  schema: Schema,
  work: (part: Part) => Promise<void>,
): Promise<Counts> {
  const parts = readBackup(path, schema);
  for (;;) {
    const { done, value } = await parts.next();
    if (done) return value;
    await work(value);
  }
}

class BackupReader {
  private readonly hash = createHash('sha256');
  private readonly counts: Counts = {};
  private tables: readonly Table[] = [];
  private header?: Header;
  private table?: Table;
  private lastId: number | undefined;
  private rows: Value[][] = [];
  private line = 0;
  private isEnded = false;

  constructor(
    private readonly path: string,
    private readonly schema: Schema,
  ) {}

  /** Reads the next line. Returns a part when one is complete. @throws {OperatorError} */
  read(line: Buffer): Part | undefined {
    this.line += 1;
    if (this.isEnded) throw this.refusal('damaged');
    const value = this.parse(line);
    if (!this.header) {
      this.begin(value);
    } else if (Array.isArray(value)) {
      this.addRow(value);
    } else if (typeof value === 'object' && value !== null && 'table' in value) {
      const part = this.take();
      this.open(value);
      this.update(line);
      return part;
    } else {
      this.close(value);
      return this.take();
    }
    this.update(line);
    return this.rows.length === BATCH ? this.take() : undefined;
  }

  /** @throws {OperatorError} when the trailer is missing */
  end(): Counts {
    if (!this.isEnded) throw this.refusal('cut off');
    return this.counts;
  }

  refusal(problem: LinesError['problem']): OperatorError {
    if (!this.header) return new OperatorError(`${this.path} is no backup of Hivegate`);
    if (problem === 'cut off') return new OperatorError(`${this.path} is cut off after line ${this.line}`);
    return new OperatorError(`${this.path} is damaged: line ${this.line} is not as it was written`);
  }

  private update(line: Buffer): void {
    this.hash.update(line).update('\n');
  }

  private parse(line: Buffer): unknown {
    try {
      return JSON.parse(line.toString());
    } catch {
      throw this.refusal('damaged');
    }
  }

  private begin(value: unknown): void {
    const origin = header.pick({ format: true, version: true, service: true }).safeParse(value);
    if (!origin.success) throw this.refusal('damaged');
    const { version, service } = origin.data;
    if (version !== FORMAT)
      throw new OperatorError(
        `${this.path} was written in format ${version} by version ${service}: restore it with that version`,
      );
    const { success, data } = header.safeParse(value);
    if (!success) throw this.refusal('damaged');
    if (!canRestore(data.schema, this.schema))
      throw new OperatorError(
        `${this.path} has the schema of version ${service}: restore it with that version, then upgrade`,
      );
    this.header = data;
    this.tables = tablesOf(this.schema, data.schema);
  }

  private open(value: object): void {
    const { table: name, columns, lastId } = this.valid(opening, value);
    const table = this.tables[Object.keys(this.counts).length];
    if (table?.name !== name || givesIds(table) !== (lastId !== undefined)) throw this.refusal('damaged');
    this.table = this.inOrder(table, columns);
    this.lastId = lastId;
    this.counts[name] = 0;
  }

  /** Returns the table with its columns in the order of the backup: another version may use another order. */
  private inOrder(table: Table, columns: readonly string[]): Table {
    const ordered = columns.flatMap((name) => {
      const type = Object.hasOwn(table.columns, name) ? table.columns[name] : undefined;
      return type === undefined ? [] : [[name, type] as const];
    });
    const known = Object.fromEntries(ordered);
    const isComplete = Object.keys(known).length === Object.keys(table.columns).length;
    if (!isComplete || ordered.length !== columns.length || new Set(columns).size !== columns.length)
      throw this.refusal('damaged');
    return { ...table, columns: known };
  }

  private addRow(values: unknown): void {
    if (!this.table || !isRowOf(this.table, values)) throw this.refusal('damaged');
    this.counts[this.table.name] = (this.counts[this.table.name] ?? 0) + 1;
    this.rows.push(values);
  }

  private close(value: unknown): void {
    const { rows, sha256 } = this.valid(trailer, value);
    const isWhole =
      sha256 === this.hash.digest('hex') && this.tables.every(({ name }) => rows[name] === this.counts[name]);
    if (!isWhole || Object.keys(this.counts).length !== this.tables.length) throw this.refusal('damaged');
    this.isEnded = true;
  }

  private valid<T>(schema: z.ZodType<T>, value: unknown): T {
    const { success, data } = schema.safeParse(value);
    if (!success) throw this.refusal('damaged');
    return data;
  }

  private take(): Part | undefined {
    if (!this.table) return undefined;
    const { table, lastId, rows } = this;
    this.rows = [];
    return { table, lastId, rows };
  }
}

/**
 * Whether rows that were written with these migrations fit the present tables. Of the later ones each must only have
 * added; a table that has more columns since is refused where its rows begin.
 */
function canRestore(applied: readonly string[], schema: Schema): boolean {
  const later = migrationsOf(schema).filter((name) => !applied.includes(name));
  return unknownMigrations(applied, schema).length === 0 && later.every(isExpansion);
}

import { Readable } from 'node:stream';
import type { ObjectLiteral } from 'typeorm';
import { Inject, Injectable, StreamableFile } from '@nestjs/common';
import { Database } from '../database/database.js';
import type { Dialect } from '../dialect/dialect.js';
import { DIALECT } from '../dialect/dialect.module.js';
import { requestErrors } from '../errors/request.errors.js';
import { JsonText, stringify } from '../text/json-text.js';
import type { Condition } from './condition.js';
import type { PageQuery } from './page.query.js';
import { fromAfter, type Order, type Position, toAfter } from './position.js';
import { type Found, type Listing, Scan } from './scan.js';

/** The rows that are loaded at once: up to so many bytes of long texts, and so many rows. */
const BATCH_BYTES = 128 * 1024;
const BATCH_ROWS = 200;

/** The body of a list: written as JSON before it is sent, or while. */
export type ListBody = JsonText | StreamableFile;

/** A page of a list. */
export interface Page {
  readonly body: ListBody;
  /** The `after` of the next page, if the page has been cut short. */
  readonly next: string | undefined;
}

/** What a page is made of. */
export interface PageRequest<T extends ObjectLiteral> {
  readonly query: PageQuery;
  readonly conditions: readonly Condition[];
  /** Returns what a response shows of a row. */
  readonly toView: (row: T) => object;
}

interface WrittenRow {
  readonly position: Position;
  readonly json: string;
}

/** Reads lists of records: their pages and counts. */
@Injectable()
export class Lists {
  constructor(
    private readonly database: Database,
    @Inject(DIALECT) private readonly dialect: Dialect,
  ) {}

  /** @throws {ApiError} 400 when `take` or `after` is not valid */
  async page<T extends ObjectLiteral>(listing: Listing<T>, request: PageRequest<T>): Promise<Page> {
    const { query, conditions } = request;
    const toView = (row: T) => this.write(request.toView(row));
    const take = this.takeOf(query);
    const order: Order = { byKey: query.sortField !== 'ID', direction: query.sortOrder };
    const after = afterOf(query, order, listing.name);
    const scan = (more: { until?: Position | undefined; skip?: number } = {}) =>
      new Scan(this.database, listing, { conditions, order, after, skip: query.skip, ...more });
    const toNext = (last: Position | undefined) => last && toAfter(last, order, listing.name);
    if (take === 0) return { body: new JsonText('[]'), next: undefined };
    if (!this.dialect.lists.streamed) {
      const { rows, last } = await this.cut(write(scan(), toView, take + 1), take);
      return { body: new JsonText(`[${rows.join(',')}]`), next: toNext(last) };
    }
    const until = take === Infinity ? undefined : await lastOf(scan({ skip: (query.skip ?? 0) + take - 1 }));
    return { body: await stream(write(scan({ until }), toView, Infinity)), next: toNext(until) };
  }

  /** Counts the rows that satisfy the conditions. */
  count<T extends ObjectLiteral>(listing: Listing<T>, conditions: readonly Condition[]): Promise<number> {
    const order: Order = { byKey: false, direction: 'ASC' };
    return new Scan(this.database, listing, { conditions, order }).count();
  }

  private write(view: object): object {
    return this.dialect.writeItem?.(view) ?? view;
  }

  private takeOf({ take = this.dialect.lists.defaultTake }: PageQuery): number {
    const { leastTake, mostTake, defaultTake } = this.dialect.lists;
    if (take === defaultTake || (take >= leastTake && take <= mostTake)) return take;
    const message = `take must be from ${leastTake} to ${mostTake}`;
    throw requestErrors.invalidParameters([{ field: 'take', message }]);
  }

  /** Collects rows up to the end of the page. Returns the last position if there are more rows. */
  private async cut(
    batches: AsyncIterable<readonly WrittenRow[]>,
    take: number,
  ): Promise<{ rows: readonly string[]; last: Position | undefined }> {
    const rows: string[] = [];
    let last: Position | undefined;
    // With one of the two brackets; each row has a comma or the other one.
    let bytes = 1;
    for await (const batch of batches) {
      for (const { position, json } of batch) {
        bytes += Buffer.byteLength(json) + 1;
        if (rows.length === take || (rows.length > 0 && bytes > this.dialect.lists.mostBytes))
          return { rows, last };
        rows.push(json);
        last = position;
      }
    }
    return { rows, last: undefined };
  }
}

function afterOf({ after, skip }: PageQuery, order: Order, list: string): Position | undefined {
  if (after === undefined) return undefined;
  if (skip !== undefined)
    throw requestErrors.invalidParameters([{ field: 'after', message: 'after excludes skip' }]);
  return fromAfter(after, order, list);
}

/** Yields rows as JSON, batch by batch, up to `most`. */
async function* write<T extends ObjectLiteral>(
  scan: Scan<T>,
  toView: (row: T) => object,
  most: number,
): AsyncGenerator<readonly WrittenRow[]> {
  for (let left = most; left > 0;) {
    const found = await scan.next(left);
    if (found.length === 0) return;
    for (const batch of batchesOf(found)) {
      const rows = await loadWritten(scan, batch, toView);
      left -= rows.length;
      yield rows;
    }
  }
}

/** In a function of its own, so that the rows themselves are not kept while what is written of them waits. */
async function loadWritten<T extends ObjectLiteral>(
  scan: Scan<T>,
  batch: readonly Found[],
  toView: (row: T) => object,
): Promise<readonly WrittenRow[]> {
  const rows = await scan.load(batch);
  return rows.map(({ position, row }) => ({ position, json: stringify(toView(row)) }));
}

function* batchesOf(found: readonly Found[]): Generator<readonly Found[]> {
  let batch: Found[] = [];
  let bytes = 0;
  for (const row of found) {
    if (batch.length === BATCH_ROWS || (batch.length > 0 && bytes + row.bytes > BATCH_BYTES)) {
      yield batch;
      batch = [];
      bytes = 0;
    }
    batch.push(row);
    bytes += row.bytes;
  }
  yield batch;
}

/** Returns the position of the next row of a scan, if another one is behind it. */
async function lastOf<T extends ObjectLiteral>(scan: Scan<T>): Promise<Position | undefined> {
  const found: Found[] = [];
  for (let left = 2; left > 0; left = 2 - found.length) {
    const more = await scan.next(left);
    if (more.length === 0) return undefined;
    found.push(...more);
  }
  return found[0];
}

/** Returns a response that reads the rows while it is sent. The first batch is read before: its errors are responses. */
async function stream(batches: AsyncGenerator<readonly WrittenRow[]>): Promise<StreamableFile> {
  const chunks = chunksOf(batches);
  const first = await chunks.next();
  const all = async function* () {
    if (first.done === true) return;
    yield first.value;
    yield* chunks;
  };
  const type = 'application/json; charset=utf-8';
  // Each chunk is read when the one before has been taken.
  return new StreamableFile(Readable.from(all(), { objectMode: true, highWaterMark: 0 }), { type });
}

async function* chunksOf(batches: AsyncGenerator<readonly WrittenRow[]>): AsyncGenerator<Buffer> {
  let before = '[';
  try {
    for (;;) {
      const chunk = await nextChunk(batches, before);
      if (chunk === undefined) break;
      if (chunk.length === 0) continue;
      yield chunk;
      before = ',';
    }
    yield Buffer.from(before === '[' ? '[]' : ']');
  } finally {
    await batches.return(undefined);
  }
}

/**
 * Returns the next rows as text behind `before`; empty: there were none in the batch; undefined: it was the last. Nothing
 * but its bytes waits for the client: texts that wait would outlive V8's cheap collections.
 */
async function nextChunk(
  batches: AsyncGenerator<readonly WrittenRow[]>,
  before: string,
): Promise<Buffer | undefined> {
  const next = await batches.next();
  if (next.done === true) return undefined;
  let text = '';
  // Appended, not joined: V8 copies them once.
  for (const { json } of next.value) text += (text === '' ? before : ',') + json;
  return Buffer.from(text);
}

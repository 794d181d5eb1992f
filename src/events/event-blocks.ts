import type { EntityManager } from 'typeorm';
import { parametersOf } from '../database/parameters.js';

/**
 * The ids of one block. The index `events_block` (migration 0012) is of `"id" / 20000`: change both or neither. Of ten
 * million events a request looks at 500 blocks at the most, and reads one or two of them.
 */
const BLOCK = 20_000;

/** Which events a reader wants, by their position and their time. */
export interface EventTimes {
  /** Events behind this id. */
  readonly after?: number | undefined;
  /** The earliest time. */
  readonly since?: Date | undefined;
  /** Only events before this time. */
  readonly until?: Date | undefined;
}

/** Where events of a time can be: ids of `from` or more, and less than `to`. */
export interface EventIds {
  readonly from: number;
  readonly to: number;
}

/**
 * Returns a range of ids outside of which no event has a wanted time; undefined: there is no such event.
 *
 * Events are listed in the order of their ids. Their times are almost in that order, but not quite: transactions take
 * their time, clocks differ and are corrected. So no time says where to begin. But the index knows the first and the last
 * time of each block of ids, and blocks without a wanted time are left out.
 */
export async function findBlocks(manager: EntityManager, times: EventTimes): Promise<EventIds | undefined> {
  const first = await findBlock(manager, times, FORWARDS);
  if (first === undefined) return undefined;
  // What a reader has asked for begins there. Only an end in time makes it worth looking for the last one.
  const last = times.until === undefined ? Infinity : await findBlock(manager, times, BACKWARDS);
  const to = last === undefined || last === Infinity ? Number.MAX_SAFE_INTEGER : (last + 1) * BLOCK;
  return { from: first * BLOCK, to };
}

interface Direction {
  readonly next: 'min' | 'max';
  /** The condition that an id is beyond `block`, in this direction. */
  readonly isBeyond: string;
}
const FORWARDS: Direction = { next: 'min', isBeyond: `"id" >= (block + 1) * ${BLOCK}` };
const BACKWARDS: Direction = { next: 'max', isBeyond: `"id" < block * ${BLOCK}` };

/** Returns the first block in a direction that has a wanted time. Goes from block to block: ids have gaps. */
async function findBlock(
  manager: EntityManager,
  { after = 0, since, until }: EventTimes,
  { next, isBeyond }: Direction,
): Promise<number | undefined> {
  const [byAfter, bySince, byUntil] = parametersOf(manager, 3);
  const timeOf = (which: 'min' | 'max') =>
    `(SELECT ${which}("at") FROM "events" WHERE "id" / ${BLOCK} = block)`;
  const rows = await manager.query<{ block: number }[]>(
    `WITH RECURSIVE blocks(block) AS (
       SELECT (SELECT ${next}("id") / ${BLOCK} FROM "events" WHERE "id" > ${byAfter})
       UNION ALL
       SELECT (SELECT ${next}("id") / ${BLOCK} FROM "events" WHERE ${isBeyond}) FROM blocks WHERE block IS NOT NULL
     )
     SELECT block FROM blocks WHERE block IS NOT NULL
       AND ${timeOf('max')} >= ${bySince} AND ${timeOf('min')} < ${byUntil} LIMIT 1`,
    [after, since?.getTime() ?? -EVER, until?.getTime() ?? EVER],
  );
  return rows[0]?.block;
}

/** Beyond every time that a row can have. */
const EVER = Number.MAX_SAFE_INTEGER;

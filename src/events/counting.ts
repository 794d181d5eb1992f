import { unreadableTexts } from '../database/unreadable-texts.js';
import { readObject } from '../text/read-json.js';
import type { EventColumns, EventCount, PendingEvent } from './event.entity.js';
import { readStoredData, type StoredData } from './event.js';

/*
 * Which occurrences become events and which are only counted (contract.md §10). Pure: the sequencer reads and writes
 * the tables. It is the only caller, one at a time, so the limits are exact.
 */

/**
 * How occurrences of one type at one subject are counted. Of each period of the clock, the first one is an event, and
 * the others are one more event at the end of the period.
 */
export interface Counting {
  readonly per: 'minute' | 'hour';
  /** What else tells occurrences apart, for example the source of a failed login. */
  readonly by?: string;
  /**
   * How many events of the type and subject a period may have, an even number. What exceeds it is counted together,
   * whatever its `by`.
   */
  readonly limit?: number;
}

/** A user's own updates of `data` alone. */
export const OWN_DATA_UPDATES: Counting = { per: 'minute' };

/** Failed logins of a user from one source. */
export const failedLoginsOfUser = (source: string): Counting => ({ per: 'hour', by: source, limit: 20 });

/** Failed logins from one source at logins that nobody has. The event must have the same subject for all of them. */
export const failedLoginsOfNobody = (source: string): Counting => ({
  per: 'hour',
  by: source,
  limit: 1000,
});

/** Length of the periods, in milliseconds. */
const PERIODS = { minute: 60_000, hour: 3_600_000 } as const;

/** The events of one kind: the first, and the count of the others. */
const EVENTS_PER_COUNT = 2;

/** An event without its id. */
export type UnnumberedEvent = Pick<EventColumns, 'at' | 'type' | 'subject' | 'actorId' | 'data'>;

type Occurrence = Omit<PendingEvent, 'id'>;

/** Counts occurrences, starting from the counts that are stored for their groups. */
export class OccurrenceCounter {
  private readonly groups = new Map<string, Map<string, EventCount>>();
  private readonly changed = new Set<EventCount>();

  constructor(stored: readonly EventCount[]) {
    for (const count of stored) this.groupOf(count.groupKey).set(count.key, count);
  }

  /** The counts that differ from the stored ones. */
  get changedCounts(): readonly EventCount[] {
    return [...this.changed];
  }

  /** Returns whether the occurrence becomes an event of its own. Otherwise it is counted. */
  add(occurrence: Occurrence): boolean {
    const counting = countingOf(occurrence);
    const counted = groupOf(occurrence);
    if (!counting || !counted) return true;
    const { limit, by } = counting;
    const { groupKey, endsAt } = counted;
    const group = this.groupOf(groupKey);
    const own = keyOf(groupKey, by);
    const isOwn = group.has(own) || group.size < mostCounts(limit) - 1;
    const key = isOwn ? own : keyOf(groupKey, undefined);
    const { at, type, subject, actorId, data } = occurrence;
    const count = group.get(key);
    if (!count) {
      const first = { key, groupKey, endsAt, others: 0, at, type, subject, actorId, data };
      group.set(key, first);
      this.changed.add(first);
      return true;
    }
    if (at >= count.at) Object.assign(count, { at, data });
    count.others += 1;
    this.changed.add(count);
    return false;
  }

  private groupOf(key: string): Map<string, EventCount> {
    let group = this.groups.get(key);
    if (!group) this.groups.set(key, (group = new Map<string, EventCount>()));
    return group;
  }
}

const mostCounts = (limit = Infinity) => limit / EVENTS_PER_COUNT;

const keyOf = (groupKey: string, by: string | undefined) =>
  by === undefined ? groupKey : `${groupKey} ${by}`;

/** Returns how an occurrence is counted; undefined: it is an event of its own, or what is stored is not readable. */
function countingOf({ counting, type, subject }: Occurrence): Counting | undefined {
  if (counting === null) return undefined;
  const stored = readObject<Counting>(counting);
  if (stored?.per !== undefined && Object.hasOwn(PERIODS, stored.per)) return stored as Counting;
  unreadableTexts.report(`The counting of ${type} of ${subject}`, 'each of these is an event of its own');
  return undefined;
}

/**
 * Returns the group of an occurrence: its type, its subject and the period of its time. Undefined: it is not counted.
 */
export function groupOf(occurrence: Occurrence): { groupKey: string; endsAt: Date } | undefined {
  const counting = countingOf(occurrence);
  if (!counting) return undefined;
  const { at, type, subject } = occurrence;
  const period = PERIODS[counting.per];
  const endsAt = (Math.floor(at.getTime() / period) + 1) * period;
  return { groupKey: `${endsAt} ${type} ${subject}`, endsAt: new Date(endsAt) };
}

/** Returns the event of a period that has ended; none when it had one occurrence, which is an event already. */
export function countEventOf({ at, type, subject, actorId, data, others }: EventCount): UnnumberedEvent[] {
  if (others === 0) return [];
  const counted: StoredData = { ...readStoredData(data, subject), count: others };
  return [{ at, type, subject, actorId, data: JSON.stringify(counted) }];
}

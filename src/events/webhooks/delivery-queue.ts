/** Milliseconds after the first failed attempt. Each further one doubles the pause. */
const FIRST_PAUSE = 1000;
/**
 * The longest pause, in milliseconds. A receiver that is back after hours has the next attempt within this time, and a
 * subject whose event it refuses costs twelve requests an hour.
 */
const LONGEST_PAUSE = 300_000;
/** A pause is longer or shorter by up to this part, so that subjects do not try in step. */
const JITTER = 0.25;

/** What the queue needs to know of an event. */
export interface QueuedEvent {
  readonly id: number;
  readonly subject: string;
  readonly at: Date;
}

interface Waiting<T> {
  readonly event: T;
  /** When it was read, in milliseconds of the caller's clock. */
  readonly since: number;
}

/** The events of one subject, in order. Only the first is tried. */
interface SubjectQueue<T> {
  readonly events: Waiting<T>[];
  /** Whether the first is being sent. */
  isBusy: boolean;
  /** Failed attempts of the first. */
  failures: number;
  firstFailure: number;
  notBefore: number;
}

/** Returns the pause after so many failed attempts, in milliseconds. `random`: from 0 to 1. */
export function pauseAfter(failures: number, random = Math.random()): number {
  const pause = Math.min(FIRST_PAUSE * 2 ** (failures - 1), LONGEST_PAUSE);
  return pause * (1 - JITTER + 2 * JITTER * random);
}

/**
 * The events that wait for their delivery. Those of one subject are sent one after the other; a subject whose event
 * fails does not hold up the others. It holds no timers: times are in milliseconds of the caller's clock.
 */
export class DeliveryQueue<T extends QueuedEvent> {
  private readonly subjects = new Map<string, SubjectQueue<T>>();
  private count = 0;

  /** How many events wait, those that are being sent included. */
  get size(): number {
    return this.count;
  }

  /** The ids of the events, in order. */
  get ids(): number[] {
    const ids = [...this.subjects.values()].flatMap(({ events }) => events.map(({ event }) => event.id));
    return ids.sort((a, b) => a - b);
  }

  /** When the event was read that waits longest; undefined: none waits. */
  get oldest(): number | undefined {
    let oldest: number | undefined;
    for (const { events } of this.subjects.values())
      if (events[0]) oldest = Math.min(oldest ?? Infinity, events[0].since);
    return oldest;
  }

  /** Adds an event. Its id is greater than those of all before. */
  add(event: T, now: number): void {
    const known = this.subjects.get(event.subject);
    const queue = known ?? { events: [], isBusy: false, failures: 0, firstFailure: 0, notBefore: 0 };
    queue.events.push({ event, since: now });
    // The subject that waits longest is tried first: a map keeps the order.
    if (!known) this.subjects.set(event.subject, queue);
    this.count += 1;
  }

  /** Returns events whose turn has come, up to `most`, and marks them as being sent. */
  take(most: number, now: number): T[] {
    const taken: T[] = [];
    for (const queue of this.subjects.values()) {
      if (taken.length >= most) break;
      const [first] = queue.events;
      if (!first || queue.isBusy || queue.notBefore > now) continue;
      queue.isBusy = true;
      taken.push(first.event);
    }
    return taken;
  }

  /** The event has been delivered. */
  delivered({ subject }: T): void {
    const queue = this.subjects.get(subject);
    if (!queue) return;
    this.removeFirst(subject, queue);
    queue.isBusy = false;
    queue.failures = 0;
    queue.notBefore = 0;
  }

  /** The event has not been delivered: it is tried again after a growing pause. */
  failed({ subject }: T, now: number): void {
    const queue = this.subjects.get(subject);
    if (!queue) return;
    queue.isBusy = false;
    queue.failures += 1;
    if (queue.failures === 1) queue.firstFailure = now;
    queue.notBefore = now + pauseAfter(queue.failures);
  }

  /** Ends the pauses of the subjects that have failed only since `moment`: the receiver is back. */
  retrySince(moment: number): void {
    for (const queue of this.subjects.values()) {
      if (queue.failures === 0 || queue.firstFailure < moment) continue;
      queue.failures = 0;
      queue.notBefore = 0;
    }
  }

  /** Removes the events that happened before `moment`. @returns how many */
  removeBefore(moment: Date): number {
    const before = this.count;
    for (const [subject, queue] of this.subjects)
      while (!queue.isBusy && queue.events[0] && queue.events[0].event.at < moment)
        this.removeFirst(subject, queue);
    return before - this.count;
  }

  private removeFirst(subject: string, queue: SubjectQueue<T>): void {
    queue.events.shift();
    this.count -= 1;
    queue.failures = 0;
    queue.notBefore = 0;
    // Behind the others: a subject with many events does not keep the turns.
    this.subjects.delete(subject);
    if (queue.events.length > 0) this.subjects.set(subject, queue);
  }
}

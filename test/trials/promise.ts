import type { TestContext } from 'vitest';

/** What the service promises to those who run it, in the order of docs/promises.md. */
export const PROMISES = [
  'An acknowledged write is never lost',
  'Nothing is half-done',
  'Concurrent updates merge',
  'No burst beats the lockout',
  'Nobody is kept out',
  'Nobody learns who has an account',
  'Access is exactly the contract',
  'No input breaks it',
  'Load is shed, not suffered',
  'A revoked session ends everywhere within a second',
  'A revoked session ends offline within a second',
  'Every change is an event, once and in order',
  'Every event reaches a webhook, in order',
  'Rows stay bounded',
  'Secrets stay in',
  'Floods are limited',
  'Keys rotate, backups restore',
  'It runs behind PgBouncer',
  'A failover loses nothing',
  'A fault of PostgreSQL is 503 until it is over',
] as const;
/** One of {@link PROMISES}: the title of the `describe` that tries it. */
export type Promised = (typeof PROMISES)[number];

/** What came of a trial, in the words of docs/promises.md. */
export interface Figures {
  /** What was done to the service, and how often: `100 × kill -9 under 32 writers`. */
  readonly tried: string;
  /** What was seen: `41 230 writes acknowledged, none lost`. */
  readonly seen: string;
}

declare module 'vitest' {
  interface TaskMeta {
    /** See {@link note}. */
    figures?: Figures;
  }
}

/** Whether the whole of it runs (`npm run prove`), or the slice that is part of `npm test`. */
export const isWhole = process.env['PROVE'] === 'whole';

/** How often something is tried: in the whole run, and in its slice. */
export const times = (whole: number, slice: number): number => (isWhole ? whole : slice);

/** Notes what a trial saw. Called before the last expectations, so that a broken promise has its figures, too. */
export function note({ task }: Pick<TestContext, 'task'>, figures: Figures): void {
  task.meta.figures = figures;
}

/** A whole number, with a space between thousands. */
export const whole = (count: number): string => Math.round(count).toLocaleString('en').replaceAll(',', ' ');

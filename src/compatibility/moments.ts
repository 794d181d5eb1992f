import { parseMoment } from '../text/moment.js';

/** A number of milliseconds since 1970, as text. */
const MILLISECONDS = /^\s*-?\d{1,32}\s*$/;
/** A date without a time. */
const DATE = /^\d{4}-\d{2}-\d{2}$/;
/** The first and the last moment that ISO 8601 writes with four digits of a year. */
const FIRST = Date.parse('0000-01-01T00:00:00Z');
const LAST = Date.UTC(9999, 11, 31);

/**
 * Reads a moment as the original does (contract.md §9): ISO 8601, in UTC where it has no zone, a date alone, or
 * milliseconds since 1970 as a number or a text. Returns undefined when it is none.
 */
export function readMoment(value: unknown): Date | undefined {
  if (typeof value === 'number') return Number.isInteger(value) ? ofMilliseconds(value) : undefined;
  if (typeof value !== 'string') return undefined;
  if (MILLISECONDS.test(value)) return ofMilliseconds(Number(value));
  return parseMoment(DATE.test(value) ? `${value}T00:00:00Z` : value);
}

const ofMilliseconds = (value: number): Date => new Date(Math.min(Math.max(value, FIRST), LAST));

import { SCHEMA } from '../../app.schema.js';
import { migrationsOf } from '../../database/schema.js';
import { type Diagnosis, error, ok, warning } from './diagnosis.js';

/** Milliseconds by which the clocks of two machines may differ. Tokens and lockouts are judged by the second. */
const UNWISE = 2000;
const WRONG = 60_000;

/** When this version was made at the earliest: the time in the name of its last migration, in milliseconds. */
const MADE = Math.max(...migrationsOf(SCHEMA).map((name) => Number(/\d{10}/.exec(name)?.[0] ?? 0) * 1000));

/** Checks the clock of this machine, in milliseconds, against that of the database, if it has one of its own. */
export function checkClock(now = Date.now(), ofDatabase?: number): Diagnosis {
  if (now < MADE)
    return error('The clock of this machine is wrong: it shows a time before this version was made');
  if (ofDatabase === undefined) return ok('The clock of this machine is not behind');
  const difference = Math.abs(now - ofDatabase);
  const seconds = (difference / 1000).toFixed(1);
  if (difference < UNWISE) return ok('The clocks of this machine and of the database agree');
  const message = `The clocks of this machine and of the database differ by ${seconds} s: synchronise them`;
  return difference < WRONG ? warning(message) : error(message);
}

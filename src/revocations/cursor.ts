import { EPOCH } from '../database/incarnation.js';
import { requestErrors } from '../errors/request.errors.js';

/** Longer than any cursor. */
export const LONGEST_CURSOR = 40;

/** Returns the cursor behind the entry with this number. */
export const cursorOf = (epoch: string, number: number): string => `${epoch}.${number}`;

/**
 * Returns the number of the entry that a cursor is behind.
 *
 * @param field what the client sent it as
 * @param last the greatest number that has been given
 * @throws {ApiError} 400 when it is no cursor; 410 when it is one of another database, or from before a restore
 */
export function numberIn(
  cursor: string,
  { field, epoch, last }: { readonly field: string; readonly epoch: string; readonly last: number },
): number {
  const [of = '', number = '', ...rest] = cursor.split('.');
  if (!EPOCH.test(of) || !/^(?:0|[1-9]\d{0,14})$/.test(number) || rest.length > 0)
    throw requestErrors.invalidParameters([{ field, message: `${field} must be a cursor that was given` }]);
  if (of !== epoch || Number(number) > last) throw requestErrors.cursorGone();
  return Number(number);
}

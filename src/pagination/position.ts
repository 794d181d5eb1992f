import { requestErrors } from '../errors/request.errors.js';
import { isStorableText } from '../text/storable-text.js';

/** The order of a list: by id, or by the list's key and then by id, because rows may share a key. */
export interface Order {
  readonly byKey: boolean;
  readonly direction: 'ASC' | 'DESC';
}

/** A place in an order: that of a row, whether or not the row still exists. */
export interface Position {
  readonly id: number;
  /** The row's key; empty where the order is by id. */
  readonly key: string;
}

/**
 * Returns the value of `after` for the rows behind `position`: the id, or where the order is by key an opaque text. It
 * holds the key, so that a row that has been renamed or deleted breaks nothing. `list` is the name of the list.
 */
export function toAfter({ id, key }: Position, { byKey }: Order, list: string): string {
  return byKey ? Buffer.from(JSON.stringify([list, key, id])).toString('base64url') : String(id);
}

/** Reads a value of {@link toAfter}. @throws {ApiError} 400 when it is none of this list and order */
export function fromAfter(after: string, { byKey }: Order, list: string): Position {
  const position = byKey ? ofText(after, list) : ofId(after);
  if (position) return position;
  const message = byKey ? 'after must come from a Link of the same list and sort' : 'after must be an id';
  throw requestErrors.invalidParameters([{ field: 'after', message }]);
}

function ofId(text: string): Position | undefined {
  const id = /^\d{1,16}$/.test(text) ? Number(text) : NaN;
  return Number.isSafeInteger(id) ? { id, key: '' } : undefined;
}

function ofText(text: string, list: string): Position | undefined {
  try {
    const json = Buffer.from(text, 'base64url').toString();
    const [name, key, id, ...rest] = JSON.parse(json) as unknown[];
    if (name !== list || typeof key !== 'string' || typeof id !== 'number' || rest.length > 0)
      return undefined;
    const position = { id, key };
    // One text for each position. PostgreSQL cannot compare NUL, and a lone surrogate is no text.
    const isOurs = toAfter(position, { byKey: true, direction: 'ASC' }, list) === text;
    return isOurs && Number.isSafeInteger(id) && id > 0 && isStorableText(key) ? position : undefined;
  } catch {
    return undefined;
  }
}

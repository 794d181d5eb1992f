import { requestErrors } from '../errors/request.errors.js';
import { type Field, type Fields, fieldsOf, isWritable, type StoredRecord, storedValueOf } from './field.js';

/** Creates the base class of an entity, with one column for each stored field. */
export function storedFields<const F extends Fields>(fields: F): abstract new () => StoredRecord<F> {
  abstract class Stored {}
  for (const [name, { type, stored }] of fieldsOf(fields)) {
    if (!stored) continue;
    if (!type.column) throw new Error(`The field ${name} is stored, and its type has no column`);
    type.column(columnNameOf(name))(Stored.prototype, name);
  }
  return Stored as abstract new () => StoredRecord<F>;
}

/** Returns the column values of a request: the stored form of each present field that has a column. */
export function storedValues<const F extends Fields>(
  fields: F,
  body: Readonly<Partial<Record<keyof F, unknown>>>,
): Partial<StoredRecord<F>> {
  const values: Record<string, unknown> = {};
  for (const [name, field] of fieldsOf(fields)) {
    const value = body[name];
    if (!field.stored || !isWritable(field) || value === undefined) continue;
    values[name] = field.type.toStored ? field.type.toStored(value) : value;
  }
  return values as Partial<StoredRecord<F>>;
}

/** What becomes of a value that a request sends: it replaces the stored one, or `PATCH` merges it (RFC 7396). */
export type UpdateMethod = 'replace' | 'merge';

/**
 * Returns the column values of a request that differ from those of the record: a field with its current value is no
 * change (contract.md §3).
 *
 * @throws {ApiError} 400 for a merged value that is not allowed
 */
export function changedValues<const F extends Fields>(
  fields: F,
  record: Readonly<StoredRecord<F>>,
  body: Readonly<Partial<Record<keyof F, unknown>>>,
  method: UpdateMethod,
): Partial<StoredRecord<F>> {
  const values: Record<string, unknown> = {};
  for (const named of fieldsOf(fields)) {
    const [name, field] = named;
    const sent = body[name];
    if (!field.stored || !isWritable(field) || sent === undefined) continue;
    const { type } = field;
    const stored = storedValueOf(record, named);
    const value = valueAfter(type, sent, stored, method);
    if (isStored(type, value, stored)) continue;
    const fault = method === 'merge' && type.merge?.faultOf(value, name);
    if (fault) throw requestErrors.invalidFields([{ field: name, message: fault }]);
    values[name] = type.toStored ? type.toStored(value) : value;
  }
  return values as Partial<StoredRecord<F>>;
}

/**
 * Whether a field has, after a request, the value that the record has now. `sent` is the value before it is validated.
 * False for a field that nobody may write or that is not stored, such as a password: an omission fails closed.
 */
export function isUnchanged<const F extends Fields>(
  fields: F,
  record: Readonly<StoredRecord<F>>,
  { name, sent, method }: { readonly name: string; readonly sent: unknown; readonly method: UpdateMethod },
): boolean {
  const field = Object.hasOwn(fields, name) ? fields[name] : undefined;
  if (!field?.stored || !isWritable(field)) return false;
  const stored = storedValueOf(record, [name, field]);
  return isStored(field.type, valueAfter(field.type, sent, stored, method), stored);
}

const isStored = (type: Field['type'], value: unknown, stored: unknown): boolean =>
  type.isStored ? type.isStored(value, stored) : value === stored;

const valueAfter = (type: Field['type'], sent: unknown, stored: unknown, method: UpdateMethod): unknown =>
  method === 'merge' && type.merge ? type.merge.apply(sent, stored) : sent;

/** Returns the default column values of a new record. */
export function defaultValues<const F extends Fields>(fields: F): Partial<StoredRecord<F>> {
  const defaults = fieldsOf(fields).map(([name, field]) => [name, field.default] as const);
  return storedValues(fields, Object.fromEntries(defaults) as Partial<Record<keyof F, unknown>>);
}

/** Converts a field name to a column name: `introReviewed` to `intro_reviewed`. */
const columnNameOf = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

import { type Fields, fieldsOf, isWritable, type StoredRecord } from './field.js';

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

/** Returns the default column values of a new record. */
export function defaultValues<const F extends Fields>(fields: F): Partial<StoredRecord<F>> {
  const defaults = fieldsOf(fields).map(([name, field]) => [name, field.default] as const);
  return storedValues(fields, Object.fromEntries(defaults) as Partial<Record<keyof F, unknown>>);
}

/** Converts a field name to a column name: `introReviewed` to `intro_reviewed`. */
const columnNameOf = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

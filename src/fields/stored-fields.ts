import { type Fields, fieldsOf, isWritable, type StoredRecord } from './field.js';

/** The base class of an entity: one column for each field that is stored. */
export function storedFields<const F extends Fields>(fields: F): abstract new () => StoredRecord<F> {
  abstract class Stored {}
  for (const [name, { type, stored }] of fieldsOf(fields)) {
    if (!stored) continue;
    if (!type.column) throw new Error(`The field ${name} is stored, and its type has no column`);
    type.column(columnNameOf(name))(Stored.prototype, name);
  }
  return Stored as abstract new () => StoredRecord<F>;
}

/** What a request stores: of the fields that it holds and that have a column, the stored form. */
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

/** The stored form of the defaults of a new record. */
export function defaultValues<const F extends Fields>(fields: F): Partial<StoredRecord<F>> {
  const defaults = fieldsOf(fields).map(([name, field]) => [name, field.default] as const);
  return storedValues(fields, Object.fromEntries(defaults) as Partial<Record<keyof F, unknown>>);
}

/** `introReviewed` is stored in `intro_reviewed`. */
const columnNameOf = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

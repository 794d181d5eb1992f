import type { ApiPropertyOptions } from '@nestjs/swagger';

/**
 * The type of a field's values: `V` in requests and responses, `S` in the database. The two differ where a value is
 * stored in another form.
 */
export interface FieldType<V, S = V> {
  /** Validators of a value in a request. They run in order, up to the first that fails. */
  readonly validation: readonly PropertyDecorator[];
  /** The schema of the value in the OpenAPI document. */
  readonly schema: ApiPropertyOptions;
  /** Additional schema of requests. Not for responses: a stored value may be older than a rule. */
  readonly requestSchema?: Pick<ApiPropertyOptions, 'minLength' | 'maxLength' | 'pattern'>;
  /** Makes a property of an entity the column of this name. Absent: values of this type are not stored. */
  readonly column?: (name: string) => PropertyDecorator;
  /** The stored form of a value; absent: the value itself. */
  toStored?(value: V): S;
  /**
   * What a stored form of the record `id` counts as, wherever it is read: a row may have been written by other means.
   * Absent: every stored form is readable.
   */
  readStored?(stored: S, id: number): S;
  /** The value of a stored form; absent: the stored form itself. */
  fromStored?(stored: S): V;
  /**
   * Whether a value, as it was sent and before it is validated, is the stored one. One of another type never is. Absent:
   * the two are compared with `===`.
   */
  isStored?(sent: unknown, stored: S): boolean;
  /** How `PATCH` merges values of this type; absent: they are replaced, as by `PUT`. */
  readonly merge?: FieldMerge<V, S>;
}

/** How the value that `PATCH` sends is merged into the stored one. */
export interface FieldMerge<V, S> {
  /** Validators of the value that is sent, instead of those of the type. */
  readonly validation: readonly PropertyDecorator[];
  /** Merges a value, which may be one that is not valid: it is then returned as it is. */
  apply(sent: V, stored: S): V;
  /** Returns the message for a merged value that is not allowed, although what was sent is. */
  faultOf(merged: V, name: string): string | undefined;
}

/**
 * One field of a record, declared once: the DTOs, the field policy, the views, the entity, the OpenAPI document and
 * the backup are derived from it.
 */
export interface Field<V = unknown, S = unknown, View extends string = string> {
  readonly type: FieldType<V, S>;
  /** For the OpenAPI document. */
  readonly description: string;
  /** An example for the OpenAPI document. */
  readonly example?: unknown;
  /** Whether the entity has a column for it. */
  readonly stored: boolean;
  /**
   * Who may write it. `nobody`: read-only; requests may contain it, and it is ignored, so that a client can send back
   * the response of GET. `administrators`: only administrators. `clients`: administrators, and clients in their own
   * record if the settings allow it. A field without this property is denied to everyone.
   */
  readonly writableBy: 'nobody' | 'administrators' | 'clients';
  /** Whether the field is required, optional or unknown in a request that creates a record. */
  readonly onCreate: 'required' | 'optional' | 'unknown';
  /** Its value in a new record if the request does not contain it. */
  readonly default?: V;
  /** The views that show it. */
  readonly shownIn: readonly View[];
}

/** The fields of a record, by name, in the order in which views show them. */
export type Fields = Readonly<Record<string, Field>>;

type Name<F> = keyof F & string;
type NamesWhere<F, Condition> = { [N in Name<F>]: F[N] extends Condition ? N : never }[Name<F>];

/** The value of a field in requests and responses. */
export type ValueOf<F> = F extends { readonly type: FieldType<infer V, infer _> } ? V : never;
/** The value of a field in the database. */
export type StoredOf<F> = F extends { readonly type: FieldType<infer _, infer S> } ? S : never;

interface Writable {
  readonly writableBy: 'administrators' | 'clients';
}
type Required<F> = NamesWhere<F, Writable & { readonly onCreate: 'required' }>;
type Optional<F> = NamesWhere<F, Writable & { readonly onCreate: 'optional' }>;

/** The body of a request that creates a record. */
export type CreateBody<F> = { [N in Required<F>]: ValueOf<F[N]> } & { [N in Optional<F>]?: ValueOf<F[N]> };
/** The body of a request that updates a record: an absent field stays unchanged. */
export type UpdateBody<F> = { [N in NamesWhere<F, Writable>]?: ValueOf<F[N]> };
/** The names of the fields that have a column. */
export type StoredName<F> = NamesWhere<F, { readonly stored: true }>;
/** A record as it is stored. */
export type StoredRecord<F> = { -readonly [N in StoredName<F>]: StoredOf<F[N]> };
/** The names of the fields that a view shows. */
export type ShownName<F, View> = {
  [N in Name<F>]: F[N] extends { readonly shownIn: readonly (infer Views)[] }
    ? View extends Views
      ? N
      : never
    : never;
}[Name<F>];
/** The fields of a record in a view. */
export type ViewOf<F, View> = { [N in ShownName<F, View>]: ValueOf<F[N]> };

/** A declared field with its name. */
export type NamedField = readonly [name: string, field: Fields[string]];

/** Returns what a record has stored for a field, as it counts: see {@link FieldType.readStored}. */
export function storedValueOf<const F extends Fields>(
  record: Readonly<StoredRecord<F>>,
  [name, { type }]: NamedField,
): unknown {
  const stored: unknown = record[name as keyof StoredRecord<F>];
  return type.readStored ? type.readStored(stored, (record as { id?: number }).id ?? 0) : stored;
}

/** The declared fields, in their order. */
export const fieldsOf = (fields: Fields): readonly NamedField[] => Object.entries(fields);

/** Whether anyone may write a field. False where the declaration does not say so: an omission fails closed. */
export const isWritable = ({ writableBy }: Partial<Field>): boolean =>
  writableBy === 'administrators' || writableBy === 'clients';

/** Returns the names of the fields that satisfy `condition`. */
export const namesWhere = (
  fields: Fields,
  condition: (field: Fields[string]) => boolean,
): readonly string[] =>
  fieldsOf(fields)
    .filter(([, field]) => condition(field))
    .map(([name]) => name);

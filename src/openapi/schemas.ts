/** Parts of schemas that several rooms use. */

/** An id: a positive safe integer. */
export const ID_SCHEMA = {
  type: 'integer',
  format: 'int64',
  minimum: 1,
  maximum: Number.MAX_SAFE_INTEGER,
} as const;

/** A text without NUL, which PostgreSQL cannot store. */
export const TEXT_PATTERN = String.raw`^[^\x00]*$`;

/** Where {@link named} leaves a schema, until `refineSchemas` moves it to the components. */
export const NAMED = 'x-named-schema';

/** A schema that the document names, so that every generated client has one type for it. */
export interface NamedSchema {
  readonly name: string;
  readonly schema: object;
}

/** Names the schema of a value. A description or an example beside it is left out of the document. */
export const named = (name: string, schema: object) => ({ [NAMED]: { name, schema } satisfies NamedSchema });

/** An enumeration that the document names. */
export interface NamedEnum {
  readonly name: string;
  readonly type: 'integer' | 'string';
  readonly enum: readonly (number | string)[];
  readonly description: string;
  /** Names of the values in generated code. No name is that of another type. Absent: the values are their own names. */
  readonly names?: readonly string[];
}

/** The schema of a value of a named enumeration. */
export function namedEnum({ name, names, ...schema }: NamedEnum) {
  return {
    ...schema,
    enum: [...schema.enum],
    ...named(name, { ...schema, ...(names && { 'x-enum-varnames': names, 'x-enumNames': names }) }),
  };
}

/** Returns a part of a pattern that matches any of some words, in any case: patterns of a document have no flags. */
export const anyCaseOf = (words: readonly string[]): string =>
  `(?:${words.map((word) => word.replaceAll(/[a-z]/gi, (letter) => `[${letter.toUpperCase()}${letter.toLowerCase()}]`)).join('|')})`;

/** Returns the pattern of a password at a sign-in: not blank, unless it has the `least` length of a new password. */
export const passwordOfSignIn = (least: number): string => String.raw`\S|[\s\S]{${least}}`;

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

/** Where {@link namedEnum} leaves its definition in a schema, until `refineSchemas` moves it to the components. */
export const NAMED_ENUM = 'x-named-enum';

/** An enumeration that the document names, so that every generated client has one type for it. */
export interface NamedEnum {
  readonly name: string;
  readonly type: 'integer' | 'string';
  readonly enum: readonly (number | string)[];
  readonly description: string;
  /** Names of the values in generated code. No name is that of another type. Absent: the values are their own names. */
  readonly names?: readonly string[];
}

/** The schema of a value of a named enumeration. */
export const namedEnum = (definition: NamedEnum) => ({
  type: definition.type,
  enum: [...definition.enum],
  description: definition.description,
  [NAMED_ENUM]: definition,
});

/** Returns a pattern that matches any of some words, in any case. */
export const anyCaseOf = (words: readonly string[]): string =>
  `^(?:${words.map((word) => word.replaceAll(/[a-z]/gi, (letter) => `[${letter.toUpperCase()}${letter.toLowerCase()}]`)).join('|')})$`;

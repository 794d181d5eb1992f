import { IsBoolean, IsIn, ValidateBy, ValidateIf } from 'class-validator';
import { Column, PrimaryGeneratedColumn } from 'typeorm';
import { timestamp } from '../database/timestamp.js';
import { ID_SCHEMA, type namedEnum, TEXT_PATTERN } from '../openapi/schemas.js';
import { JsonText } from '../text/json-text.js';
import { isSameJson, mergePatch, parseTree } from '../text/json-tree.js';
import { parseTimestamp } from '../text/moment.js';
import { StorableText } from '../text/storable-text.js';
import { AsSent } from './as-sent.js';
import type { FieldType } from './field.js';
import { IsId } from './is-id.js';
import { ReadableJson } from './readable-json.js';

const IsMomentOrNull = () =>
  ValidateBy({
    name: 'isMomentOrNull',
    validator: {
      validate: (value: unknown) =>
        value === null || (typeof value === 'string' && parseTimestamp(value) !== undefined),
      defaultMessage: (validation) =>
        `${validation?.property} must be a timestamp such as 2026-01-31T12:00:00.000Z, or null`,
    },
  });

/** The id of a record, given by the database. */
export const id = (): FieldType<number> => ({
  validation: [IsId()],
  schema: ID_SCHEMA,
  column: () => PrimaryGeneratedColumn(),
});

/** A text of `least` to `most` characters, or null. */
export const textOrNull = (least: number, most: number): FieldType<string | null> => ({
  validation: [ValidateIf((_, value) => value !== undefined && value !== null), StorableText(least, most)],
  schema: { type: String, nullable: true },
  requestSchema: { minLength: least, maxLength: most, pattern: TEXT_PATTERN },
  column: (name) => Column('text', { name, nullable: true }),
});

/** `true` or `false`. */
export const flag = (): FieldType<boolean> => ({
  validation: [IsBoolean({ message: ({ property }) => `${property} must be true or false` })],
  schema: { type: Boolean },
  column: (name) => Column('boolean', { name }),
});

/** One of a few numbers; `message` says which, and what they mean. */
export const oneOf = <N extends number>(
  schema: ReturnType<typeof namedEnum>,
  message: string,
): FieldType<N> => ({
  validation: [IsIn(schema.enum, { message })],
  schema,
  column: (name) => Column('int', { name }),
});

/** A moment, or null: ISO 8601 in responses, milliseconds in the database. */
export const momentOrNull = (): FieldType<Date | null> => ({
  validation: [IsMomentOrNull()],
  schema: { type: String, format: 'date-time', nullable: true },
  column: (name) => Column('bigint', { name, nullable: true, transformer: timestamp }),
});

/** Maximum depth of a JSON merge patch: of objects and arrays in one another. */
const DEEPEST_PATCH = 64;

/**
 * A JSON object as the text that was sent, of at most `mostBytes`, or null. `PATCH` merges it (RFC 7396): null clears it,
 * and an object is merged into the stored one, or into `{}`. A stored text that is no JSON object counts as null.
 *
 * @param nameOf names the text of a record for the log, such as `The data of user 7`
 */
export const jsonObjectOrNull = (
  mostBytes: number,
  nameOf: (id: number) => string,
): FieldType<JsonText | null, string | null> => {
  const readable = new ReadableJson(nameOf);
  const tooLarge = (name: string) => `${name} can have at most ${mostBytes / 1024} KiB`;
  return {
    validation: jsonObjectWithin(({ bytes }) => bytes <= mostBytes, tooLarge),
    schema: { type: 'object', additionalProperties: true, nullable: true },
    column: (name) => Column('text', { name, nullable: true }),
    toStored: (value) => value?.text ?? null,
    readStored: (stored, id) => readable.orNull(stored, id),
    fromStored: (stored) => (stored === null ? null : new JsonText(stored)),
    isStored: (sent, stored) =>
      sent instanceof JsonText
        ? stored !== null && isSameJson(sent.text, stored)
        : sent === null && stored === null,
    merge: {
      validation: jsonObjectWithin(
        ({ text }) => parseTree(text).depth <= DEEPEST_PATCH,
        (name) => `${name} can be merged to a depth of ${DEEPEST_PATCH} levels`,
      ),
      apply: (sent, stored) =>
        sent instanceof JsonText ? new JsonText(mergePatch(stored ?? '{}', sent.text)) : sent,
      faultOf: (merged, name) => (merged && merged.bytes > mostBytes ? tooLarge(name) : undefined),
    },
  };
};

/** The validators of a JSON object that `isWithin` a limit, or null. */
function jsonObjectWithin(
  isWithin: (value: JsonText) => boolean,
  messageFor: (property: string) => string,
): PropertyDecorator[] {
  const isObject = (value: unknown): value is JsonText =>
    value instanceof JsonText && value.text.startsWith('{');
  return [
    AsSent(),
    ValidateBy({
      name: 'isJsonObject',
      validator: {
        validate: (value: unknown) => value === null || (isObject(value) && isWithin(value)),
        defaultMessage: (validation) =>
          isObject(validation?.value)
            ? messageFor(validation.property)
            : `${validation?.property} must be a JSON object or null`,
      },
    }),
  ];
}

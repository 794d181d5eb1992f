import { Transform } from 'class-transformer';
import { IsDate, IsIn, IsInt, IsString, Matches, Max, MaxLength, Min, ValidateIf } from 'class-validator';
import { applyDecorators } from '@nestjs/common';
import { ApiProperty, type ApiPropertyOptions } from '@nestjs/swagger';
import { STRICT_LIST_RULES } from '../dialect/list-rules.js';
import { anyCaseOf, type namedEnum, TEXT_PATTERN } from '../openapi/schemas.js';
import { parseTimestamp } from '../text/moment.js';

/** Maximum length of `after`, in characters: a key is at most 128 characters, escaped in JSON and then in base64. */
const AFTER_MAX = 4096;

const LARGEST_INT32 = 2 ** 31 - 1;

const absentOr = () => ValidateIf((_, value) => value !== undefined);

/** The rules of an optional integer. */
const anyInteger = () =>
  applyDecorators(
    Transform(({ value }: { value: unknown }) =>
      typeof value === 'string' && /^\d{1,16}$/.test(value) ? Number(value) : value,
    ),
    absentOr(),
    IsInt({ message: ({ property }) => `${property} must be an integer` }),
  );

/** An optional query parameter that is an integer from `least` to `most`. */
export const QueryInteger = (description: string, least: number, most: number, byDefault?: number) =>
  applyDecorators(
    anyInteger(),
    Min(least, { message: ({ property }) => `${property} must be from ${least} to ${most}` }),
    Max(most, { message: ({ property }) => `${property} must be from ${least} to ${most}` }),
    ApiProperty({
      description: byDefault === undefined ? description : `${description} Absent: ${byDefault}.`,
      type: 'integer',
      format: most > LARGEST_INT32 ? 'int64' : 'int32',
      minimum: least,
      maximum: most,
      required: false,
    }),
  );

/** An optional text query parameter. NUL is rejected, because PostgreSQL cannot store it. */
export const QueryText = (description: string, mostCharacters = 256) =>
  applyDecorators(
    absentOr(),
    IsString({ message: ({ property }) => `${property} must be given once` }),
    MaxLength(mostCharacters, {
      message: ({ property }) => `${property} can have at most ${mostCharacters} characters`,
    }),
    Matches(/^[^\0]*$/, { message: ({ property }) => `${property} must not contain NUL` }),
    ApiProperty({
      description,
      type: String,
      maxLength: mostCharacters,
      pattern: TEXT_PATTERN,
      required: false,
    }),
  );

/** A pattern of the property `what` (like-pattern.ts). */
export const QueryPattern = (what: string) =>
  QueryText(
    `An SQL LIKE pattern of the ${what}, ignoring case: \`%\` any text, \`_\` any character; \`\\\` escapes them and ` +
      `itself, and stands for itself before anything else. Wins over \`${what}\`.`,
  );

/** The size of a page. The document takes its range from the rules of lists (refine-requests.ts). */
const QueryTake = () =>
  applyDecorators(
    anyInteger(),
    ApiProperty({
      description: 'How many at most.',
      type: 'integer',
      format: 'int32',
      minimum: STRICT_LIST_RULES.leastTake,
      maximum: STRICT_LIST_RULES.mostTake,
      required: false,
    }),
  );

const isOneOf = (choices: readonly (string | number)[]) =>
  applyDecorators(
    absentOr(),
    IsIn(choices, { message: ({ property }) => `${property} must be one of ${choices.join(', ')}` }),
  );

/** An optional query parameter that is one of `choices`. */
export const QueryChoice = (
  description: string,
  choices: readonly string[],
  schema: ApiPropertyOptions = { enum: [...choices] },
) =>
  applyDecorators(
    isOneOf(choices),
    ApiProperty({ ...schema, description, required: false } as ApiPropertyOptions),
  );

/** What a list is sorted by, or in which direction: one of `choices`, in any case. */
export const QuerySort = (choices: readonly string[], what = 'What to sort by') =>
  applyDecorators(
    Transform(({ value }: { value: unknown }) =>
      typeof value === 'string'
        ? (choices.find((choice) => choice.toLowerCase() === value.toLowerCase()) ?? value)
        : value,
    ),
    isOneOf(choices),
    ApiProperty({
      description: `${what}: \`${choices.join('` or `')}\`, in any case. Absent: \`${choices[0]}\`.`,
      type: String,
      maxLength: Math.max(...choices.map(({ length }) => length)),
      pattern: `^${anyCaseOf(choices)}$`,
      required: false,
    }),
  );

/** An optional query parameter that is one value of a named enumeration of numbers. */
export const QueryEnum = (description: string, schema: ReturnType<typeof namedEnum>) =>
  applyDecorators(
    anyInteger(),
    isOneOf(schema.enum),
    ApiProperty({ ...schema, description, required: false }),
  );

/** Parses a timestamp. Returns anything else unchanged. */
const toTimestamp = (value: unknown) =>
  typeof value === 'string' ? (parseTimestamp(value) ?? value) : value;

/** An optional query parameter that is a timestamp of RFC 3339. */
export const QueryTimestamp = (description: string) =>
  applyDecorators(
    Transform(({ value }: { value: unknown }) => toTimestamp(value)),
    absentOr(),
    IsDate({
      message: ({ property }) => `${property} must be a timestamp such as 2026-01-31T12:00:00.000Z`,
    }),
    ApiProperty({
      // No `example`: Swagger UI would send it.
      description: `${description} Such as \`2026-01-31T12:00:00.000Z\`.`,
      type: String,
      format: 'date-time',
      required: false,
    }),
  );

/** The pagination parameters of a list (contract.md §3, `GET /user`). */
export abstract class PageQuery {
  /** `ID`, or the name of the key of the list. */
  abstract sortField: string;

  @QuerySort(['ASC', 'DESC'], 'The direction of the sort')
  sortOrder: 'ASC' | 'DESC' = 'ASC';

  @QueryTake()
  take?: number;

  @QueryInteger(
    'How many to leave out from the start. Grows slower with depth; `after` does not.',
    0,
    Number.MAX_SAFE_INTEGER,
  )
  skip?: number;

  @QueryText(
    'The page begins behind this row: an id where the sort is by `ID`, else the value that `Link` gives. Excludes `skip`.',
    AFTER_MAX,
  )
  after?: string;
}

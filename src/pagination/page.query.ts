import { Transform } from 'class-transformer';
import {
  IsDate,
  IsIn,
  IsInt,
  isISO8601,
  IsString,
  Matches,
  Max,
  MaxLength,
  Min,
  ValidateIf,
} from 'class-validator';
import { applyDecorators } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';

/** Maximum page size, in rows. */
const PAGE_MAX = 10_000;
/** Default page size, in rows. */
const PAGE_DEFAULT = 100;

const absentOr = () => ValidateIf((_, value) => value !== undefined);

/** An optional query parameter that is an integer from `least` to `most`. */
export const QueryInteger = (description: string, least: number, most: number, byDefault?: number) =>
  applyDecorators(
    Transform(({ value }: { value: unknown }) =>
      typeof value === 'string' && /^\d{1,16}$/.test(value) ? Number(value) : value,
    ),
    absentOr(),
    IsInt({ message: ({ property }) => `${property} must be an integer` }),
    Min(least, { message: ({ property }) => `${property} must be from ${least} to ${most}` }),
    Max(most, { message: ({ property }) => `${property} must be from ${least} to ${most}` }),
    ApiProperty({
      description,
      type: 'integer',
      minimum: least,
      maximum: most,
      default: byDefault,
      required: false,
    }),
  );

/** An optional text query parameter. NUL is rejected, because PostgreSQL cannot store it. */
export const QueryText = (description: string) =>
  applyDecorators(
    absentOr(),
    IsString({ message: ({ property }) => `${property} must be given once` }),
    MaxLength(256, { message: ({ property }) => `${property} can have at most 256 characters` }),
    Matches(/^[^\0]*$/, { message: ({ property }) => `${property} must not contain NUL` }),
    ApiProperty({ description, type: String, maxLength: 256, required: false }),
  );

/** An optional query parameter that is one of `choices`, in any case. The documented default is the first of them. */
export const QueryChoice = (
  description: string,
  choices: readonly string[],
  { byDefault }: { byDefault: string | undefined } = { byDefault: choices[0] },
) =>
  applyDecorators(
    Transform(({ value }: { value: unknown }) =>
      typeof value === 'string'
        ? (choices.find((choice) => choice.toLowerCase() === value.toLowerCase()) ?? value)
        : value,
    ),
    absentOr(),
    IsIn(choices, { message: ({ property }) => `${property} must be one of ${choices.join(', ')}` }),
    ApiProperty({ description, enum: choices, default: byDefault, required: false }),
  );

const ZONED = /T.*(?:Z|[+-]\d\d:?\d\d)$/;

/** Parses a timestamp of ISO 8601 with a time zone. Returns anything else unchanged. */
const toTimestamp = (value: unknown) =>
  typeof value === 'string' && ZONED.test(value) && isISO8601(value, { strict: true, strictSeparator: true })
    ? new Date(value)
    : value;

/** An optional query parameter that is a timestamp of ISO 8601 with a time zone. */
export const QueryTimestamp = (description: string) =>
  applyDecorators(
    Transform(({ value }: { value: unknown }) => toTimestamp(value)),
    absentOr(),
    IsDate({
      message: ({ property }) => `${property} must be a timestamp such as 2026-01-31T12:00:00.000Z`,
    }),
    ApiProperty({
      description,
      type: String,
      format: 'date-time',
      example: '2026-01-31T12:00:00.000Z',
      required: false,
    }),
  );

/** The pagination parameters of a list (contract.md §3, `GET /user`). */
export abstract class PageQuery {
  @QueryChoice('The direction of the sort; in any case.', ['ASC', 'DESC'])
  sortOrder: 'ASC' | 'DESC' = 'ASC';

  @QueryInteger('How many at most.', 1, PAGE_MAX, PAGE_DEFAULT)
  take: number = PAGE_DEFAULT;

  @QueryInteger(
    'How many to leave out from the start. Grows slower with depth; `after` does not.',
    0,
    Number.MAX_SAFE_INTEGER,
  )
  skip?: number;

  @QueryInteger(
    'An id: the page begins behind it, in the order of ids. Excludes `skip` and a sort by anything else.',
    0,
    Number.MAX_SAFE_INTEGER,
  )
  after?: number;
}

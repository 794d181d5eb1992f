import { Transform } from 'class-transformer';
import { IsArray, ValidateBy, ValidateIf } from 'class-validator';
import { applyDecorators } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import {
  type Action,
  ACTION_SCHEMA,
  ACTIONS,
  nameOfAction,
  parseAction,
} from '../../authorization/action.js';
import type { Ids } from '../../authorization/grant.js';
import { isId } from '../../fields/is-id.js';
import { ID_SCHEMA, named, TEXT_PATTERN } from '../../openapi/schemas.js';
import { parseTimestamp } from '../../text/moment.js';
import { StorableText } from '../../text/storable-text.js';

/** Maximum number of ids in a list: the session stores them. */
export const MOST_IDS = 1000;
/** The latest expiry of a token, in milliseconds since 1970. */
const LATEST = Date.UTC(9999, 11, 31);

/** May be absent or null. */
const MayBeNull = () => ValidateIf((_, value) => value !== undefined && value !== null);

/** An item that could not be parsed. Kept so that the validation error can name it. */
class Unreadable {
  constructor(readonly item: unknown) {}
}

const isUnreadable = (item: unknown): item is Unreadable => item instanceof Unreadable;

/** Actions by name, or by number as text, in the OpenAPI document. */
const ACTION_PATTERN = `^(?:${ACTIONS.flatMap((action) => [action, nameOfAction(action).replace('*', '[*]')]).join('|')})$`;
const LONGEST_ACTION = Math.max(...ACTIONS.map((action) => nameOfAction(action).length));
/** An id as text: at most 15 digits behind zeros, so that each is a safe integer. */
const ID_TEXT = '0*[1-9][0-9]{0,14}';
const ID_TEXT_PATTERN = new RegExp(`^${ID_TEXT}$`);

const SCOPE_IDS = named('ScopeIds', {
  description: 'Ids as texts or numbers, or `*` for all. Absent or null: none, for administrators too.',
  oneOf: [
    {
      type: 'array',
      maxItems: MOST_IDS,
      items: { anyOf: [{ type: 'string', pattern: `^(?:[*]|${ID_TEXT})$` }, ID_SCHEMA] },
    },
    { type: 'string', enum: ['*'] },
    { type: 'null' },
  ],
  example: ['1', '2'],
});

const ActionsField = () =>
  applyDecorators(
    Transform(({ value }: { value: unknown }) =>
      asList(value, (item) => parseAction(item) ?? new Unreadable(item)),
    ),
    MayBeNull(),
    IsArray({ message: 'actions must be a list of actions' }),
    EachReadable('is no action'),
    ApiProperty({
      description:
        'Actions by name or number; absent or null: none. `*`: every action that the role of the user has.',
      type: 'array',
      items: {
        anyOf: [{ type: 'string', maxLength: LONGEST_ACTION, pattern: ACTION_PATTERN }, ACTION_SCHEMA],
      },
      nullable: true,
      required: false,
      example: ['GetDevice', 'GetNetwork'],
    }),
  );

const IdsField = () =>
  applyDecorators(
    Transform(({ value }: { value: unknown }) => {
      const list = asList(value, parseScopeId);
      const isAll = Array.isArray(list) && list.includes('*') && !list.some(isUnreadable);
      return isAll ? '*' : list;
    }),
    ValidateIf((_, value) => value !== undefined && value !== null && value !== '*'),
    IsArray({ message: ({ property }) => `${property} must be a list of ids, or "*"` }),
    EachReadable('is no id'),
    ApiProperty({ ...SCOPE_IDS, required: false }),
  );

const MomentField = (description: string) =>
  applyDecorators(
    // A date comes from the dialect: it may have passed.
    Transform(({ value }: { value: unknown }) => (typeof value === 'string' ? parseFuture(value) : value)),
    MayBeNull(),
    ValidateBy({
      name: 'isFuture',
      validator: {
        validate: (value: unknown) => value instanceof Date,
        defaultMessage: (validation) => `${validation?.property} must be a moment to come, in ISO 8601`,
      },
    }),
    ApiProperty({
      description,
      type: String,
      format: 'date-time',
      nullable: true,
      required: false,
      example: '2031-01-31T12:00:00.000Z',
    }),
  );

/** A positive integer, or a bigint: the dialect's word for an integer that is the id of no user. */
function IsUserId(): PropertyDecorator {
  return ValidateBy({
    name: 'isUserId',
    validator: {
      validate: (value: unknown) => typeof value === 'bigint' || isId(value),
      defaultMessage: () => 'userId must be a positive integer',
    },
  });
}

/** The body of `POST /token/create` (contract.md §5). */
export class CreateTokenDto {
  @IsUserId()
  @ApiProperty({ description: 'Whose tokens.', ...ID_SCHEMA, example: 7 })
  userId!: number | bigint;

  @ActionsField()
  actions?: Action[] | null;

  @IdsField()
  networkIds?: Ids | null;

  @IdsField()
  deviceTypeIds?: Ids | null;

  @MomentField(
    'When the access token expires, at most `CREATED_TOKEN_MAX_TTL` ahead; absent: after `ACCESS_TOKEN_TTL`. For yourself: not after the end of the calling session.',
  )
  expiration?: Date | null;

  @MomentField(
    'When the refresh token expires, with the same limits; absent: with `expiration` if that is sent, else after `REFRESH_TOKEN_TTL`.',
  )
  refreshExpiration?: Date | null;

  @MayBeNull()
  @StorableText(0, 128)
  @ApiProperty({
    description: 'What the tokens are for; shown with the session.',
    type: String,
    maxLength: 128,
    pattern: TEXT_PATTERN,
    nullable: true,
    required: false,
    example: 'gateway in the hall',
  })
  label?: string | null;
}

/** Parses the items of a list and removes duplicates. A bare `*` means `['*']`. */
function asList(value: unknown, read: (item: unknown) => unknown): unknown {
  if (value === '*') return [read('*')];
  return Array.isArray(value) ? [...new Set(value)].map(read) : value;
}

function parseScopeId(item: unknown): number | '*' | Unreadable {
  if (item === '*') return '*';
  const id = typeof item === 'string' && ID_TEXT_PATTERN.test(item) ? Number(item) : item;
  return isId(id) ? id : new Unreadable(item);
}

/** Parses a moment to come, of RFC 3339. */
function parseFuture(text: string): Date | Unreadable {
  const moment = parseTimestamp(text);
  const time = moment?.getTime() ?? 0;
  return moment && time > Date.now() && time <= LATEST ? moment : new Unreadable(text);
}

function EachReadable(complaint: string): PropertyDecorator {
  const firstUnreadable = (value: unknown) => (Array.isArray(value) ? value.find(isUnreadable) : undefined);
  return ValidateBy({
    name: 'eachReadable',
    validator: {
      validate: (value: unknown) => firstUnreadable(value) === undefined,
      defaultMessage: (validation) =>
        `${JSON.stringify(firstUnreadable(validation?.value)?.item).slice(0, 64)} ${complaint}`,
    },
  });
}

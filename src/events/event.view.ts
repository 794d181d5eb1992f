import { ApiProperty } from '@nestjs/swagger';
import { ID_SCHEMA, namedEnum } from '../openapi/schemas.js';
import type { StoredEvent } from './event.entity.js';
import { readStoredData, REVOCATION_REASONS, type RevocationReason } from './event.js';
import { EVENT_TYPE_SCHEMA, wireTypeOf } from './event-types.js';

/** The value of a number before and after a change. */
export class NumberChangeView {
  @ApiProperty({ description: 'The value before.', type: 'integer', example: 1 })
  readonly old!: number;

  @ApiProperty({ description: 'The value after.', type: 'integer', example: 0 })
  readonly new!: number;
}

/** The value of a flag before and after a change. */
export class FlagChangeView {
  @ApiProperty({ description: 'The value before.', example: true })
  readonly old!: boolean;

  @ApiProperty({ description: 'The value after.', example: false })
  readonly new!: boolean;
}

/** The properties of which events have the values. */
export class EventChangesView {
  @ApiProperty({ required: false, description: 'The role.', type: NumberChangeView })
  readonly role?: NumberChangeView;

  @ApiProperty({ required: false, description: 'The status.', type: NumberChangeView })
  readonly status?: NumberChangeView;

  @ApiProperty({
    required: false,
    description: 'Whether the user has all device types.',
    type: FlagChangeView,
  })
  readonly allDeviceTypesAvailable?: FlagChangeView;
}

const REASON_SCHEMA = namedEnum({
  name: 'RevocationReason',
  type: 'string',
  enum: REVOCATION_REASONS,
  description: 'Why a session was revoked.',
});

/** The `data` of an event. */
export class EventDataView {
  @ApiProperty({
    description: 'The id of the user who made the change; null: the service itself, or a command.',
    ...ID_SCHEMA,
    nullable: true,
    example: 1,
  })
  readonly actor!: number | null;

  @ApiProperty({
    description: 'The session of the request.',
    type: String,
    nullable: true,
    example: '5d6a0a1e-3b1c-4c53-9a52-8d0b7d3d6a10',
  })
  readonly session!: string | null;

  @ApiProperty({
    required: false,
    description: 'The administrator who created the session of the request for the actor.',
    ...ID_SCHEMA,
    example: 1,
  })
  readonly sessionCreatedBy?: number;

  @ApiProperty({
    description: 'The address that the request came from.',
    type: String,
    nullable: true,
    example: '203.0.113.7',
  })
  readonly address!: string | null;

  @ApiProperty({
    description: 'The `X-Request-Id` of the request.',
    type: String,
    nullable: true,
    example: 'b0a4f2f0-6f7b-4a0e-9a0c-0d8f7d2f5b11',
  })
  readonly requestId!: string | null;

  @ApiProperty({
    required: false,
    description: "The operator's command.",
    type: String,
    example: 'keys rotate',
  })
  readonly command?: string;

  @ApiProperty({
    required: false,
    description: 'The names of the fields that changed.',
    type: [String],
    example: ['login', 'role'],
  })
  readonly fields?: readonly string[];

  @ApiProperty({
    required: false,
    description: 'The values before and after, of those properties that events show.',
    type: EventChangesView,
  })
  readonly changes?: EventChangesView;

  @ApiProperty({
    required: false,
    description:
      'How many occurrences this event stands for, after the first of its period, which was an event of its own. ' +
      '`time` and the other members are those of the last one.',
    type: 'integer',
    minimum: 1,
    example: 12,
  })
  readonly count?: number;

  @ApiProperty({
    required: false,
    description: 'When the lockout expires.',
    type: String,
    format: 'date-time',
    example: '2026-01-31T12:15:00.000Z',
  })
  readonly until?: string;

  @ApiProperty({
    required: false,
    description: 'The session that was created or revoked.',
    type: String,
    example: '5d6a0a1e-3b1c-4c53-9a52-8d0b7d3d6a10',
  })
  readonly sessionId?: string;

  /** Why the session was revoked. */
  @ApiProperty({
    required: false,
    ...REASON_SCHEMA,
    example: 'request',
  })
  readonly reason?: RevocationReason;

  @ApiProperty({
    required: false,
    description: 'The administrator who created, for the user of `subject`, the session that was revoked.',
    ...ID_SCHEMA,
    example: 1,
  })
  readonly createdBy?: number;

  @ApiProperty({
    required: false,
    description: 'The source that an operator made known to the user of `subject`.',
    type: String,
    example: '203.0.113.7',
  })
  readonly knownSource?: string;

  @ApiProperty({
    required: false,
    description: 'The network that was assigned or taken.',
    ...ID_SCHEMA,
    example: 2,
  })
  readonly networkId?: number;

  @ApiProperty({
    required: false,
    description: 'The device type that was assigned or taken.',
    ...ID_SCHEMA,
    example: 2,
  })
  readonly deviceTypeId?: number;

  @ApiProperty({
    required: false,
    description: 'How many users were imported.',
    type: 'integer',
    minimum: 1,
    example: 1200,
  })
  readonly users?: number;
}

/** An event: a CloudEvent 1.0 in its JSON format. */
export class EventView {
  @ApiProperty({ description: 'The version of CloudEvents.', enum: ['1.0'], example: '1.0' })
  readonly specversion!: '1.0';

  @ApiProperty({ description: 'Unique; what `after` takes.', type: String, example: '1042' })
  readonly id!: string;

  @ApiProperty({
    description: '`JWT_ISSUER`, as a URI reference.',
    format: 'uri-reference',
    example: 'hivegate',
  })
  readonly source!: string;

  /** What happened. */
  @ApiProperty({ ...EVENT_TYPE_SCHEMA, example: 'hivegate.user.updated' })
  readonly type!: string;

  @ApiProperty({ description: 'What it happened to.', example: 'user/7' })
  readonly subject!: string;

  @ApiProperty({ description: 'When it happened.', format: 'date-time', example: '2026-01-31T12:00:00.000Z' })
  readonly time!: string;

  @ApiProperty({
    description: 'The format of `data`.',
    enum: ['application/json'],
    example: 'application/json',
  })
  readonly datacontenttype!: 'application/json';

  @ApiProperty({ description: 'Who did it, from where, and what changed.', type: EventDataView })
  readonly data!: EventDataView;
}

/** Converts an event to its view. `source`: see {@link sourceOf}. */
export function toEventView(
  { id, at, type, subject, actorId, data }: StoredEvent,
  source: string,
): EventView {
  const { session = null, address = null, requestId = null, ...rest } = readStoredData(data, subject);
  return {
    specversion: '1.0',
    id: String(id),
    source,
    type: wireTypeOf(type),
    subject,
    time: at.toISOString(),
    datacontenttype: 'application/json',
    data: { actor: actorId, session, address, requestId, ...rest },
  };
}

/** Returns the issuer of the tokens as a URI reference: a URL as it is, any other text as one path segment. */
export function sourceOf(issuer: string): string {
  return /^[a-z][a-z\d+.-]*:/i.test(issuer) && URL.canParse(issuer)
    ? encodeURI(issuer).replaceAll(/%25([\da-f]{2})/gi, '%$1')
    : encodeURIComponent(issuer);
}

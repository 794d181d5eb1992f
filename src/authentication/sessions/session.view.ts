import { ApiProperty } from '@nestjs/swagger';
import type { Action } from '../../authorization/action.js';
import { ACTION_SCHEMA } from '../../authorization/action.js';
import type { Ids } from '../../authorization/grant.js';
import type { Principal, SessionKind } from '../../authorization/principal.js';
import { ID_SCHEMA, namedEnum } from '../../openapi/schemas.js';
import { NO_ADDRESS, type Session } from '../../sessions/session.entity.js';

const KIND_SCHEMA = namedEnum({
  name: 'SessionKind',
  type: 'string',
  enum: ['signIn', 'created'],
  description:
    '`signIn`: started by `POST /token`; `created`: by `POST /token/create`, by `hivegate tokens create`, or by a token that a DeviceHive has issued.',
});

const idsOf = (what: string, example: (number | '*')[]) =>
  ApiProperty({
    description: `The ${what} of its tokens; \`["*"]\`: all; empty: none.`,
    type: 'array',
    items: {
      // Not `oneOf`: the generated client of Java reads a number as a text too, and then finds two that match.
      anyOf: [ID_SCHEMA, { type: 'string', enum: ['*'] }],
    },
    example,
  });

/** An open session (contract.md §5, `GET /user/{id}/session`). */
export class SessionView {
  @ApiProperty({
    description: 'The `sid` of its tokens.',
    format: 'uuid',
    example: '0b5a1e2c-93d4-4f6e-8f3c-6a2d1b7c9e10',
  })
  readonly id!: string;

  /** How it was started. */
  @ApiProperty({
    ...KIND_SCHEMA,
    example: 'signIn',
  })
  readonly kind!: SessionKind;

  @ApiProperty({
    description: 'What a created session is for, in the words of its creator.',
    type: String,
    nullable: true,
    example: 'gateway in the hall',
  })
  readonly label!: string | null;

  @ApiProperty({
    description:
      'The id of the user who created it; null: a sign-in, `hivegate tokens create`, or tokens that a DeviceHive has issued.',
    ...ID_SCHEMA,
    nullable: true,
    example: null,
  })
  readonly createdBy!: number | null;

  @ApiProperty({
    description: 'When it was started.',
    format: 'date-time',
    example: '2026-01-31T12:00:00.000Z',
  })
  readonly createdAt!: Date;

  @ApiProperty({
    description: 'The last sign-in or refresh.',
    format: 'date-time',
    example: '2026-01-31T12:30:00.000Z',
  })
  readonly lastUsedAt!: Date;

  @ApiProperty({
    description: 'No token of the session expires later.',
    format: 'date-time',
    example: '2026-08-01T12:00:00.000Z',
  })
  readonly expiresAt!: Date;

  @ApiProperty({
    description:
      'The address that it was started from; null if an administrator started it and the reader is a client, or if `hivegate tokens create` started it.',
    type: String,
    nullable: true,
    example: '192.0.2.7',
  })
  readonly address!: string | null;

  @ApiProperty({
    description: 'As for `address`; cut at 256 characters.',
    type: String,
    nullable: true,
    example: 'Mozilla/5.0',
  })
  readonly userAgent!: string | null;

  @ApiProperty({
    description: 'The actions of its tokens, by number; 0: all that the role of the user has.',
    type: 'array',
    items: ACTION_SCHEMA,
    example: [2, 3],
  })
  readonly actions!: readonly Action[];

  /** Ids, or `*` alone. */
  @idsOf('networks', [1, 2])
  readonly networkIds!: readonly (number | '*')[];

  /** Ids, or `*` alone. */
  @idsOf('device types', ['*'])
  readonly deviceTypeIds!: readonly (number | '*')[];

  @ApiProperty({ description: 'Whether it is the session of the caller.', example: true })
  readonly current!: boolean;
}

/** Converts a session to its view for `reader`. */
export function toSessionView(session: Session, reader: Principal): SessionView {
  const { id, kind, label, createdBy, createdAt, lastUsedAt, expiresAt, address, userAgent } = session;
  const isOriginShown = reader.isAdministrator || session.actingId === null;
  return {
    id,
    kind,
    label,
    createdBy,
    createdAt,
    lastUsedAt,
    expiresAt,
    address: isOriginShown && address !== NO_ADDRESS ? address : null,
    userAgent: isOriginShown ? userAgent : null,
    actions: session.actions,
    networkIds: listOf(session.networkIds),
    deviceTypeIds: listOf(session.deviceTypeIds),
    current: id === reader.sessionId,
  };
}

function listOf(ids: Ids | null): readonly (number | '*')[] {
  return ids === '*' ? ['*'] : (ids ?? []);
}

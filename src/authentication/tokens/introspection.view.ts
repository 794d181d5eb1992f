import { ApiProperty } from '@nestjs/swagger';
import { Action, ACTIONS_OF, nameOfAction } from '../../authorization/action.js';
import { type Grant, type Ids, narrow } from '../../authorization/grant.js';
import { type Role, ROLE_SCHEMA } from '../../authorization/role.js';
import { ID_SCHEMA } from '../../openapi/schemas.js';
import type { Subject } from '../request/callers.repository.js';
import { type Claims, TokenType } from './claims.js';

const TOKEN_TYPES = ['access_token', 'refresh_token'] as const;

/** A member that is absent where `active` is false. */
const member = (description: string, example: unknown, schema: object = {}) =>
  ApiProperty({ description, example, required: false, ...schema });

const ids = (what: string, example: readonly (number | '*')[]) =>
  member(`The ${what} that the token reaches now; \`["*"]\`: all.`, example, {
    type: 'array',
    items: { anyOf: [ID_SCHEMA, { type: 'string', enum: ['*'] }] },
  });

/** The creator of the session of a token (RFC 8693 §4.1). */
export class ActorView {
  @ApiProperty({ description: 'The id of the administrator.', example: '1' })
  readonly sub!: string;
}

/** What a token says and may now (contract.md §5; RFC 7662 §2.2). */
export class IntrospectionView {
  @ApiProperty({
    description:
      'False: the token is not valid, or not the caller’s to see. There are no other members then.',
    example: true,
  })
  readonly active!: boolean;

  /** User id, as text. */
  @member('The id of its user.', '7')
  readonly sub?: string;

  /** Login. */
  @member('The login of its user.', 'ada')
  readonly username?: string;

  /** Issuer. */
  @member('`JWT_ISSUER`.', 'https://id.example.com')
  readonly iss?: string;

  /** Seconds since 1970. */
  @member('When it was issued, in seconds since 1970. Absent: a DeviceHive has issued it.', 1_770_000_000, {
    type: 'integer',
  })
  readonly iat?: number;

  /** Seconds since 1970. */
  @member('When it expires, in seconds since 1970.', 1_770_001_800, { type: 'integer' })
  readonly exp?: number;

  /** Token id. */
  @member('Its id. Absent: a DeviceHive has issued it.', '5f0d6a0e-3f0c-4e0b-9a3e-2b7c1f6d8e90')
  readonly jti?: string;

  /** Session id. */
  @member('Its session.', '0b5a1e2c-93d4-4f6e-8f3c-6a2d1b7c9e10', { format: 'uuid' })
  readonly sid?: string;

  /** One text: the service issues no token with several. */
  @member('For whom it is, if it says so: with `JWT_AUDIENCE`.', 'https://apps.example.com')
  readonly aud?: string;

  /** RFC 8693 §4.1. */
  @member(
    'The administrator who has created its session for its user, if one has.',
    { sub: '1' },
    {
      type: ActorView,
    },
  )
  readonly act?: ActorView;

  /** Access or refresh token. */
  @member('What it is for.', 'access_token', { type: 'string', enum: [...TOKEN_TYPES] })
  readonly token_type?: (typeof TOKEN_TYPES)[number];

  /** Names of actions, separated by spaces. */
  @member(
    'The names of the actions that it grants now, separated by spaces; all of them are named, `*` is not.',
    'GetNetwork GetDevice',
  )
  readonly scope?: string;

  /** The role of its user now. */
  @ApiProperty({ ...ROLE_SCHEMA, required: false, example: 1 })
  readonly role?: Role;

  /** Ids, or `*` alone. */
  @ids('networks', [1, 2])
  readonly networks?: readonly (number | '*')[];

  /** Ids, or `*` alone. */
  @ids('device types', ['*'])
  readonly deviceTypes?: readonly (number | '*')[];
}

/** The response for a token of which the caller learns nothing. */
export const INACTIVE: IntrospectionView = { active: false };

/** Converts a valid token to its view. `granted`: what it grants, before it is narrowed to what its user has now. */
export function toIntrospectionView(
  { iss, sub, aud, iat, exp, jti, sid, act, payload }: Claims,
  { login, account, session, access }: Subject,
  granted: Grant,
): IntrospectionView {
  const { actions, networks, deviceTypes } = narrow(granted, access);
  // Those of the original have neither: their claims have been made up (original-tokens.service.ts).
  const isOriginal = session.fromOriginal && jti === sid;
  return {
    active: true,
    sub,
    username: login,
    iss,
    ...(!isOriginal && { iat }),
    exp,
    ...(!isOriginal && { jti }),
    sid,
    ...(aud !== undefined && { aud: [aud].flat().join(' ') }),
    ...(act && { act }),
    token_type: payload.t === TokenType.Access ? 'access_token' : 'refresh_token',
    scope: namesOf(actions, account.role),
    role: account.role,
    networks: listOf(networks),
    deviceTypes: listOf(deviceTypes),
  };
}

function namesOf(actions: readonly Action[], role: Role): string {
  const granted = actions.includes(Action.Any) ? ACTIONS_OF[role] : actions;
  const named = granted.filter((action) => action !== Action.Any && action !== Action.None);
  return named.map(nameOfAction).join(' ');
}

const listOf = (granted: Ids = []): readonly (number | '*')[] => (granted === '*' ? ['*'] : granted);

import { ApiProperty } from '@nestjs/swagger';
import type { TokenAlgorithm } from '../signing-keys/token-use.js';
import type { PublicIssuer } from './issuer.js';

const ISSUER = 'https://id.example.com';

/** What other services and clients discover (contract.md §5; RFC 8414 §2, OpenID Connect Discovery §3). */
export class DiscoveryView {
  @ApiProperty({ description: 'The `iss` of every token: `JWT_ISSUER`.', example: ISSUER })
  readonly issuer!: string;

  @ApiProperty({
    description: 'Absent with `JWT_SECRET`: no key is published then.',
    required: false,
    example: `${ISSUER}/.well-known/jwks.json`,
  })
  readonly jwks_uri?: string;

  @ApiProperty({
    description: 'Where users sign in, with JSON: not a token endpoint of OAuth.',
    example: `${ISSUER}/token`,
  })
  readonly token_endpoint!: string;

  @ApiProperty({ type: [String], description: 'Clients have no credentials.', example: ['none'] })
  readonly token_endpoint_auth_methods_supported!: readonly string[];

  @ApiProperty({ description: '`POST /token/introspect`.', example: `${ISSUER}/token/introspect` })
  readonly introspection_endpoint!: string;

  @ApiProperty({ type: [String], description: 'An access token.', example: ['Bearer'] })
  readonly introspection_endpoint_auth_methods_supported!: readonly string[];

  @ApiProperty({ description: '`POST /token/revoke`.', example: `${ISSUER}/token/revoke` })
  readonly revocation_endpoint!: string;

  @ApiProperty({ type: [String], description: 'The token itself is enough.', example: ['none'] })
  readonly revocation_endpoint_auth_methods_supported!: readonly string[];

  @ApiProperty({
    description: '`GET /revocation`: the sessions that have been revoked. Not a registered member.',
    example: `${ISSUER}/revocation`,
  })
  readonly revocation_feed_endpoint!: string;

  @ApiProperty({ type: [String], description: 'None: there is no authorization endpoint.', example: [] })
  readonly response_types_supported!: readonly string[];

  @ApiProperty({ type: [String], description: 'None of OAuth.', example: [] })
  readonly grant_types_supported!: readonly string[];

  @ApiProperty({ type: [String], description: 'A user has one `sub` everywhere.', example: ['public'] })
  readonly subject_types_supported!: readonly string[];

  @ApiProperty({
    type: [String],
    description: 'The algorithm of access tokens. There are no ID tokens; libraries look for it here.',
    example: ['ES256'],
  })
  readonly id_token_signing_alg_values_supported!: readonly string[];
}

/** Describes an issuer whose access tokens are signed with `algorithm`. With HS256 no key is published. */
export function toDiscoveryView({ issuer, baseUrl }: PublicIssuer, algorithm: TokenAlgorithm): DiscoveryView {
  return {
    issuer,
    ...(algorithm !== 'HS256' && { jwks_uri: `${baseUrl}/.well-known/jwks.json` }),
    token_endpoint: `${baseUrl}/token`,
    token_endpoint_auth_methods_supported: ['none'],
    introspection_endpoint: `${baseUrl}/token/introspect`,
    introspection_endpoint_auth_methods_supported: ['Bearer'],
    revocation_endpoint: `${baseUrl}/token/revoke`,
    revocation_endpoint_auth_methods_supported: ['none'],
    revocation_feed_endpoint: `${baseUrl}/revocation`,
    response_types_supported: [],
    grant_types_supported: [],
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: [algorithm],
  };
}

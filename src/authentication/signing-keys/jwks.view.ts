import { ApiProperty } from '@nestjs/swagger';

/** A public key (RFC 7517 §4, RFC 7518 §6.2). */
export class JwkView {
  @ApiProperty({ description: 'Key type.', example: 'EC' })
  readonly kty!: string;

  @ApiProperty({ description: 'Curve.', example: 'P-256' })
  readonly crv!: string;

  /** X coordinate of the curve point, base64url (RFC 7518 §6.2.1.2). */
  @ApiProperty({ example: 'f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU' })
  readonly x!: string;

  /** Y coordinate of the curve point, base64url (RFC 7518 §6.2.1.3). */
  @ApiProperty({ example: 'x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0' })
  readonly y!: string;

  @ApiProperty({ description: 'Key id, as in the header of tokens.', example: '0IhHgFVhHnUWbmW3' })
  readonly kid!: string;

  /** The only algorithm that may be used with the key. */
  @ApiProperty({ example: 'ES256' })
  readonly alg!: string;

  /** `sig`: the key is for signatures only. */
  @ApiProperty({ example: 'sig' })
  readonly use!: string;
}

/** The response of `GET /.well-known/jwks.json`. */
export class JwksView {
  @ApiProperty({
    description: 'Every key that access tokens may be signed with; none with `JWT_SECRET`.',
    type: [JwkView],
  })
  readonly keys!: JwkView[];
}

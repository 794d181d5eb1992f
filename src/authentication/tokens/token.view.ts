import { ApiProperty } from '@nestjs/swagger';

/** A response with an access token. */
abstract class AccessTokenView {
  @ApiProperty({
    description: 'Goes into `Authorization: Bearer …`.',
    example: 'eyJhbGciOiJFUzI1NiJ9.e30.c2ln',
  })
  readonly accessToken!: string;
}

/** The response of `POST /token` and `POST /token/create`. */
export class TokenPairView extends AccessTokenView {
  @ApiProperty({
    description: 'Gives new access tokens at `POST /token/refresh`.',
    example: 'eyJhbGciOiJIUzI1NiJ9.e30.c2ln',
  })
  readonly refreshToken!: string;
}

/** The response of `POST /token/refresh`. */
export class RefreshedTokensView extends AccessTokenView {
  @ApiProperty({
    description: 'With `REFRESH_ROTATION=on`: replaces the refresh token that was sent.',
    required: false,
    example: 'eyJhbGciOiJIUzI1NiJ9.e30.c2ln',
  })
  readonly refreshToken?: string;
}

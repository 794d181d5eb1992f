import { Allow, IsNotEmpty, IsString } from 'class-validator';
import { ApiProperty } from '@nestjs/swagger';
import { WellFormed } from '../../text/well-formed.js';

/** The largest bodies of `POST /token` and of `POST /token/refresh`, in bytes: no text in them can be longer. */
const SIGN_IN_LIMIT = 4 * 1024;
const REFRESH_LIMIT = 16 * 1024;

/** The body of `POST /token` (contract.md §5). */
export class SignInDto {
  @Allow()
  @ApiProperty({
    description: 'Ignoring case. Not blank.',
    minLength: 1,
    maxLength: SIGN_IN_LIMIT,
    pattern: String.raw`\S`,
    example: 'ada',
  })
  login!: string;

  /** Not trimmed: spaces are part of a password. */
  @WellFormed()
  @ApiProperty({
    format: 'password',
    description: 'Blanks alone count as none, unless there are `PASSWORD_MIN_LENGTH` of them.',
    minLength: 1,
    maxLength: SIGN_IN_LIMIT,
    example: 'correct horse battery',
  })
  password!: string;
}

/** The body of `POST /token/refresh`. */
export class RefreshTokenDto {
  @IsNotEmpty({ message: 'refreshToken must not be empty' })
  @IsString({ message: 'refreshToken must be a string' })
  @ApiProperty({
    description: 'A refresh token.',
    minLength: 1,
    maxLength: REFRESH_LIMIT,
    example: 'eyJhbGciOiJIUzI1NiJ9.e30.c2ln',
  })
  refreshToken!: string;
}

import { Allow, IsNotEmpty, IsString } from 'class-validator';
import { ApiProperty } from '@nestjs/swagger';
import { passwordOfSignIn } from '../../openapi/schemas.js';
import { WellFormed } from '../../text/well-formed.js';

/** The longest login and password that fit into the largest body of `POST /token` together: 4 KiB. */
const LONGEST_CREDENTIAL = 2000;
/** The longest token that fits into the largest body of `POST /token/refresh`: 16 KiB. */
const LONGEST_TOKEN = 16 * 1024 - '{"refreshToken": ""}'.length;

/** The body of `POST /token` (contract.md §5). */
export class SignInDto {
  @Allow()
  @ApiProperty({
    description: 'Ignoring case. Not blank.',
    minLength: 1,
    maxLength: LONGEST_CREDENTIAL,
    pattern: String.raw`\S`,
    example: 'ada',
  })
  login!: string;

  /** Not trimmed: spaces are part of a password. */
  @WellFormed()
  @ApiProperty({
    format: 'password',
    description: 'Not blank, if it is shorter than `PASSWORD_MIN_LENGTH`.',
    minLength: 1,
    maxLength: LONGEST_CREDENTIAL,
    pattern: passwordOfSignIn(8),
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
    maxLength: LONGEST_TOKEN,
    example: 'eyJhbGciOiJIUzI1NiJ9.e30.c2ln',
  })
  refreshToken!: string;
}

import { Allow, IsNotEmpty, IsString } from 'class-validator';
import { ApiProperty } from '@nestjs/swagger';
import { WellFormed } from '../../text/well-formed.js';

/** The body of `POST /token` (contract.md §5). */
export class SignInDto {
  @Allow()
  @ApiProperty({
    description: 'Ignoring case. Not blank.',
    minLength: 1,
    pattern: String.raw`\S`,
    example: 'ada',
  })
  login!: string;

  /** Not trimmed: spaces are part of a password. */
  @WellFormed()
  @ApiProperty({
    format: 'password',
    description: 'Not blank.',
    minLength: 1,
    pattern: String.raw`\S`,
    example: 'correct horse battery',
  })
  password!: string;
}

/** The body of `POST /token/refresh`. */
export class RefreshTokenDto {
  @IsNotEmpty({ message: 'refreshToken must not be empty' })
  @IsString({ message: 'refreshToken must be a string' })
  @ApiProperty({ description: 'A refresh token.', minLength: 1, example: 'eyJhbGciOiJIUzI1NiJ9.e30.c2ln' })
  refreshToken!: string;
}

import { IsNotEmpty, IsString } from 'class-validator';
import { ApiProperty } from '@nestjs/swagger';
import { IgnoresUnknownFields } from '../../http/validation.pipe.js';

/** The body of `POST /token/revoke` (contract.md §5, RFC 7009 §2.1). */
@IgnoresUnknownFields()
export class RevokeTokenDto {
  @IsNotEmpty({ message: 'token must not be empty' })
  @IsString({ message: 'token must be a string' })
  @ApiProperty({
    description: 'An access or a refresh token.',
    minLength: 1,
    // What fits into a body of 16 KiB.
    maxLength: 16 * 1024 - '{"token": ""}'.length,
    example: 'eyJhbGciOiJFUzI1NiJ9.e30.c2ln',
  })
  token!: string;
}

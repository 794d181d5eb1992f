import { IsNotEmpty, IsString } from 'class-validator';
import { ApiProperty } from '@nestjs/swagger';
import { IgnoresUnknownFields } from '../../http/validation.pipe.js';

/** The body of `POST /token/introspect` (contract.md §5, RFC 7662 §2.1). */
@IgnoresUnknownFields()
export class IntrospectTokenDto {
  @IsNotEmpty({ message: 'token must not be empty' })
  @IsString({ message: 'token must be a string' })
  @ApiProperty({
    description: 'An access or a refresh token.',
    minLength: 1,
    // What fits into a body of 128 KiB. One of more than 16 KiB is inactive.
    maxLength: 128 * 1024 - '{"token": ""}'.length,
    example: 'eyJhbGciOiJFUzI1NiJ9.e30.c2ln',
  })
  token!: string;
}

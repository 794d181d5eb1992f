import { ApiProperty, ApiSchema } from '@nestjs/swagger';
import type { ErrorBody, FieldError } from '../errors/api-error.js';

/** OpenAPI schema of {@link FieldError}. */
export class FieldErrorSchema implements FieldError {
  @ApiProperty({ description: 'The property or parameter at fault.', example: 'login' })
  readonly field!: string;

  @ApiProperty({ description: 'What is wrong with it.', example: 'Field cannot be empty.' })
  readonly message!: string;
}

/** OpenAPI schema of {@link ErrorBody}. `Error` is the name of another type in most languages. */
@ApiSchema({ name: 'ApiError' })
export class ErrorSchema implements ErrorBody {
  @ApiProperty({
    description: 'The HTTP status, again.',
    type: 'integer',
    minimum: 400,
    maximum: 599,
    example: 403,
  })
  readonly error!: number;

  @ApiProperty({ description: 'What went wrong.', example: 'Access is denied' })
  readonly message!: string;

  @ApiProperty({ description: 'Each field at fault.', type: [FieldErrorSchema], required: false })
  readonly details?: FieldErrorSchema[];
}

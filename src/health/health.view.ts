import { ApiProperty } from '@nestjs/swagger';

/** The answer of a health check that went well. */
export class HealthView {
  /** `ok`; anything else is answered as an error. */
  @ApiProperty({ example: 'ok' })
  readonly status!: string;

  /** What is well, by name. */
  @ApiProperty({ type: 'object', additionalProperties: true, example: { database: { status: 'up' } } })
  readonly info?: object;

  /** What is not, by name. */
  @ApiProperty({ type: 'object', additionalProperties: true, example: {} })
  readonly error?: object;

  /** All that was asked, by name. */
  @ApiProperty({ type: 'object', additionalProperties: true, example: { database: { status: 'up' } } })
  readonly details!: object;
}

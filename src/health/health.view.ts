import { ApiProperty } from '@nestjs/swagger';

/** The response of a successful health check. */
export class HealthView {
  /** Always `ok`: a failed check returns an error instead. */
  @ApiProperty({ example: 'ok' })
  readonly status!: string;

  /** The healthy dependencies, by name. */
  @ApiProperty({ type: 'object', additionalProperties: true, example: { database: { status: 'up' } } })
  readonly info?: object;

  /** The unhealthy dependencies, by name. */
  @ApiProperty({ type: 'object', additionalProperties: true, example: {} })
  readonly error?: object;

  /** All checked dependencies, by name. */
  @ApiProperty({ type: 'object', additionalProperties: true, example: { database: { status: 'up' } } })
  readonly details!: object;
}

import { ApiProperty } from '@nestjs/swagger';

const CHECKS = { keys: { status: 'up' }, database: { status: 'up' } };

/** The response of a successful health check. */
export class HealthView {
  /** Always `ok`: a failed check returns an error instead. */
  @ApiProperty({ example: 'ok' })
  readonly status!: string;

  /** The healthy dependencies, by name. */
  @ApiProperty({ type: 'object', additionalProperties: true, example: CHECKS })
  readonly info?: object;

  /** The unhealthy dependencies, by name. */
  @ApiProperty({ type: 'object', additionalProperties: true, example: {} })
  readonly error?: object;

  /** All checked dependencies, by name. Of the database, `warning` says that its disk is full. */
  @ApiProperty({ type: 'object', additionalProperties: true, example: CHECKS })
  readonly details!: object;
}

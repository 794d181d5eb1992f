import { ApiProperty } from '@nestjs/swagger';

/** The response of `GET /info`. */
export class InfoView {
  @ApiProperty({ description: 'The version of the service.', example: '0.1.0' })
  readonly apiVersion!: string;

  /** The current time of the server. */
  @ApiProperty({ format: 'date-time', type: String, example: '2026-01-31T12:00:00.000Z' })
  readonly serverTimestamp!: Date;

  @ApiProperty({
    description: '`WEBSOCKET_URL`, or derived from the host asked.',
    example: 'ws://127.0.0.1:8080/websocket',
  })
  readonly webSocketServerUrl!: string;
}

/** The response of `GET /info/cache`. */
export class CacheInfoView {
  /** The current time of the server. */
  @ApiProperty({ format: 'date-time', type: String, example: '2026-01-31T12:00:00.000Z' })
  readonly serverTimestamp!: Date;

  /** Human-readable text. */
  @ApiProperty({ example: 'No caches' })
  readonly cacheStats!: string;
}

import { ApiProperty } from '@nestjs/swagger';

/** The response of the count routes. */
export class CountView {
  /** Number of records that match the filters, on all pages. */
  @ApiProperty({ type: 'integer', minimum: 0, example: 1 })
  readonly count!: number;
}

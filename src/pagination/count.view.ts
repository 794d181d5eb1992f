import { ApiProperty } from '@nestjs/swagger';

/** How many there are. */
export class CountView {
  /** All that the filters let through, pages aside. */
  @ApiProperty({ type: 'integer', minimum: 0, example: 1 })
  readonly count!: number;
}

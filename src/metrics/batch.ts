/** So many numbers are kept, at most. */
const MOST = 1000;

/**
 * Numbers for one series of a histogram, handed over many at a time: one by one, between the parts of other work, each
 * costs a request several times as much.
 */
export class Batch {
  private readonly values: number[] = [];

  /** @param take takes one number */
  constructor(private readonly take: (value: number) => void) {}

  add(value: number): void {
    if (this.values.push(value) >= MOST) this.flush();
  }

  /** Hands over what is kept: before the histogram is read. */
  flush(): void {
    for (const value of this.values) this.take(value);
    this.values.length = 0;
  }
}

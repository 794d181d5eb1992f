/** What cannot be imported unchanged, or arrives in another state than it had. Never holds a hash, a salt or a value. */
export interface Finding {
  /** The row: `dh_user 7`. */
  readonly row: string;
  readonly reason: string;
  /** What becomes of the row: `left out`. */
  readonly outcome: string;
  /** Whether it stops the import, unless such rows are skipped. */
  readonly stops: boolean;
}

/** A row of the original, checked. */
export interface Checked<T> {
  /** Its id; undefined for rows that have none, or none that is one. */
  readonly id: number | undefined;
  /** What is imported of it; undefined: it is left out. */
  readonly value: T | undefined;
  readonly findings: readonly Finding[];
}

/** Collects what is found in one row. */
export class Findings {
  readonly list: Finding[] = [];
  /** Whether the row cannot be imported at all. */
  isLeftOut = false;

  constructor(private readonly row: string) {}

  /** The row cannot be imported. */
  leaveOut(reason: string): void {
    this.isLeftOut = true;
    this.list.push({ row: this.row, reason, outcome: 'left out', stops: true });
  }

  /** The row arrives without a part of it. */
  lose(reason: string, outcome: string): void {
    this.list.push({ row: this.row, reason, outcome, stops: true });
  }

  /** The row arrives changed, or not at all, as documented: that does not stop the import. */
  note(reason: string, outcome: string): void {
    this.list.push({ row: this.row, reason, outcome, stops: false });
  }
}

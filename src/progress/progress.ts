/** The progress of one long task, which is shown while it runs. */
export interface Progress {
  /** Counts `by` more units as done; 1 by default. */
  advance(by?: number): void;
  /** Shows what has been done last, and gives the terminal back. Also after an error: call it in `finally`. */
  end(): void;
}

/** What is counted. */
export interface ProgressOptions {
  /** How many units there are, if that is known. */
  readonly total?: number | undefined;
  /** What is counted, in the plural: `rows`. */
  readonly unit?: string | undefined;
}

/** Where progress is shown. */
export type ProgressStream = NodeJS.WritableStream & { readonly isTTY?: boolean };

/*
 * What the table of cases and a driver say to each other: one JSON object per line, requests on the driver's stdin,
 * responses in the same order on its stdout. The driver gets the base URL as its first argument and ends when stdin
 * ends. README.md beside this folder has the same in words.
 */

/** One call of an operation, to the driver. */
export interface DriverRequest {
  /** The `operationId`. */
  readonly operation: string;
  /** The access token to send; absent: none. */
  readonly token?: string | undefined;
  /** Path, query and header parameters by the names that the document gives them. */
  readonly parameters?: Readonly<Record<string, string | number | boolean>> | undefined;
  /** The members to set, and no others; absent: no body. */
  readonly body?: unknown;
}

/** What the generated client made of the response, from the driver. */
export interface DriverResponse {
  readonly status: number;
  /** By names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** The typed result as JSON; absent: none. */
  readonly body?: unknown;
  /** The typed error as JSON; absent: none. */
  readonly error?: unknown;
}

/** The driver could not make the call, or the generated client could not read the response. */
export interface DriverFailure {
  readonly failure: string;
}

import { createInterface } from 'node:readline';
import type { DriverRequest, DriverResponse } from '../harness/protocol.js';

/** What a driver makes a call of. */
export interface Call {
  /** Path, query and header parameters. */
  readonly parameters: unknown;
  readonly body: unknown;
}

/** What a generated client made of the response. */
export interface Result {
  readonly data?: unknown;
  readonly error?: unknown;
  /** Absent where there was none; not every client says so in its types. */
  readonly response: Pick<Response, 'status' | 'headers'> | undefined;
}

/** The operations that a driver can call, by `operationId`. */
export type Operations = Readonly<Record<string, (call: Call) => Promise<Result>>>;

/** The base URL: the first argument of the driver. */
export const BASE_URL = process.argv[2] ?? '';

/** Makes the calls that stdin names, one after the other. `authorize` sets the access token of the next call. */
export async function serve(
  operations: Operations,
  authorize: (token: string | undefined) => void,
): Promise<void> {
  for await (const line of createInterface({ input: process.stdin })) {
    const { operation, token, parameters = {}, body } = JSON.parse(line) as DriverRequest;
    let response: object;
    try {
      const call = operations[operation];
      if (!call) throw new Error(`No operation ${operation}`);
      authorize(token);
      response = toResponse(await call({ parameters, body }));
    } catch (error) {
      response = { failure: error instanceof Error ? (error.stack ?? error.message) : String(error) };
    }
    process.stdout.write(`${JSON.stringify(response)}\n`);
  }
}

function toResponse({ data, error, response }: Result): DriverResponse {
  if (!response) throw error;
  const { status, headers } = response;
  // Where the response has no body, clients have `{}`, an empty text or null, and call a 304 an error.
  const hasBody = headers.has('content-type');
  return {
    status,
    headers: Object.fromEntries(headers),
    ...(hasBody && data !== undefined && { body: data }),
    ...(hasBody && error !== undefined && { error }),
  };
}

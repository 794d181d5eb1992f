import { errorOf } from './errors.js';

/** What a call of `openapi-fetch` gives. */
interface Result {
  readonly data?: unknown;
  readonly error?: unknown;
  readonly response: Response;
}

/** The data of a result that is a success. */
export type DataOf<R extends Result> = Exclude<Extract<R, { error?: never }>['data'], undefined>;

/**
 * Returns the data of a call of `client.api`; undefined for a response without a body.
 *
 * @throws {HivegateError} when the status is not one of success
 */
export async function unwrap<R extends Result>(call: R | Promise<R>): Promise<DataOf<R>> {
  const { data, error, response } = await call;
  if (!response.ok) throw errorOf(response, error);
  return data as DataOf<R>;
}

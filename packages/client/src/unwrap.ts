import { errorOf, HivegateError } from './errors.js';

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

/** Checks that data is an object. @throws {HivegateError} `unreadable` where it is not: something else has responded */
export function objectOf<T>(data: T): T {
  if (typeof data === 'object' && data !== null && !Array.isArray(data)) return data;
  throw new HivegateError('The response is not one of Hivegate: it holds no object', { kind: 'unreadable' });
}

/** Checks that data is a list. @throws {HivegateError} `unreadable` where it is not: something else has responded */
export function listOf<T>(data: readonly T[]): readonly T[] {
  const isList: boolean = Array.isArray(data);
  if (isList) return data;
  throw new HivegateError('The response is not one of Hivegate: it holds no list', { kind: 'unreadable' });
}

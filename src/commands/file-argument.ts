import { resolve } from 'node:path';
import { OperatorError } from '../errors/operator-error.js';

/**
 * Returns the absolute path of the file that an argument names.
 *
 * @throws {OperatorError} when it ends as the path of a folder does: `resolve` would cut that end, and name a file
 */
export function fileNamedBy(argument: string): string {
  if (/[/\\]$/.test(argument)) throw new OperatorError(`${argument} names a folder, and a file is needed`);
  return resolve(argument);
}

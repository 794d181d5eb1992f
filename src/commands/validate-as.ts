import { plainToInstance } from 'class-transformer';
import { validateSync } from 'class-validator';
import { OperatorError } from '../errors/operator-error.js';

/**
 * Checks the values of options by the rules of a request: those of a body or a query with the same names. Values that
 * are undefined count as absent.
 *
 * @throws {OperatorError} that names the fields, and does not repeat their values
 */
export function validateAs<T extends object>(dto: new () => T, values: Readonly<Record<string, unknown>>): T {
  const given = Object.entries(values).filter(([, value]) => value !== undefined);
  const instance = plainToInstance(dto, Object.fromEntries(given));
  const failures = validateSync(instance, { stopAtFirstError: true });
  const problems = failures.map(
    ({ property, constraints }) =>
      `${property} is not valid: ${Object.values(constraints ?? {})[0] ?? 'see --help'}`,
  );
  if (problems.length > 0) throw new OperatorError(problems.join('; '));
  return instance;
}

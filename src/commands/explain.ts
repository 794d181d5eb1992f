import { ApiError } from '../errors/api-error.js';
import { OperatorError } from '../errors/operator-error.js';
import { UnavailableError } from '../errors/unavailable.error.js';
import { SettingsError } from '../settings/settings.js';
import { StoppedError } from './until-signal.js';

/** File errors that the operator can fix, for example a missing file, a missing permission or a full disk. */
const FILE_PROBLEMS =
  /^(?:ENOENT|EEXIST|EACCES|EPERM|EROFS|EISDIR|ENOTDIR|ENOSPC|EDQUOT|EFBIG|EMFILE|EIO|ENAMETOOLONG|ELOOP|EBUSY|ENOTSUP|EMLINK)$/;

/**
 * Describes why a command has failed: in one line if the operator can fix the problem, or if a rule of the service
 * forbids the change; else with the stack.
 */
export function explain(error: unknown): string {
  if (error instanceof SettingsError || error instanceof OperatorError || error instanceof ApiError)
    return error.message;
  if (!(error instanceof Error)) return String(error);
  if (error instanceof UnavailableError)
    return `The database cannot answer now: ${firstLine(firstCause(error).message)}`;
  const { message } = error;
  const { code } = error as NodeJS.ErrnoException;
  return FILE_PROBLEMS.test(code ?? '') ? firstLine(message) : (error.stack ?? message);
}

/** What was wrong first: the error of a transaction has that of its statement as the cause, and that the driver's. */
const firstCause = (error: Error): Error =>
  error instanceof UnavailableError && error.cause instanceof Error ? firstCause(error.cause) : error;

/** Whether a signal of the operator has stopped the command. */
export const isStop = (error: unknown): boolean => error instanceof StoppedError;

const firstLine = (text: string) => text.split('\n', 1)[0] ?? '';

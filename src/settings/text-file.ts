import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';

/** The most bytes that are read. */
const MOST_BYTES = 64 * 1024;

/** What a file must be, for error messages. */
export const ACCEPTED_FILE = `a readable file of at most ${MOST_BYTES / 1024} KiB in UTF-8`;

/** Why a file cannot be read. Neither its path nor its content is in it. */
export class TextFileError extends Error {
  constructor(
    message: string,
    /** Node's code, such as `ENOENT`. */
    readonly code?: string,
  ) {
    super(message);
  }
}

/** A file as text. */
export interface TextFile {
  /** Its content, without a byte order mark. */
  readonly text: string;
  /** Its permissions: the lowest nine bits of its mode. */
  readonly permissions: number;
}

/**
 * Reads a small file of text at once. It is opened before it is looked at, and not waited for: a named pipe has no end.
 *
 * @throws {TextFileError}
 */
export function readTextFile(path: string): TextFile {
  const { bytes, permissions } = attempt(() => readBytes(path));
  try {
    return { text: new TextDecoder('utf-8', { fatal: true }).decode(bytes), permissions };
  } catch {
    throw new TextFileError('it is not UTF-8');
  }
}

function readBytes(path: string): { bytes: Uint8Array; permissions: number } {
  // Windows has no such flag.
  const unblocked = (constants as { readonly O_NONBLOCK?: number }).O_NONBLOCK ?? 0;
  const file = openSync(path, constants.O_RDONLY | unblocked);
  try {
    const status = fstatSync(file);
    if (!status.isFile()) throw new TextFileError('it is not a file');
    // One byte more than allowed. Files of /proc do not say how long they are.
    const buffer = Buffer.alloc(MOST_BYTES + 1);
    let length = 0;
    for (let read = -1; read !== 0 && length < buffer.length; length += read)
      read = readSync(file, buffer, length, buffer.length - length, null);
    if (length > MOST_BYTES) throw new TextFileError('it is too large');
    return { bytes: buffer.subarray(0, length), permissions: status.mode & 0o777 };
  } finally {
    closeSync(file);
  }
}

function attempt<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof TextFileError) throw error;
    const { code } = error as NodeJS.ErrnoException;
    throw new TextFileError(REASONS[code ?? ''] ?? `it cannot be read (${code ?? 'unknown error'})`, code);
  }
}

/** What to tell for an error of the file system. Its own message contains the path, which may be a secret by mistake. */
const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  ENOTDIR: 'there is no such file',
  ENAMETOOLONG: 'there is no such file',
  ERR_INVALID_ARG_VALUE: 'there is no such file',
  EACCES: 'the service may not read it',
  EPERM: 'the service may not read it',
  ELOOP: 'it is a link that leads to itself',
  EISDIR: 'it is not a file',
  ENXIO: 'it is not a file',
};

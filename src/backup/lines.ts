import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { pipeline } from 'node:stream';
import { createGunzip } from 'node:zlib';

/** Maximum line length in bytes, so that no file can exhaust the memory. The largest row is well below 1 MiB. */
const LONGEST_LINE = 64 * 1024 * 1024;

/** A file that is truncated or damaged. */
export class LinesError extends Error {
  constructor(readonly problem: 'cut off' | 'damaged') {
    super(problem);
  }
}

/** Reads the lines of a gzip file, without their line breaks. @throws {LinesError} */
export async function* readLines(path: string): AsyncGenerator<Buffer> {
  const { size } = await stat(path);
  try {
    const gunzip = createGunzip();
    pipeline(createReadStream(path), gunzip, () => {
      // The loop below throws the same error.
    });
    let rest = Buffer.alloc(0);
    for await (const chunk of gunzip as AsyncIterable<Buffer>) {
      let begin = 0;
      for (let end = chunk.indexOf('\n'); end >= 0; end = chunk.indexOf('\n', begin)) {
        yield Buffer.concat([rest, chunk.subarray(begin, end)]);
        rest = Buffer.alloc(0);
        begin = end + 1;
      }
      rest = Buffer.concat([rest, chunk.subarray(begin)]);
      if (rest.length > LONGEST_LINE) throw new LinesError('damaged');
    }
    if (rest.length > 0) throw new LinesError('cut off');
    // gunzip ignores data after the end of the gzip stream.
    if (gunzip.bytesWritten !== size) throw new LinesError('damaged');
  } catch (error) {
    throw toLinesError(error);
  }
}

function toLinesError(error: unknown): unknown {
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'Z_BUF_ERROR') return new LinesError('cut off');
  return code === 'Z_DATA_ERROR' ? new LinesError('damaged') : error;
}

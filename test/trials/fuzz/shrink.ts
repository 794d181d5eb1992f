import type { Connection } from './connection.js';
import type { Oracle } from './oracle.js';
import type { FuzzRequest } from './request.js';

/** How often a smaller request is tried. */
const MOST_TRIES = 200;

/** The kind of a fault: its text without what differs from request to request. */
export const kindOf = (fault: string): string =>
  fault.replaceAll(/\d{4,}|[0-9a-f-]{36}|"[^"]*"/g, '').slice(0, 60);

/** Makes a request that was answered wrongly as small as it gets and is still answered so. */
export async function shrink(
  request: FuzzRequest,
  fault: string,
  connection: Connection,
  oracle: Oracle,
): Promise<FuzzRequest> {
  const isStillWrong = async (candidate: FuzzRequest) => {
    const faults = oracle.judge(candidate, await connection.send(candidate));
    return faults.some((other) => kindOf(other) === kindOf(fault));
  };
  // Half a request is not answered unless it is known to end.
  let smallest: FuzzRequest = {
    ...request,
    parts: [Buffer.concat([...request.parts])],
    isLast: true,
    isCut: false,
  };
  let tries = 0;
  for (let size = Math.floor((smallest.parts[0]?.length ?? 0) / 2); size >= 1; size = Math.floor(size / 2)) {
    for (let at = 0; at < (smallest.parts[0]?.length ?? 0);) {
      tries += 1;
      if (tries > MOST_TRIES) return smallest;
      const candidate = { ...smallest, parts: [without(smallest.parts[0] ?? Buffer.alloc(0), at, size)] };
      if (await isStillWrong(candidate)) smallest = candidate;
      else at += size;
    }
  }
  return smallest;
}

/** The bytes without some of them. A length that was right before is right after. */
function without(bytes: Buffer, at: number, size: number): Buffer {
  const cut = Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + size)]);
  const [before, after] = [bodyLengthOf(bytes), bodyLengthOf(cut)];
  return Buffer.from(
    cut.toString('latin1').replace(`\r\nContent-Length: ${before}\r\n`, `\r\nContent-Length: ${after}\r\n`),
    'latin1',
  );
}

const bodyLengthOf = (bytes: Buffer): number => {
  const end = bytes.indexOf('\r\n\r\n');
  return end < 0 ? 0 : bytes.length - end - 4;
};

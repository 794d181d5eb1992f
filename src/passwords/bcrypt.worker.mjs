// Runs in threads of its own, see password-hasher.ts. JavaScript: a thread starts from a file as it is, and the tests
// start it from here.
import { constants, setPriority } from 'node:os';
import bcrypt from 'bcrypt';

try {
  // Of this thread alone: whoever waits for an answer that needs no hash comes first.
  setPriority(constants.priority.PRIORITY_LOW);
} catch {
  // Where a thread has no priority of its own, all are alike.
}

/** @param {{ input: Uint8Array, cost: number }} task */
export const hash = ({ input, cost }) => bcrypt.hashSync(Buffer.from(input), cost);

/**
 * Whether a form of the password matches one of the hashes it is compared with; the others are compared with for the
 * time that it takes.
 *
 * @param {{ candidates: { input: Uint8Array, hashes: string[] }[] }} task
 */
export const compare = ({ candidates }) =>
  candidates.some(({ input, hashes }) =>
    hashes.some((stored) => bcrypt.compareSync(Buffer.from(input), stored)),
  );

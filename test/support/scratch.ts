import { existsSync, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';

/** Where Linux keeps files in memory. */
const MEMORY = '/dev/shm';
/** The bytes that a run of the tests may need there, with a margin. */
const ROOM = 4 * 1024 ** 3;

/**
 * Where tests keep SQLite files: in memory, if there is room, as their commits need not outlive the machine. The whole
 * `npm run prove` measures a disk.
 */
export const SCRATCH = process.env['PROVE'] !== 'whole' && hasRoom() ? MEMORY : tmpdir();

function hasRoom(): boolean {
  if (!existsSync(MEMORY)) return false;
  const { bavail, bsize } = statfsSync(MEMORY);
  return bavail * bsize > ROOM;
}

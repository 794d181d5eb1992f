import { spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A small disk in memory, which only root may make (Linux). */
export class SmallDisk {
  private constructor(readonly directory: string) {}

  /** Makes one of so many KiB; undefined where it may not be made. */
  static async make(kibibytes: number): Promise<SmallDisk | undefined> {
    const directory = await mkdtemp(join(tmpdir(), 'hivegate-disk-'));
    const disk = new SmallDisk(directory);
    if (run('mount', '-t', 'tmpfs', '-o', `size=${kibibytes}k`, 'tmpfs', directory)) return disk;
    await rm(directory, { recursive: true });
    return undefined;
  }

  /** Makes it larger. */
  grow(kibibytes: number): void {
    this.remount(`size=${kibibytes}k`);
  }

  /** Puts the same disk over itself, read-only, as a file system is after an error. Files that are open stay as they are. */
  coverReadOnly(): void {
    if (!run('mount', '--bind', this.directory, this.directory))
      throw new Error('The disk cannot be covered');
    this.remount('ro,bind');
  }

  /** Takes away what {@link coverReadOnly} has put over it. */
  uncover(): void {
    if (!run('umount', this.directory)) throw new Error('The disk cannot be uncovered');
  }

  /** Lets nobody write to it any more; nobody may have a file open to write. */
  makeReadOnly(): void {
    this.remount('ro');
  }

  async remove(): Promise<void> {
    run('umount', '-l', this.directory);
    await rm(this.directory, { recursive: true, force: true });
  }

  private remount(options: string): void {
    if (!run('mount', '-o', `remount,${options}`, this.directory))
      throw new Error(`The disk cannot be mounted anew with ${options}`);
  }
}

/** Lets a process write files of any size from now on, where it was started with a limit. */
export function liftFileLimit(pid: number): void {
  if (!run('prlimit', `--pid=${pid}`, '--fsize=unlimited:unlimited'))
    throw new Error('The limit cannot be lifted');
}

const run = (command: string, ...parameters: readonly string[]) =>
  spawnSync(command, parameters).status === 0;

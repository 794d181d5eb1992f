import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { chownSync, existsSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { onTestFinished } from 'vitest';

/** Debian's packages that the trials start programs of, with a program of each. */
const PACKAGES = {
  pgbouncer: 'pgbouncer',
  haproxy: 'haproxy',
  patroni: 'patroni',
  'etcd-server': 'etcd',
  'postgresql-15': 'pg_basebackup',
} as const;
/** One of Debian's packages. */
export type Package = keyof typeof PACKAGES;

/** Where Debian keeps the server of PostgreSQL 15: its programs are in no `PATH`. */
export const POSTGRESQL_15 = '/usr/lib/postgresql/15/bin';

/** Finds the program of a package; undefined where it is not installed. */
export function programOf(name: Package): string | undefined {
  const program = PACKAGES[name];
  if (name === 'postgresql-15') {
    const path = join(POSTGRESQL_15, program);
    return existsSync(path) ? path : undefined;
  }
  const directories = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin', '/sbin'];
  return directories.map((directory) => join(directory, program)).find((path) => existsSync(path));
}

/** Why a trial that needs these packages cannot run; undefined: it can. */
export function missing(...names: readonly Package[]): string | undefined {
  const absent = names.filter((name) => programOf(name) === undefined);
  if (absent.length > 0) return `Not installed: ${absent.join(', ')} of Debian`;
  return ownerOf() === undefined
    ? 'Not installed: a user called postgres, which the servers run as'
    : undefined;
}

/** Who runs the programs: PostgreSQL and PgBouncer refuse root. `uid` is undefined where the caller is not root. */
interface Owner {
  readonly uid?: number;
  readonly gid?: number;
}

function ownerOf(): Owner | undefined {
  if (process.getuid?.() !== 0) return {};
  const line = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .find((entry) => entry.startsWith('postgres:'));
  const [, , uid, gid] = line?.split(':') ?? [];
  return uid === undefined ? undefined : { uid: Number(uid), gid: Number(gid) };
}

/** Makes a directory that the programs may write to, removed at the end of the test. */
export async function makeDirectory(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'hivegate-trial-'));
  await chmod(directory, 0o755);
  own(directory);
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  return directory;
}

/** Gives a file or directory to the user that the programs run as. */
export function own(path: string): void {
  const { uid, gid } = ownerOf() ?? {};
  if (uid !== undefined && gid !== undefined) chownSync(path, uid, gid);
}

/** Runs a program to its end, and returns what it has printed. @throws when it fails */
export function runProgram(path: string, parameters: readonly string[], directory = '/'): string {
  const { status, stdout, stderr } = spawnSync(path, parameters, {
    ...ownerOf(),
    cwd: directory,
    env: ENVIRONMENT,
    encoding: 'utf8',
  });
  if (status !== 0)
    throw new Error(`${path} ${parameters.join(' ')} ended with ${String(status)}: ${stderr}${stdout}`);
  return stdout;
}

const ENVIRONMENT = { PATH: process.env['PATH'] ?? '', LC_ALL: 'C', PGSSLMODE: 'disable' };

/** A program that runs until the test ends, or until it is stopped; alone in its directory. */
export class RunningProgram {
  /** What it has printed. */
  output = '';
  private readonly child: ChildProcess;
  private readonly ended: Promise<void>;
  private hasEnded = false;

  private constructor(
    path: string,
    parameters: readonly string[],
    private readonly directory: string,
  ) {
    this.child = spawn(path, parameters, {
      ...ownerOf(),
      cwd: directory,
      env: ENVIRONMENT,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [this.child.stdout, this.child.stderr])
      stream?.setEncoding('utf8').on('data', (text: string) => (this.output += text));
    this.ended = new Promise((done) => {
      const end = () => {
        this.hasEnded = true;
        done();
      };
      this.child.once('error', end).once('close', end);
    });
  }

  /** Starts it. It is killed at the end of the test. */
  static start(path: string, parameters: readonly string[], directory: string): RunningProgram {
    const program = new RunningProgram(path, parameters, directory);
    onTestFinished(() => program.kill());
    return program;
  }

  get isRunning(): boolean {
    return !this.hasEnded;
  }

  /** Sends a signal, and waits until it has ended. */
  async stop(signal: NodeJS.Signals): Promise<void> {
    if (this.isRunning) this.child.kill(signal);
    await this.ended;
  }

  /** Sends a signal and goes on. */
  signal(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }

  /** Kills all processes that run in its directory with SIGKILL, as a loss of power would: also those that left it. */
  async kill(): Promise<void> {
    // Again until there are none: one may just have started another.
    for (let found = processesIn(this.directory); found.length > 0; found = processesIn(this.directory)) {
      for (const pid of found) signalTo(pid, 'SIGKILL');
      await pause(5);
    }
    await this.ended;
  }
}

/** The processes whose working directory is this one or below it (Linux). */
function processesIn(directory: string): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => {
      const place = directoryOf(pid);
      return place === directory || place?.startsWith(`${directory}/`) === true;
    });
}

function directoryOf(pid: number): string | undefined {
  try {
    return readlinkSync(`/proc/${pid}/cwd`);
  } catch {
    // It has ended meanwhile, or belongs to somebody else.
    return undefined;
  }
}

function signalTo(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It has ended meanwhile.
  }
}

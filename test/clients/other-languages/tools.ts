import { execFile, type ExecFileException, execFileSync } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** How a tool is run. `environment` is added to that of this process. */
interface Run {
  readonly cwd?: string;
  readonly environment?: Readonly<Record<string, string>>;
}

/** Downloads, and the first compilation of a tool, take minutes; nothing takes longer. */
const TIMEOUT_MS = 5 * 60_000;

/**
 * Runs a tool; returns what it wrote to stdout and stderr.
 *
 * @throws {Error} if it fails or does not end, with what it wrote
 */
export async function runTool(
  [command, ...parameters]: readonly [string, ...string[]],
  { cwd, environment }: Run = {},
): Promise<string> {
  try {
    const options = {
      cwd,
      env: { ...process.env, ...environment },
      timeout: TIMEOUT_MS,
      maxBuffer: 64 << 20,
    };
    const { stdout, stderr } = await run(command, parameters, options);
    return stdout + stderr;
  } catch (error) {
    const { message, stdout, stderr } = error as ExecFileException;
    throw new Error(`${message}\n${stdout ?? ''}${stderr ?? ''}`, { cause: error });
  }
}

/**
 * Runs a tool that must have nothing to say: a warning fails as an error does. `notices` are lines that it always
 * writes, whatever the document.
 *
 * @throws {Error} with what it wrote
 */
export async function runQuietTool(
  command: readonly [string, ...string[]],
  options: Run & { readonly notices?: readonly RegExp[] } = {},
): Promise<void> {
  const { notices = [] } = options;
  const said = (await runTool(command, options))
    .split('\n')
    .filter((line) => line.trim() !== '' && !notices.some((notice) => notice.test(line)));
  if (said.length > 0) throw new Error(`${command.join(' ')} said:\n${said.join('\n')}`);
}

/** What a tool says of its version, or undefined where this machine does not have it. */
export function versionOf(command: string, ...parameters: readonly string[]): string | undefined {
  try {
    return execFileSync(command, parameters, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }).trim();
  } catch {
    return undefined;
  }
}

/** Whether `text` has a version, as `pattern` finds major and minor, of at least this one. */
export function isAtLeast(text: string, pattern: RegExp, major: number, minor = 0): boolean {
  const [, foundMajor = '0', foundMinor = '0'] = pattern.exec(text) ?? [];
  return Number(foundMajor) > major || (Number(foundMajor) === major && Number(foundMinor) >= minor);
}

import { spawn } from 'node:child_process';
import { executable } from './packed.js';

/** What came of a command. */
export interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** How a command is run, beyond its arguments. */
export interface CommandParts {
  /** What it reads from standard input; by default nothing. */
  readonly input?: string | Uint8Array;
  /** Where it runs; by default where no file `.env` of a developer is. */
  readonly directory?: string;
  /** A command that starts it in its own place: `['sh', '-c', 'exec "$@" | head -1', '--']`. */
  readonly within?: readonly string[];
}

/** Runs a built command of operators to its end: `keys`, `backup`. `environment` is all that it gets. */
export function runCommand(
  name: string,
  parameters: readonly string[],
  environment: Readonly<Record<string, string>>,
  { input, directory = import.meta.dirname, within = [] }: CommandParts = {},
): Promise<Outcome> {
  return new Promise((done, fail) => {
    const command = [...within, process.execPath, executable(), name, ...parameters];
    const child = spawn(command[0] ?? '', command.slice(1), {
      cwd: directory,
      env: { PATH: process.env['PATH'] ?? '', ...environment },
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    // The command may end without reading its input.
    child.stdin.on('error', () => undefined).end(input);
    child.once('error', fail).once('close', (code) => {
      done({ code, stdout, stderr });
    });
  });
}

/** Runs it and answers with what it says. @throws when it fails */
export async function commandOutput(...command: Parameters<typeof runCommand>): Promise<string> {
  const { code, stdout, stderr } = await runCommand(...command);
  if (code !== 0) throw new Error(`${command[0]} ${command[1].join(' ')} ended with ${code}: ${stderr}`);
  return stdout;
}

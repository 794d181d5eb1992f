import { spawn } from 'node:child_process';
import { executable } from './packed.js';

/** What came of a command. */
export interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a built command of operators to its end: `keys`, `backup`, `restore`. `environment` is all that it gets. */
export function runCommand(
  name: string,
  parameters: readonly string[],
  environment: Readonly<Record<string, string>>,
): Promise<Outcome> {
  return new Promise((done, fail) => {
    const child = spawn(process.execPath, [executable(`commands/${name}`), ...parameters], {
      env: { PATH: process.env['PATH'] ?? '', ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
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

import { spawn, spawnSync } from 'node:child_process';
import { executable } from './packed.js';

/** Whether this machine has the program `script` of util-linux, which runs a command in a pseudo-terminal. */
export const hasTerminal = (): boolean =>
  spawnSync('script', ['--version'], { encoding: 'utf8' }).stdout?.includes('util-linux') ?? false;

/**
 * Runs the program `hivegate` in a pseudo-terminal, which echoes as real ones do, and types a text at each prompt.
 * The output ends with `same` if the terminal has the same settings afterwards.
 */
export function runInTerminal(
  parameters: readonly string[],
  environment: Readonly<Record<string, string>>,
  typed: readonly { readonly prompt: string; readonly keys: string }[],
): Promise<{ code: number | null; output: string }> {
  const program = [process.execPath, executable(), ...parameters].map((word) => `'${word}'`).join(' ');
  const command = `before=$(stty -g); ${program}; code=$?; [ "$before" = "$(stty -g)" ] && echo same; exit $code`;
  return new Promise((done, fail) => {
    const child = spawn('script', ['-q', '-e', '-f', '--echo', 'always', '-c', command, '/dev/null'], {
      // Where no file `.env` of a developer is.
      cwd: import.meta.dirname,
      env: { PATH: process.env['PATH'] ?? '', SHELL: '/bin/sh', ...environment },
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    let output = '';
    let seen = 0;
    const waiting = [...typed];
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      output += text;
      const [next] = waiting;
      if (next === undefined || !output.includes(next.prompt, seen)) return;
      seen = output.indexOf(next.prompt, seen) + next.prompt.length;
      waiting.shift();
      child.stdin.write(next.keys);
    });
    child.once('error', fail).once('close', (code) => {
      done({ code, output });
    });
  });
}

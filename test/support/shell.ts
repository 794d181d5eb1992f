import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';

const END = '@@ the end of this command @@';

/** One bash that runs commands one after the other: variables and functions stay. */
export class Shell {
  private readonly child: ChildProcessWithoutNullStreams;
  private output = '';

  constructor(environment: Readonly<Record<string, string>>) {
    this.child = spawn('bash', ['--noprofile', '--norc'], {
      // Where no file `.env` of a developer is.
      cwd: import.meta.dirname,
      env: environment,
    });
    this.child.stdout.setEncoding('utf8').on('data', (text: string) => (this.output += text));
    this.child.stdin.write('exec 2>&1\n');
  }

  /** Runs a command, and returns what it has printed, errors included. */
  async run(command: string): Promise<string> {
    this.output = '';
    this.child.stdin.write(`${command}\nprintf '\\n%s\\n' '${END}'\n`);
    while (!this.output.endsWith(`\n${END}\n`)) {
      if (this.child.exitCode !== null) throw new Error(`bash has ended after: ${command}\n${this.output}`);
      await Promise.race([once(this.child.stdout, 'data'), once(this.child, 'close')]);
    }
    return this.output.slice(0, -END.length - 2).replaceAll('\r', '');
  }

  async close(): Promise<void> {
    const ended = once(this.child, 'close');
    this.child.stdin.end();
    await ended;
  }
}

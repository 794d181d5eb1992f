import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { DriverFailure, DriverRequest, DriverResponse } from './protocol.js';

/** A generated client, and the small program around it that the table of cases is run through. */
export interface Driver {
  /** The generator, as its users know it. */
  readonly name: string;
  /** What this machine lacks to run it, such as `no Go`; undefined: nothing. */
  readonly missing: () => string | undefined;
  /**
   * Generates the client from openapi/openapi.json, compiles both and returns the command that runs the driver.
   *
   * @throws {Error} with what was written, on an error or a warning of the generator or the compiler
   */
  readonly prepare: () => Promise<readonly [string, ...string[]]>;
}

/** A driver that runs, as a process of its own. */
export class DriverProcess {
  private readonly child: ChildProcessWithoutNullStreams;
  private readonly lines: AsyncIterator<string>;
  private readonly ended: Promise<number | null>;
  private stderr = '';

  constructor([command, ...parameters]: readonly [string, ...string[]], baseUrl: string) {
    this.child = spawn(command, [...parameters, baseUrl], { stdio: 'pipe' });
    this.child.stdin.on('error', () => undefined);
    this.child.stderr.setEncoding('utf8').on('data', (text: string) => (this.stderr += text));
    this.lines = createInterface({ input: this.child.stdout })[Symbol.asyncIterator]();
    this.ended = new Promise((ended, fail) => {
      this.child.once('close', ended).once('error', fail);
    });
  }

  /** Has the generated client make one call. */
  async call(request: DriverRequest): Promise<DriverResponse> {
    this.child.stdin.write(`${JSON.stringify(request)}\n`);
    const { done, value } = await this.lines.next();
    if (done === true) {
      throw new Error(`The driver ended with ${String(await this.ended)}: ${this.stderr}`);
    }
    const response = JSON.parse(value) as DriverResponse | DriverFailure;
    if ('failure' in response) throw new Error(`The driver failed: ${response.failure}`);
    return response;
  }

  /** Ends it; returns its exit code and all that it has written to stderr. */
  async stop(): Promise<{ code: number | null; stderr: string }> {
    this.child.stdin.end();
    return { code: await this.ended, stderr: this.stderr };
  }
}

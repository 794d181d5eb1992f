import { type ChildProcess, spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Client } from './client.js';
import { describeProcess, forgetProcess } from './conformance/descriptions.js';
import { areExchangesChecked } from './conformance/found-faults.js';
import { executable } from './packed.js';
import { SCRATCH } from './scratch.js';

/** The service as it is run in production: a process of its own, with nothing of ours in its environment. */
export class ServiceProcess {
  /** What it has written so far. */
  stdout = '';
  stderr = '';
  /** Its exit code once it has ended; null: a signal ended it. */
  readonly ended: Promise<number | null>;

  private constructor(
    private readonly child: ChildProcess,
    /** Where it runs, and keeps its data by default. */
    readonly directory: string,
    private readonly ownsDirectory: boolean,
    private readonly environment: Readonly<Record<string, string>>,
  ) {
    child.stdout?.setEncoding('utf8').on('data', (text: string) => (this.stdout += text));
    child.stderr?.setEncoding('utf8').on('data', (text: string) => (this.stderr += text));
    this.ended = new Promise((done) => {
      child.once('close', done);
    });
  }

  /**
   * Starts it; `environment` is all that it gets, `directory` where an earlier one ran, `within` a command that starts
   * it in its own place: `['sh', '-c', 'ulimit -n 100; exec "$@"', '--']`.
   */
  static async spawn(
    environment: Readonly<Record<string, string>> = {},
    directory?: string,
    within: readonly string[] = [],
  ): Promise<ServiceProcess> {
    const cwd = directory ?? (await mkdtemp(join(SCRATCH, 'hivegate-process-')));
    const env = { PATH: process.env['PATH'] ?? '', PORT: '0', BCRYPT_COST: '4', ...environment };
    const command = [...within, process.execPath, executable()];
    const child = spawn(command[0] ?? '', command.slice(1), { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
    return new ServiceProcess(child, cwd, directory === undefined, env);
  }

  /** Starts it and waits until it answers. */
  static async start(
    environment?: Readonly<Record<string, string>>,
    directory?: string,
    within?: readonly string[],
  ): Promise<{ service: ServiceProcess; client: Client }> {
    const service = await ServiceProcess.spawn(environment, directory, within);
    return { service, client: await service.listening() };
  }

  /** Its process id. */
  get pid(): number {
    return this.child.pid ?? 0;
  }

  /** Resident memory, in MiB (Linux). */
  memory(): number {
    const status = readFileSync(`/proc/${this.pid}/status`, 'utf8');
    return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1024;
  }

  /** How many files and sockets it holds open (Linux). */
  handles(): number {
    return readdirSync(`/proc/${this.pid}/fd`).length;
  }

  /** Everything that it has written. */
  get output(): string {
    return this.stdout + this.stderr;
  }

  /** The log: its lines, each parsed. */
  get log(): Record<string, unknown>[] {
    return this.stdout
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
  }

  signal(name: NodeJS.Signals): void {
    this.child.kill(name);
  }

  /** Stops it as an operator would, and answers with its exit code. */
  async stop(): Promise<number | null> {
    this.signal('SIGTERM');
    return this.ended;
  }

  /** Ends it whatever it does, and takes its directory away. */
  async remove(): Promise<void> {
    if (this.child.exitCode === null && this.child.signalCode === null) this.signal('SIGKILL');
    await this.ended;
    if (this.ownsDirectory) await rm(this.directory, { recursive: true, force: true });
  }

  /** Waits until `text` has been written. */
  async written(text: RegExp): Promise<RegExpExecArray> {
    for (;;) {
      const found = text.exec(this.output);
      if (found) return found;
      const code = await Promise.race([this.ended, new Promise((next) => setTimeout(next, 20, 'running'))]);
      if (code !== 'running' && !text.test(this.output)) {
        throw new Error(`The service ended with ${String(code)} and without ${String(text)}: ${this.output}`);
      }
    }
  }

  /** Waits until it answers. */
  async listening(): Promise<Client> {
    const [, url] = await this.written(/Hivegate answers at (\S+) /);
    const baseUrl = url ?? '';
    const { origin } = new URL(baseUrl);
    if (areExchangesChecked()) await describeProcess(origin, this.environment);
    void this.ended.then(() => {
      forgetProcess(origin);
    });
    return new Client(baseUrl);
  }
}

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Client } from '../../support/client.js';
import { until } from '../../support/until.js';

const PRELOAD = resolve('test/trials/fairness/clock.preload.mjs');

/** The clock of a service, which a trial moves. The clocks of the database and of the timers stay what they are. */
export class MovedClock {
  private readonly directory = mkdtempSync(join(tmpdir(), 'hivegate-clock-'));

  /** @param ahead milliseconds that it is ahead at first */
  constructor(private ahead = 0) {
    this.write();
  }

  /** Has a service use it. */
  get environment(): Record<string, string> {
    return { NODE_OPTIONS: `--import ${PRELOAD}`, CLOCK_AHEAD: this.file };
  }

  /** The time that it shows. */
  now(): number {
    return Date.now() + this.ahead;
  }

  /** Moves it by so many milliseconds, and waits until the service shows that time. */
  async advance(duration: number, service: Client): Promise<void> {
    this.set(this.ahead + duration);
    const before = this.now();
    await until(async () => {
      const shown = Date.parse((await service.get('/info')).body?.serverTimestamp);
      return shown >= before && shown <= this.now();
    });
  }

  /** Sets how far it is ahead, in milliseconds, while no service runs. */
  set(ahead: number): void {
    this.ahead = ahead;
    this.write();
  }

  remove(): void {
    rmSync(this.directory, { recursive: true });
  }

  private get file(): string {
    return join(this.directory, 'ahead');
  }

  private write(): void {
    writeFileSync(this.file, String(this.ahead));
  }
}

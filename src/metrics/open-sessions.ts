import { Gauge } from 'prom-client';
import { Injectable, Logger } from '@nestjs/common';
import { Database } from '../database/database.js';
import { nextTurn, SliceSize } from '../pagination/slices.js';
import { countOpenAfter } from '../sessions/sessions.repository.js';
import { MetricsRegistry } from './registry.js';

/** Milliseconds between the end of a count and the next one. */
const INTERVAL = 60_000;
/** The part of the time, at most, in which sessions are counted. */
const SHARE = 0.01;

/**
 * The number of open sessions. A scrape never waits for it: it gets the last count, and begins a new one if that is
 * old. A count reads the table in slices, so that it holds neither the process nor a connection for long.
 */
@Injectable()
export class OpenSessions {
  private readonly logger = new Logger(OpenSessions.name);
  private last: number | undefined;
  private isCounting = false;
  /** Before this moment of `performance.now()` no count begins. */
  private notBefore = 0;

  constructor(
    { registry }: MetricsRegistry,
    private readonly database: Database,
  ) {
    const update = () => {
      this.update();
      return this.last;
    };
    // Without a sample until the first count: 0 would be wrong, and NaN breaks sums.
    new Gauge({
      name: 'hivegate_open_sessions',
      help: 'Open sessions in the database, when they were last counted.',
      registers: [registry],
      collect() {
        const count = update();
        if (count === undefined) this.remove();
        else this.set(count);
      },
    });
  }

  private update(): void {
    if (this.isCounting || performance.now() < this.notBefore) return;
    this.isCounting = true;
    const began = performance.now();
    void this.count()
      .catch((error: unknown) => {
        this.logger.warn(`Open sessions cannot be counted: ${String(error)}`);
      })
      .finally(() => {
        const now = performance.now();
        this.notBefore = now + Math.max(INTERVAL, (now - began) / SHARE);
        this.isCounting = false;
      });
  }

  private async count(): Promise<void> {
    const size = new SliceSize();
    let open = 0;
    for (let after: string | null = ''; after !== null;) {
      const from: string = after;
      await nextTurn();
      const slice = await size.timed(() =>
        this.database.read((manager) => countOpenAfter(manager, from, size.rows)),
      );
      open += slice.open;
      after = slice.last;
    }
    this.last = open;
  }
}

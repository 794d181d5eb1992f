import { setTimeout as pause } from 'node:timers/promises';
import { collectDefaultMetrics, Registry } from 'prom-client';
import { Injectable } from '@nestjs/common';

/** The media type of the text: Prometheus' format. */
export const METRICS_TYPE: string = Registry.PROMETHEUS_CONTENT_TYPE;

/** The part of the time, at most, in which the text is written. */
const SHARE = 0.1;

/** All metrics of the process. */
@Injectable()
export class MetricsRegistry {
  readonly registry = new Registry();
  /** The text that is being made, for all who ask for it meanwhile. */
  private pending: Promise<string> | undefined;
  /** Before this moment of `performance.now()` none is made. */
  private notBefore = 0;

  constructor() {
    collectDefaultMetrics({ register: this.registry });
  }

  /**
   * Returns the metrics in Prometheus' format, as they are after the call. Anyone may ask as often as it likes
   * (contract.md §2): those who ask too often wait, and then get one text.
   */
  text(): Promise<string> {
    this.pending ??= this.make();
    return this.pending;
  }

  private async make(): Promise<string> {
    await pause(Math.max(this.notBefore - performance.now(), 0));
    // Who asks from now on gets the next one: this one may not have what happened before.
    this.pending = undefined;
    const began = performance.now();
    try {
      return await this.registry.metrics();
    } finally {
      this.notBefore = performance.now() + (performance.now() - began) / SHARE;
    }
  }
}

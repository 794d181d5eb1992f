import { setTimeout as pause } from 'node:timers/promises';
import type { EventView } from '../../../src/events/event.view.js';
import type { Client } from '../../support/client.js';

/** Milliseconds between two requests of a reader that has read everything. */
const INTERVAL = 50;
const PAGE = 100;

/** Follows `GET /event?after=` throughout, as another service would. */
export class Reader {
  readonly events: EventView[] = [];
  /** Pages that failed: the process was away. */
  failures = 0;

  constructor(private readonly client: () => Client) {}

  async follow(until: () => boolean): Promise<void> {
    while (!until()) if (!(await this.readPage())) await pause(INTERVAL);
  }

  /** Reads until there is nothing more. */
  async readAll(): Promise<this> {
    while (await this.readPage());
    return this;
  }

  /** Returns whether the page had any events. */
  private async readPage(): Promise<boolean> {
    const path = `/event?take=${PAGE}&after=${this.events.at(-1)?.id ?? 0}`;
    const answer = await this.client()
      .get(path)
      .catch(() => undefined);
    if (answer?.status !== 200) {
      this.failures += 1;
      return false;
    }
    this.events.push(...(answer.body as EventView[]));
    return answer.body.length > 0;
  }
}

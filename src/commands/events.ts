import { setTimeout as pause } from 'node:timers/promises';
import type { Database } from '../database/database.js';
import { sourceOf, toEventView } from '../events/event.view.js';
import { ListEventsQuery } from '../events/events.query.js';
import { EventsService } from '../events/events.service.js';
import type { Settings } from '../settings/settings.js';
import { parseArguments, UsageError } from './arguments.js';
import type { ArgumentParser } from './command.js';
import { withDatabase } from './existing-database.js';
import { print } from './output.js';
import { validateAs } from './validate-as.js';

/** Number of events per query. */
const PAGE = 1000;
/** Milliseconds between two queries for new events. */
const INTERVAL = 1000;

/** How many events are printed, and whether to wait for new ones. */
interface Reading {
  readonly most: number;
  readonly follow: boolean;
  /** Ends the waiting. */
  readonly stopping: AbortSignal;
}

/** Prints events as `GET /event` returns them, one JSON object per line. */
export const events: ArgumentParser = (args) => {
  const { values } = parseArguments(args, {
    options: {
      after: { type: 'string' },
      take: { type: 'string' },
      type: { type: 'string' },
      subject: { type: 'string' },
      actor: { type: 'string' },
      since: { type: 'string' },
      until: { type: 'string' },
      follow: { type: 'boolean' },
    },
  });
  const { take, follow = false, ...filters } = values;
  // Nothing new could match for ever.
  if (follow && filters.until !== undefined) throw new UsageError('--follow and --until exclude each other');
  const most = take === undefined ? Infinity : countOf(take);
  const query = validateAs(ListEventsQuery, filters);
  return async (settings) => {
    const stopping = new AbortController();
    const stop = () => {
      stopping.abort();
    };
    if (follow) {
      process.once('SIGINT', stop).once('SIGTERM', stop);
      process.stdout.once('close', stop);
    }
    await withDatabase(settings, (database) =>
      print(linesOf(database, settings, query, { most, follow, stopping: stopping.signal })),
    );
    return undefined;
  };
};

function countOf(take: string): number {
  if (!/^[1-9]\d{0,14}$/.test(take)) throw new UsageError('--take is not a positive integer');
  return Number(take);
}

/** Reads the events in pages, and yields the lines of each page. */
async function* linesOf(
  database: Database,
  settings: Settings,
  filters: ListEventsQuery,
  { most, follow, stopping }: Reading,
): AsyncGenerator<string, void, undefined> {
  const service = new EventsService(database, settings);
  const source = sourceOf(settings.jwtIssuer);
  let { after } = filters;
  for (let left = most; left > 0;) {
    const take = Math.min(left, PAGE);
    const page = await service.list(Object.assign(new ListEventsQuery(), filters, { after, take }));
    yield page.map((event) => `${JSON.stringify(toEventView(event, source))}\n`).join('');
    after = page.at(-1)?.id ?? after;
    left -= page.length;
    if (page.length === take) continue;
    if (!follow || (await isOver(stopping))) return;
  }
}

/** Waits until it is time for the next query. Returns whether the waiting has been ended instead. */
const isOver = (stopping: AbortSignal): Promise<boolean> =>
  pause(INTERVAL, false, { signal: stopping }).catch(() => true);

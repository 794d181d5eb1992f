import { Injectable } from '@nestjs/common';
import { requestErrors } from '../errors/request.errors.js';
import { UnavailableError } from '../errors/unavailable.error.js';
import { ShutdownState } from './shutdown-state.js';

/** Maximum number of polls and streams of one kind that a user has open in this process (contract.md §5). */
const MOST_PER_USER = 10;
/** `Retry-After` of the next one, in seconds. */
const RETRY_AFTER = 1;
/** Milliseconds between two checks of the token of each reader: it ends within a second. */
const CHECKED_EVERY = 400;

/** A poll that waits, or a stream. */
export interface OpenReader {
  /** Aborted when the service stops, or the token does not allow this any more: then the reason is the 401 or 403. */
  readonly signal: AbortSignal;
  /** Call it when the response has ended. */
  close(): void;
}

/** How a reader is opened. */
export interface ReaderOptions {
  /** Whose it is, and of what: `revocation/7`. */
  readonly key: string;
  /** Authenticates and authorizes the request again. Rejects when it may not go on. */
  readonly check: () => Promise<unknown>;
}

interface Entry {
  readonly check: () => Promise<unknown>;
  readonly ending: AbortController;
  /** Whether the check before has not returned yet. */
  isChecking: boolean;
}

/**
 * The polls that wait and the streams of this process. While one is open, its token is checked again and again; all of
 * them end when the service begins to stop, so that they do not delay it.
 */
@Injectable()
export class OpenReaders {
  private readonly entries = new Set<Entry>();
  private readonly counts = new Map<string, number>();
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly shutdown: ShutdownState) {
    shutdown.onShutdown(() => {
      for (const { ending } of this.entries) ending.abort();
    });
  }

  /** @throws {ApiError} 429 when the user has too many open */
  open({ key, check }: ReaderOptions): OpenReader {
    const count = this.counts.get(key) ?? 0;
    if (count >= MOST_PER_USER) throw requestErrors.tooManyRequests(RETRY_AFTER);
    this.counts.set(key, count + 1);
    const entry: Entry = { check, ending: new AbortController(), isChecking: false };
    this.entries.add(entry);
    if (this.shutdown.isShuttingDown) entry.ending.abort();
    this.timer ??= setInterval(() => {
      for (const each of this.entries) void checkAgain(each);
    }, CHECKED_EVERY).unref();
    return {
      signal: entry.ending.signal,
      close: () => {
        this.remove(entry, key);
      },
    };
  }

  private remove(entry: Entry, key: string): void {
    if (!this.entries.delete(entry)) return;
    entry.ending.abort();
    const count = (this.counts.get(key) ?? 1) - 1;
    if (count === 0) this.counts.delete(key);
    else this.counts.set(key, count);
    if (this.entries.size > 0) return;
    clearInterval(this.timer);
    this.timer = undefined;
  }
}

async function checkAgain(entry: Entry): Promise<void> {
  const { check, ending } = entry;
  if (ending.signal.aborted) return;
  // A database that does not respond: rights from before a second ago must not count.
  if (entry.isChecking) {
    ending.abort(new UnavailableError('The service is busy'));
    return;
  }
  entry.isChecking = true;
  try {
    await check();
  } catch (error) {
    ending.abort(error);
  } finally {
    entry.isChecking = false;
  }
}

/** @throws the reason why a reader may not go on: a 401, 403 or 503. Not for a shutdown */
export function assertAllowed({ signal }: OpenReader): void {
  if (signal.aborted && !isAbort(signal.reason)) throw signal.reason;
}

const isAbort = (reason: unknown): boolean => reason instanceof DOMException;

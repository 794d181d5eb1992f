import { after, type Moment, now, since } from './clock.js';
import { VerifyError, type VerifyErrorCode } from './errors.js';
import type { FeedToken } from './feed-token.js';
import type { JsonResponse } from './http.js';
import { type Judgement, readPage, Revocations } from './revocations.js';

/** Whether the feed of revocations is known up to now. `off`: there is none, tokens are good until they expire. */
export type FeedState = 'off' | 'starting' | 'current' | 'stale';

/** See {@link Verifier.status}. */
export interface FeedStatus {
  readonly feed: FeedState;
  /** When it became so. */
  readonly since: Date;
  /** All revocations up to here are known. Absent before the first response. */
  readonly knownUntil?: Date;
  /** What failed last, while it is not current. */
  readonly reason?: VerifyErrorCode;
}

/** How a {@link Feed} is followed. Milliseconds. */
export interface FeedOptions {
  readonly token: FeedToken;
  /** Sends the request of one page. */
  readonly read: (token: string, cursor: string | undefined) => Promise<JsonResponse>;
  readonly maxStaleness: number;
  /** How old the feed may be while it cannot be read. At least `maxStaleness`. */
  readonly acceptFor: number;
  readonly onStatus: (status: FeedStatus) => void;
}

/** A page with more entries may be followed by another one that is there already. */
const SMALL_PAGE = 100;
/** A page may have lost entries that have expired. So a beginning, or what was missed, ends after so many small pages. */
const SMALL_PAGES = 20;
/** A verifier that has verified nothing for so long is idle: it reads the feed less often. */
const IDLE_AFTER = 10_000;
const IDLE_INTERVAL = 5000;
const MOST_PAUSE = 1000;
/** How many sessions may be narrowed before all is read again. */
const NARROWED_AT_ONCE = 1000;

/**
 * Follows the feed of revocations by short polls. A response holds everything that was acknowledged before its request
 * was sent, so that moment, on the clock of this machine, is what the verifier knows revocations up to: however slow
 * the network is, and whatever a proxy holds back. A stream could not say that of itself.
 */
export class Feed {
  #known = new Revocations();
  /** What has been read since the beginning, until that is everything: it then replaces what is known. */
  #loading: Revocations | undefined = new Revocations();
  #cursor: string | undefined;
  /** Everything that was acknowledged before is known. */
  #currentAt: Moment | undefined;
  #usedAt = now();
  #polling: Promise<void> | undefined;
  #failures = 0;
  /** Until the next poll, in milliseconds. */
  #pause = 0;
  #reason: VerifyErrorCode | undefined;
  #status: FeedStatus = { feed: 'starting', since: new Date() };
  #narrowedAtLoad = 0;
  /** How often the cursor was refused in this poll. */
  #restarts = 0;
  #cancel: (() => void) | undefined;
  #isClosed = false;

  constructor(private readonly options: FeedOptions) {
    this.#schedule(0);
  }

  /** See {@link FeedStatus}. */
  get status(): FeedStatus {
    this.#update();
    return this.#status;
  }

  /** Ends it. */
  close(): void {
    this.#isClosed = true;
    this.#cancel?.();
  }

  /** Waits for the first whole response. @throws {VerifyError} why there is none */
  async ready(): Promise<void> {
    if (this.#isLoaded()) return;
    await this.#poll();
    if (!this.#isLoaded()) throw this.#failure();
  }

  #isLoaded(): boolean {
    return this.#currentAt !== undefined;
  }

  /** What the feed says of a session. */
  judge(session: string, issuedAt: number): Judgement {
    return this.#known.judge(session, issuedAt);
  }

  /** Makes sure that the feed is known well enough to judge a token that came at `asked`. @throws {VerifyError} `feedStale` */
  async settle(asked: Moment): Promise<void> {
    this.#usedAt = asked;
    if (this.#isKnown(asked)) return;
    // While it fails, nobody waits for it: it is tried again in the background. The second one is for a token that came
    // after the first had been sent.
    for (let polls = 0; polls < 2 && !this.#isFailing(); polls += 1) {
      await this.#poll();
      if (this.#isKnown(asked)) return;
    }
    if (this.#currentAt && since(this.#currentAt) <= this.options.acceptFor) return;
    this.#update();
    throw this.#failure();
  }

  #isFailing(): boolean {
    return this.#failures > 0;
  }

  #failure(): VerifyError {
    return new VerifyError(
      'feedStale',
      `The feed of revocations is not current${this.#reason === undefined ? '' : `: ${this.#reason}`}`,
    );
  }

  /** Whether it is known up to a moment not long ago, or up to when the token came. */
  #isKnown(asked: Moment): boolean {
    const at = this.#currentAt;
    return at !== undefined && (since(at) <= this.options.maxStaleness || at.monotonic >= asked.monotonic);
  }

  #schedule(pause: number): void {
    this.#cancel?.();
    if (this.#isClosed) return;
    this.#pause = pause;
    this.#cancel = after(pause, () => void this.#poll());
  }

  #poll(): Promise<void> {
    this.#polling ??= this.#pollOnce().finally(() => {
      this.#polling = undefined;
      this.#update();
      this.#schedule(this.#nextPause());
    });
    return this.#polling;
  }

  async #pollOnce(): Promise<void> {
    if (this.#isClosed) return;
    this.#restarts = 0;
    try {
      // Pages in a row that were small, although there was something new.
      let small = this.#loading || this.#failures > 0 ? 0 : SMALL_PAGES;
      for (;;) {
        const read = await this.#readPage(small >= SMALL_PAGES);
        if (read === 'all') break;
        if (read === 'small') small += 1;
        else if (this.#loading) small = 0;
      }
      this.#failures = 0;
      this.#reason = undefined;
    } catch (error) {
      this.#failures += 1;
      this.#reason = error instanceof VerifyError ? error.code : 'unavailable';
    }
  }

  /**
   * Reads what comes next. Returns `all` when that is all that there is.
   *
   * @param mayBeLast whether a small page is the last one; if not, the last one brings nothing new
   */
  async #readPage(mayBeLast: boolean): Promise<'all' | 'small' | 'more'> {
    const at = now();
    const cursor = this.#cursor;
    const { status, body } = await this.#request(cursor);
    if (cursor !== undefined && (status === 410 || status === 400)) {
      // From before a restore. A second one would be a fault of the issuer.
      if ((this.#restarts += 1) > 1)
        throw new VerifyError('unavailable', 'The feed refuses the cursors that it gives');
      this.#beginAgain();
      return 'more';
    }
    const page = status === 200 ? readPage(body) : undefined;
    if (!page) throw new VerifyError('unavailable', `The feed cannot be read: status ${status}`);
    (this.#loading ?? this.#known).add(page);
    this.#cursor = page.cursor;
    if (page.cursor !== cursor) {
      if (page.revoked.length + page.narrowed.length > SMALL_PAGE) return 'more';
      if (!mayBeLast) return 'small';
    }
    if (this.#loading) {
      this.#known = this.#loading;
      this.#loading = undefined;
      this.#narrowedAtLoad = this.#known.narrowedCount;
    }
    this.#currentAt = at;
    // When many sessions have been narrowed, all is read again, which leaves out what has expired: the feed does not say
    // until when such an entry matters. Memory stays within twice what the issuer keeps.
    if (this.#known.narrowedCount > 2 * this.#narrowedAtLoad + NARROWED_AT_ONCE) this.#beginAgain();
    return 'all';
  }

  #beginAgain(): void {
    this.#loading = new Revocations();
    this.#cursor = undefined;
  }

  async #request(cursor: string | undefined): Promise<JsonResponse> {
    const { token, read } = this.options;
    const response = await read(await token.get(), cursor);
    if (response.status !== 401) return response;
    // Expired or revoked: once more, with another one.
    token.reject();
    return read(await token.get(), cursor);
  }

  #nextPause(): number {
    if (this.#failures === 0)
      return since(this.#usedAt) > IDLE_AFTER ? IDLE_INTERVAL : this.options.maxStaleness / 3;
    // With a random part, so that not all verifiers come back at once.
    return Math.min(MOST_PAUSE, 50 * 2 ** Math.min(this.#failures, 10)) * (0.5 + Math.random() / 2);
  }

  #update(): void {
    const at = this.#currentAt;
    const isCurrent =
      at !== undefined && since(at) <= this.options.maxStaleness + (this.#failures === 0 ? this.#pause : 0);
    const feed = isCurrent ? 'current' : at || this.#failures > 0 ? 'stale' : 'starting';
    const hasChanged = feed !== this.#status.feed;
    this.#status = {
      feed,
      since: hasChanged ? new Date() : this.#status.since,
      ...(at && { knownUntil: new Date(at.wall) }),
      ...(!isCurrent && this.#reason !== undefined && { reason: this.#reason }),
    };
    if (hasChanged) this.options.onStatus(this.#status);
  }
}

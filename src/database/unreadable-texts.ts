import { Logger } from '@nestjs/common';

/** Milliseconds after which a row is named again. */
const PERIOD = 3_600_000;
/** How many rows are named in {@link PERIOD}: one statement from outside may have spoilt every row of a table. */
const MOST_NAMED = 100;

/**
 * Warns of stored texts that are not what the service writes: something else has written to the database. A row is read
 * with each request, so each is named once in {@link PERIOD}, and no more than {@link MOST_NAMED} are. The texts
 * themselves are never shown: they may hold a secret.
 */
export class UnreadableTexts {
  private readonly named = new Set<string>();
  private namedSince = -Infinity;

  /**
   * @param logger takes the warnings
   * @param now milliseconds, of a clock that never goes back
   */
  constructor(
    private readonly logger: Pick<Logger, 'warn'> = new Logger('Database'),
    private readonly now = () => performance.now(),
  ) {}

  /** Warns of one text. `subject`: what it is, such as `The data of user 7`; `consequence`: what it counts as. */
  report(subject: string, consequence: string): void {
    const now = this.now();
    if (now - this.namedSince >= PERIOD) {
      this.named.clear();
      this.namedSince = now;
    }
    if (this.named.size > MOST_NAMED || this.named.has(subject)) return;
    this.named.add(subject);
    this.logger.warn(
      this.named.size > MOST_NAMED
        ? 'There are more such rows in the database: they are not named for an hour'
        : `${subject} was not written by the service: ${consequence}`,
    );
  }
}

/** That of the process. */
export const unreadableTexts = new UnreadableTexts();

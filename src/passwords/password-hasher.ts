import { createHash, timingSafeEqual } from 'node:crypto';
import { availableParallelism } from 'node:os';
import bcrypt from 'bcrypt';
import { Piscina } from 'piscina';
import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { requestErrors } from '../errors/request.errors.js';
import type { Settings } from '../settings/settings.js';
import { SETTINGS } from '../settings/settings.module.js';
import { hashingWaits } from '../telemetry/measurements.js';
import { traced } from '../telemetry/traced.js';
import { Turns } from '../turns/turns.js';
import { HashingRank, type HashingTurn } from './hashing-turn.js';
import { formsOfPassword, normalisePassword } from './password-forms.js';
import { parseStoredPassword, type StoredPassword, toBcryptInput } from './stored-password.js';

/** Maximum number of hashing threads, on machines with more cores. */
const MOST_THREADS = 8;
/** Milliseconds of work that may wait (contract.md §5), but never fewer entries than so many per thread. */
const WAITING_WORK = 10_000;
const LEAST_WAITING = 2;
/**
 * Longest wait for a turn, in milliseconds: those who have failed lately may wait for longer than the work that waits
 * takes. Less than the time in which a response must be sent.
 */
const LONGEST_WAIT = 30_000;
/** Milliseconds of a bcrypt hash of cost 0 on a fast processor. Each cost takes twice as long as the one before. */
const COST_ZERO = 0.04;
/** What the passwords of other kinds are compared with. */
const NOTHING_IMPORTED = { salt: '', digest: Buffer.alloc(0) };

/**
 * Hashes passwords in low-priority threads, one per core. Requests for a hash wait in a fair queue, which holds up to ten
 * seconds of work. So a flood of sign-ins starves neither other requests nor the sign-ins of others
 * (docs/decisions/0005-password-hashing.md).
 */
@Injectable()
export class PasswordHasher implements OnApplicationShutdown {
  private readonly slots = Math.min(availableParallelism(), MOST_THREADS);
  private readonly turns: Turns;
  private readonly threads = new Piscina({
    filename: new URL('bcrypt.worker.mjs', import.meta.url).href,
    // Threads start on demand and are kept.
    minThreads: 0,
    maxThreads: this.slots,
    idleTimeout: Infinity,
    // In MiB. A thread holds only a password and a few hashes.
    resourceLimits: { maxOldGenerationSizeMb: 32, maxYoungGenerationSizeMb: 4 },
  });
  private readonly cost: number;
  /** The highest cost of a stored hash seen so far. Every failed comparison takes as long as this cost does. */
  private highestCost: number;
  /** Hashes that no password matches, by cost. */
  private readonly decoys = new Map<number, string>();

  constructor(@Inject(SETTINGS) settings: Settings) {
    this.cost = settings.bcryptCost;
    this.highestCost = settings.bcryptCost;
    const expected = COST_ZERO * 2 ** settings.bcryptCost;
    this.turns = new Turns({
      slots: this.slots,
      // A slot is also held while a sign-in uses the database. If that fails at once, no more may wait for it.
      capacity: (held) =>
        Math.max(
          LEAST_WAITING * this.slots,
          Math.floor((WAITING_WORK * this.slots) / Math.max(held, expected / 2)),
        ),
      expected,
      longestWait: LONGEST_WAIT,
      ranks: HashingRank.Failed + 1,
      refusal: requestErrors.overloaded,
    });
  }

  /** @throws {ApiError} 503 when too many wait */
  hash(password: string, turn: HashingTurn): Promise<string> {
    return this.inTurn(turn, () => this.rehash(password));
  }

  /**
   * Whether `password`, as it was typed, matches a stored hash. Call it {@link inTurn}. All comparisons with one text
   * take the same time, whatever the kind of hash, so that the time reveals nothing. Without a hash, the result is false.
   *
   * A text that has other normal forms is compared in each. A hash of today is one of NFC; earlier and imported ones may
   * be of another form.
   */
  async compare(password: string, hash = ''): Promise<boolean> {
    const stored = parseStoredPassword(hash);
    const forms = formsOfPassword(password);
    const isOfImported = forms.map((form) => matchesImported(form, stored)).includes(true);
    const isOfBcrypt = await this.bcryptCompare(forms, stored);
    return (stored.kind === 'imported' ? isOfImported : isOfBcrypt) && password.isWellFormed();
  }

  /** Whether the password should be rehashed at the next sign-in. */
  needsUpgrade(hash: string): boolean {
    const stored = parseStoredPassword(hash);
    return stored.kind !== 'current' || stored.cost !== this.cost;
  }

  /** Returns a new hash, of the password in NFC. Call it {@link inTurn}. */
  async rehash(password: string): Promise<string> {
    if (!password.isWellFormed()) throw new Error('A password that is not well-formed has no hash');
    const input = toBcryptInput(normalisePassword(password));
    return (await this.threads.run({ input, cost: this.cost }, { name: 'hash' })) as string;
  }

  /**
   * Waits for a turn and a free hashing slot, and runs `work` in it.
   *
   * @throws {ApiError} 503 when too many wait, and nobody has more waiting than this one
   */
  inTurn<T>(turn: HashingTurn, work: () => Promise<T>): Promise<T> {
    const arrived = performance.now();
    return traced('password hashing', () =>
      this.turns.run(turn, () => {
        hashingWaits.report((performance.now() - arrived) / 1000);
        return work();
      }),
    );
  }

  /** How many hashes wait for a turn, how many turns are taken, and how many may be taken at once. */
  get load(): { readonly waiting: number; readonly running: number; readonly slots: number } {
    return { waiting: this.turns.waiting, running: this.turns.taken, slots: this.slots };
  }

  async onApplicationShutdown(): Promise<void> {
    await this.threads.destroy();
  }

  /** `forms`: NFC first. */
  private bcryptCompare(forms: readonly string[], stored: StoredPassword): Promise<boolean> {
    const kind = stored.kind === 'earlier' ? 'earlier' : 'current';
    const candidates = forms.map((form, index) => ({
      input: toBcryptInput(form, kind),
      hashes: this.hashesFor(stored.kind === 'current' && index > 0 ? undefined : stored),
    }));
    return this.threads.run({ candidates }, { name: 'compare' });
  }

  /**
   * Returns the hashes to compare one form with in sequence. Together they take as long as one hash of the highest cost:
   * the work is 2 to the power of the cost, and `2^c + 2^c + 2^(c+1) + … + 2^(n-1) = 2^n`.
   */
  private hashesFor(stored: StoredPassword | undefined): string[] {
    if (stored?.kind !== 'current' && stored?.kind !== 'earlier') return [this.decoyOf(this.highestCost)];
    const { hash, cost } = stored;
    this.highestCost = Math.max(this.highestCost, cost);
    const padding = Array.from({ length: this.highestCost - cost }, (_, index) => this.decoyOf(cost + index));
    return [hash, ...padding];
  }

  private decoyOf(cost: number): string {
    let decoy = this.decoys.get(cost);
    if (decoy === undefined) {
      decoy = `${bcrypt.genSaltSync(cost)}${'.'.repeat(31)}`;
      this.decoys.set(cost, decoy);
    }
    return decoy;
  }
}

/** Whether a form of a password matches an imported hash. Hashes it for every kind: the time reveals none. */
function matchesImported(form: string, stored: StoredPassword): boolean {
  const { salt, digest } = stored.kind === 'imported' ? stored : NOTHING_IMPORTED;
  const hashed = createHash('sha256').update(`${salt}${form}`).digest();
  return timingSafeEqual(hashed, digest.length === hashed.length ? digest : Buffer.alloc(hashed.length));
}

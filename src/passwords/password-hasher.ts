import { createHash, timingSafeEqual } from 'node:crypto';
import { availableParallelism } from 'node:os';
import bcrypt from 'bcrypt';
import { Piscina } from 'piscina';
import { Inject, Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import { requestErrors } from '../errors/request.errors.js';
import type { Settings } from '../settings/settings.js';
import { SETTINGS } from '../settings/settings.module.js';
import { hashingWaits } from '../telemetry/measurements.js';
import { traced } from '../telemetry/traced.js';
import { Turns } from '../turns/turns.js';
import type { ForeignBcryptHash, ForeignHash } from './foreign-hash.js';
import { HashingRank, type HashingSlot, type HashingTurn, TURN_OF_SERVICE } from './hashing-turn.js';
import { formsOfPassword, normalisePassword } from './password-forms.js';
import { type Comparison, SlowComparisons } from './slow-comparisons.js';
import { SlowLine } from './slow-line.js';
import {
  type BcryptPassword,
  parseStoredPassword,
  type StoredPassword,
  toBcryptInput,
  toForeignInput,
} from './stored-password.js';

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
/** How many attempts with one login from one source may be under way, on machines with few cores. */
const MOST_OF_ONE = 4;
/** What the passwords of other kinds are compared with. */
const NOTHING_OF_ORIGINAL = { salt: '', digest: Buffer.alloc(0) };
/** The module of the threads that computes the hashes of other systems. */
const FOREIGN = new URL('foreign.worker.mjs', import.meta.url).href;

/**
 * Hashes passwords in low-priority threads, one per core. Requests for a hash wait in a fair queue, which holds up to ten
 * seconds of work. So a flood of sign-ins starves neither other requests nor the sign-ins of others
 * (docs/decisions/0005-password-hashing.md).
 */
@Injectable()
export class PasswordHasher implements OnApplicationShutdown {
  private readonly slots = Math.min(availableParallelism(), MOST_THREADS);
  private readonly turns: Turns;
  private readonly threads = threadsOf(this.slots);
  /** Threads of their own: bcrypt does not wait for a hash that takes seconds. */
  private readonly slowThreads = threadsOf(this.slots);
  private readonly slow = new SlowComparisons({
    run: (comparisons) => this.slowThreads.run({ comparisons }, { filename: FOREIGN, name: 'verify' }),
  });
  private readonly line = new SlowLine({
    slots: () => (this.slow.isOneByOne ? 1 : this.slots),
    target: () => this.slow.target,
    mostOfOne: Math.max(this.slots, MOST_OF_ONE),
  });
  private readonly logger = new Logger(PasswordHasher.name);
  private readonly cost: number;
  /** Why stored hashes cannot be used: each reason is logged once. */
  private readonly loggedRefusals = new Set<string>();
  /** Hashes that no password matches, by cost. */
  private readonly decoys = new Map<number, string>();

  constructor(@Inject(SETTINGS) settings: Settings) {
    this.cost = settings.bcryptCost;
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
   * Whether `password`, as it was typed, matches a stored hash. Call it {@link inTurn}. All comparisons of one text that
   * fail take the same time, whatever the kind of hash, so that the time reveals nothing: each computes bcrypt of the
   * configured cost, and then those of slower hashes compute, and the others wait as long ({@link SlowComparisons}).
   * Neither holds the slot meanwhile: it is given back, and they wait in a line of their own ({@link SlowLine}). Without a
   * hash, the result is false.
   *
   * A text that has other normal forms is compared in each. A hash of today is one of NFC; earlier and imported ones may
   * be of another form.
   *
   * @throws {ApiError} 503 when too many wait in that line
   */
  async compare(password: string, hash = '', slot: HashingSlot = slotOfService()): Promise<boolean> {
    const stored = parseStoredPassword(hash);
    if (stored.kind === 'none' && hash !== '') this.logUnusable(stored.reason ?? 'it is malformed');
    const forms = formsOfPassword(password);
    const slowHash = this.slowHashOf(stored);
    const isOfOriginal = forms.map((form) => matchesOriginal(form, stored)).includes(true);
    // Before the line of the slow ones, for all: otherwise the order of parallel rejections tells who computes.
    const isOfBcrypt = await this.bcryptCompare(forms, slowHash ? { kind: 'none' } : stored);
    if (slowHash) {
      const comparisons = this.slowComparisons(forms, stored, slowHash);
      const isRight = await this.line.pass(slot, () => this.slow.compare(comparisons));
      return isRight && mayMatch(password, stored);
    }
    if ((stored.kind === 'original' ? isOfOriginal : isOfBcrypt) && mayMatch(password, stored)) return true;
    if (this.slow.isWanted) await this.line.pass(slot, () => this.slow.wait(forms.length));
    return false;
  }

  /**
   * Takes note of the stored hashes that there are, one of each cost: rejected sign-ins take as long as the slowest.
   *
   * @returns when it is known how long that is
   */
  async know(hashes: readonly string[]): Promise<void> {
    const slow = hashes.map((hash) => this.slowHashOf(parseStoredPassword(hash)));
    await this.slow.know(slow.filter((hash) => hash !== undefined));
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
   * @throws {ApiError} 503 when too many wait, and nobody has more waiting than this one; or when too many with the same
   *   keys are under way
   */
  inTurn<T>(turn: HashingTurn, work: (slot: HashingSlot) => Promise<T>): Promise<T> {
    const arrived = performance.now();
    return traced('password hashing', () =>
      this.turns.run(turn, (giveBack) => {
        hashingWaits.report((performance.now() - arrived) / 1000);
        return this.line.attempt(turn, () => work({ turn, arrived, giveBack }));
      }),
    );
  }

  /** How many hashes wait for a turn or in the line of the slow ones, how many turns are taken, and how many may be taken at once. */
  get load(): { readonly waiting: number; readonly running: number; readonly slots: number } {
    return { waiting: this.turns.waiting + this.line.waiting, running: this.turns.taken, slots: this.slots };
  }

  async onApplicationShutdown(): Promise<void> {
    await Promise.all([this.threads.destroy(), this.slowThreads.destroy()]);
  }

  /** Returns the hash that takes longer to compare with than bcrypt of the configured cost, or needs something else. */
  private slowHashOf(stored: StoredPassword): ForeignHash | undefined {
    if (stored.kind === 'foreign')
      return stored.hash.kind === 'bcrypt' && stored.hash.cost <= this.cost ? undefined : stored.hash;
    if ((stored.kind !== 'current' && stored.kind !== 'earlier') || stored.cost <= this.cost)
      return undefined;
    return { kind: 'bcrypt', of: 'own', hash: stored.hash, cost: stored.cost };
  }

  private slowComparisons(forms: readonly string[], stored: StoredPassword, hash: ForeignHash): Comparison[] {
    return forms.map((form, index) => ({
      input: inputOf(form, stored),
      // A hash of today is one of NFC.
      hash: stored.kind === 'current' && index > 0 ? { ...hash, hash: this.decoyOf(stored.cost) } : hash,
    }));
  }

  /** `forms`: NFC first. */
  private bcryptCompare(forms: readonly string[], stored: StoredPassword): Promise<boolean> {
    const candidates = forms.map((form, index) => ({
      input: inputOf(form, stored),
      hashes: this.hashesFor(stored.kind === 'current' && index > 0 ? undefined : bcryptOf(stored)),
    }));
    return this.threads.run({ candidates }, { name: 'compare' });
  }

  /**
   * Returns the hashes to compare one form with in sequence. Together they take as long as one hash of the configured
   * cost: the work is 2 to the power of the cost, and `2^c + 2^c + 2^(c+1) + … + 2^(n-1) = 2^n`.
   */
  private hashesFor(stored: { readonly hash: string; readonly cost: number } | undefined): string[] {
    if (!stored) return [this.decoyOf(this.cost)];
    const { hash, cost } = stored;
    const padding = Array.from({ length: this.cost - cost }, (_, index) => this.decoyOf(cost + index));
    return [hash, ...padding];
  }

  private logUnusable(reason: string): void {
    if (this.loggedRefusals.has(reason)) return;
    this.loggedRefusals.add(reason);
    this.logger.warn(`A stored password hash cannot be used, so its user cannot sign in: ${reason}`);
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

function threadsOf(maxThreads: number): Piscina {
  return new Piscina({
    filename: new URL('bcrypt.worker.mjs', import.meta.url).href,
    // Threads start on demand and are kept.
    minThreads: 0,
    maxThreads,
    idleTimeout: Infinity,
    // In MiB. A thread holds only a password and a few hashes.
    resourceLimits: { maxOldGenerationSizeMb: 32, maxYoungGenerationSizeMb: 4 },
  });
}

/** What those who hold no slot wait in the line with. */
const slotOfService = (): HashingSlot => ({
  turn: TURN_OF_SERVICE,
  arrived: performance.now(),
  giveBack: () => undefined,
});

/** Whether a form of a password matches a hash of the original. Hashes it for every kind: the time reveals none. */
function matchesOriginal(form: string, stored: StoredPassword): boolean {
  const { salt, digest } = stored.kind === 'original' ? stored : NOTHING_OF_ORIGINAL;
  const hashed = createHash('sha256').update(`${salt}${form}`).digest();
  return timingSafeEqual(hashed, digest.length === hashed.length ? digest : Buffer.alloc(hashed.length));
}

/** Returns the bcrypt hash of a stored password. */
function bcryptOf(stored: StoredPassword): BcryptPassword | ForeignBcryptHash | undefined {
  if (stored.kind === 'current' || stored.kind === 'earlier') return stored;
  return stored.kind === 'foreign' && stored.hash.kind === 'bcrypt' ? stored.hash : undefined;
}

/** Returns what is hashed of a form of a password. */
function inputOf(form: string, stored: StoredPassword): Buffer {
  if (stored.kind === 'foreign') return toForeignInput(form, stored.hash);
  return toBcryptInput(form, stored.kind === 'earlier' ? 'earlier' : 'current');
}

/**
 * Whether a password that matches may be the right one. One that is not well-formed never is. bcrypt of other systems
 * takes one with NUL for others.
 */
function mayMatch(password: string, stored: StoredPassword): boolean {
  if (!password.isWellFormed()) return false;
  const isTerminated =
    stored.kind === 'foreign' && stored.hash.kind === 'bcrypt' && stored.hash.of === 'password';
  return !isTerminated || !password.includes('\0');
}

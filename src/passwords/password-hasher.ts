import { createHash, timingSafeEqual } from 'node:crypto';
import { availableParallelism } from 'node:os';
import bcrypt from 'bcrypt';
import { Piscina } from 'piscina';
import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { requestErrors } from '../errors/request.errors.js';
import type { Settings } from '../settings/settings.js';
import { SETTINGS } from '../settings/settings.module.js';
import { Turns } from '../turns/turns.js';
import { HashingRank, type HashingTurn } from './hashing-turn.js';

/** bcrypt ignores all bytes after the first 72. */
const BCRYPT_BYTES = 72;
/** Maximum number of hashing threads, on machines with more cores. */
const MOST_THREADS = 8;
/** Milliseconds of work that may wait (contract.md §5), but never fewer entries than {@link LEAST_WAITING}. */
const WAITING_WORK = 10_000;
const LEAST_WAITING = 64;
/**
 * Longest wait for a turn, in milliseconds: those who have failed lately may wait for longer than the work that waits
 * takes. Less than the time in which a response must be sent.
 */
const LONGEST_WAIT = 30_000;
/** Milliseconds of a bcrypt hash of cost 0 on a fast processor. Each cost takes twice as long as the one before. */
const COST_ZERO = 0.04;
/** A bcrypt hash that the library supports. The cost is at most 15: a higher one could block a thread for hours. */
const BCRYPT = /^\$2[ab]\$(?<cost>0[4-9]|1[0-5])\$[./A-Za-z0-9]{53}$/;
/** A hash imported from DeviceHive: one round of SHA-256 over salt and password. */
const IMPORTED = /^devicehive-sha256\$(?<salt>[^$]*)\$(?<digest>[A-Za-z0-9+/=]+)$/;

/**
 * Hashes passwords in low-priority threads, one per core. Who wants a hash waits in a fair queue, which holds up to ten
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
        Math.max(LEAST_WAITING, Math.floor((WAITING_WORK * this.slots) / Math.max(held, expected / 2))),
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
   * Whether `password` matches `hash`. Call it {@link inTurn}. All comparisons take the same time, whatever the kind of
   * hash, so that the time reveals nothing. Without a hash, the result is false.
   */
  async compare(password: string, hash = ''): Promise<boolean> {
    const imported = IMPORTED.exec(hash)?.groups;
    const digest = createHash('sha256')
      .update(`${imported?.['salt'] ?? ''}${password}`)
      .digest();
    const stored = Buffer.from(imported?.['digest'] ?? '', 'base64');
    const expected = stored.length === digest.length ? stored : Buffer.alloc(digest.length);
    const isOfImported = timingSafeEqual(digest, expected);
    const isOfBcrypt = await this.bcryptCompare(password, hash);
    return imported ? isOfImported : isOfBcrypt;
  }

  /** Whether the password should be rehashed at the next sign-in. */
  needsUpgrade(hash: string): boolean {
    return IMPORTED.test(hash) || bcrypt.getRounds(hash) !== this.cost;
  }

  /** Returns a new hash. Call it {@link inTurn}. */
  rehash(password: string): Promise<string> {
    return this.threads.run({ input: toBcryptInput(password), cost: this.cost }, { name: 'hash' });
  }

  /**
   * Waits for a turn and a free hashing slot, and runs `work` in it.
   *
   * @throws {ApiError} 503 when too many wait, and nobody has more waiting than this one
   */
  inTurn<T>(turn: HashingTurn, work: () => Promise<T>): Promise<T> {
    return this.turns.run(turn, work);
  }

  async onApplicationShutdown(): Promise<void> {
    await this.threads.destroy();
  }

  private bcryptCompare(password: string, hash: string): Promise<boolean> {
    return this.threads.run(
      { input: toBcryptInput(password), hashes: this.hashesFor(hash) },
      { name: 'compare' },
    );
  }

  /**
   * Returns the hashes to compare with in sequence. Together they take as long as one hash of the highest cost: the
   * work is 2 to the power of the cost, and `2^c + 2^c + 2^(c+1) + … + 2^(n-1) = 2^n`.
   */
  private hashesFor(hash: string): string[] {
    const cost = Number(BCRYPT.exec(hash)?.groups?.['cost'] ?? NaN);
    if (Number.isNaN(cost)) return [this.decoyOf(this.highestCost)];
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

/**
 * Returns the bytes of a password. If bcrypt would truncate it, returns its SHA-256 in base64 (contract.md §8). The
 * same for a password with NUL: bcrypt repeats the password with a NUL terminator, so `a\0a` and `a` would be equal.
 */
function toBcryptInput(password: string): Buffer {
  const bytes = Buffer.from(password, 'utf8');
  if (bytes.length <= BCRYPT_BYTES && !bytes.includes(0)) return bytes;
  return Buffer.from(createHash('sha256').update(bytes).digest('base64'));
}

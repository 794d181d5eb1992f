import { createHash, timingSafeEqual } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import bcrypt from 'bcrypt';
import pLimit from 'p-limit';
import { Piscina } from 'piscina';
import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { requestErrors } from '../errors/request.errors.js';
import type { Settings } from '../settings/settings.js';
import { SETTINGS } from '../settings/settings.module.js';

/** bcrypt reads no further. */
const BCRYPT_BYTES = 72;
/** The most that are hashed at once, however many cores there are. */
const MOST_THREADS = 8;
/** How many may wait for each that is hashed: about two seconds at the default cost. */
const WAITING_PER_SLOT = 8;
/**
 * Milliseconds until somebody who finds no place is told so, and how many may wait for that: whoever hammers at
 * sign-in and does not heed `Retry-After` is slowed down, and costs next to nothing meanwhile.
 */
const REFUSAL_PAUSE = 500;
const MOST_PAUSING = 1000;
/** A hash of bcrypt that its library knows, and that does not take a thread for hours. */
const BCRYPT = /^\$2[ab]\$(?<cost>0[4-9]|1[0-5])\$[./A-Za-z0-9]{53}$/;
/** A hash that was brought along from the original: one round of SHA-256 over salt and password. */
const IMPORTED = /^devicehive-sha256\$(?<salt>[^$]*)\$(?<digest>[A-Za-z0-9+/=]+)$/;

/**
 * Hashes passwords, a few at a time: as many at once as there are cores, in threads of low priority, a short queue,
 * and then 503, so that a flood of sign-ins cannot starve the rest (docs/decisions/0005-password-hashing.md).
 */
@Injectable()
export class PasswordHasher implements OnApplicationShutdown {
  private readonly slots = Math.min(availableParallelism(), MOST_THREADS);
  private readonly limit = pLimit(this.slots);
  private pausing = 0;
  private readonly threads = new Piscina({
    filename: new URL('bcrypt.worker.mjs', import.meta.url).href,
    // Made when they are needed, and kept.
    minThreads: 0,
    maxThreads: this.slots,
    idleTimeout: Infinity,
    // They hold a password and a hash.
    resourceLimits: { maxOldGenerationSizeMb: 32, maxYoungGenerationSizeMb: 4 },
  });
  private readonly cost: number;
  /** The highest cost that a stored hash has been seen with: what fails takes as long as that. */
  private highestCost: number;
  /** Hashes of no password at all, by their cost. */
  private readonly decoys = new Map<number, string>();

  constructor(@Inject(SETTINGS) settings: Settings) {
    this.cost = settings.bcryptCost;
    this.highestCost = settings.bcryptCost;
  }

  /** @throws {ApiError} 503 when too many wait */
  hash(password: string): Promise<string> {
    return this.inSlot(() => this.rehash(password));
  }

  /**
   * Whether `password` is the one of `hash`, for those who are {@link inSlot} already. It takes as long as any other
   * comparison that fails, whatever kind of hash it is with; without one it fails.
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

  /** Whether a stored hash should be made anew at the next sign-in. */
  needsUpgrade(hash: string): boolean {
    return IMPORTED.test(hash) || bcrypt.getRounds(hash) !== this.cost;
  }

  /** A new hash, for those who are {@link inSlot} already. */
  rehash(password: string): Promise<string> {
    return this.threads.run({ input: toBcryptInput(password), cost: this.cost }, { name: 'hash' });
  }

  /**
   * Waits for one of the few places in which hashing is done, and does `work` there.
   *
   * @throws {ApiError} 503 when too many wait
   */
  async inSlot<T>(work: () => Promise<T>): Promise<T> {
    if (this.limit.pendingCount >= this.slots * WAITING_PER_SLOT) return this.refuse();
    return this.limit(work);
  }

  async onApplicationShutdown(): Promise<void> {
    await this.threads.destroy();
  }

  private async refuse(): Promise<never> {
    if (this.pausing < MOST_PAUSING) {
      this.pausing += 1;
      await pause(REFUSAL_PAUSE);
      this.pausing -= 1;
    }
    throw requestErrors.overloaded();
  }

  private bcryptCompare(password: string, hash: string): Promise<boolean> {
    return this.threads.run(
      { input: toBcryptInput(password), hashes: this.hashesFor(hash) },
      { name: 'compare' },
    );
  }

  /**
   * The hashes to compare with, one after the other, so that it takes as long as the highest cost does: a cost is a
   * power of two, and `2^c + 2^c + 2^(c+1) + … + 2^(n-1) = 2^n`.
   */
  private hashesFor(hash: string): string[] {
    const cost = Number(BCRYPT.exec(hash)?.groups?.['cost'] ?? NaN);
    if (Number.isNaN(cost)) return [this.decoyOf(this.highestCost)];
    this.highestCost = Math.max(this.highestCost, cost);
    const makeUp = Array.from({ length: this.highestCost - cost }, (_, index) => this.decoyOf(cost + index));
    return [hash, ...makeUp];
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
 * The bytes of a password; of one that bcrypt would cut off, its SHA-256 in base64 (contract.md §8). So too of one
 * with NUL: bcrypt repeats a password and the NUL behind it, and takes `a\0a` for `a`.
 */
function toBcryptInput(password: string): Buffer {
  const bytes = Buffer.from(password, 'utf8');
  if (bytes.length <= BCRYPT_BYTES && !bytes.includes(0)) return bytes;
  return Buffer.from(createHash('sha256').update(bytes).digest('base64'));
}

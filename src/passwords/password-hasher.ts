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

/** bcrypt ignores all bytes after the first 72. */
const BCRYPT_BYTES = 72;
/** Maximum number of hashing threads, on machines with more cores. */
const MOST_THREADS = 8;
/** Queue length per thread: a wait of about two seconds at the default cost. */
const WAITING_PER_SLOT = 8;
/**
 * Delay of the 503 in milliseconds when the queue is full, and the maximum number of requests delayed at once. The
 * delay slows down clients that ignore `Retry-After`; a waiting request costs almost nothing.
 */
const REFUSAL_PAUSE = 500;
const MOST_PAUSING = 1000;
/** A bcrypt hash that the library supports. The cost is at most 15: a higher one could block a thread for hours. */
const BCRYPT = /^\$2[ab]\$(?<cost>0[4-9]|1[0-5])\$[./A-Za-z0-9]{53}$/;
/** A hash imported from DeviceHive: one round of SHA-256 over salt and password. */
const IMPORTED = /^devicehive-sha256\$(?<salt>[^$]*)\$(?<digest>[A-Za-z0-9+/=]+)$/;

/**
 * Hashes passwords in low-priority threads, one per core. A short queue follows; when it is full, requests get 503. So
 * a flood of sign-ins cannot starve other requests (docs/decisions/0005-password-hashing.md).
 */
@Injectable()
export class PasswordHasher implements OnApplicationShutdown {
  private readonly slots = Math.min(availableParallelism(), MOST_THREADS);
  private readonly limit = pLimit(this.slots);
  private pausing = 0;
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
  }

  /** @throws {ApiError} 503 when too many wait */
  hash(password: string): Promise<string> {
    return this.inSlot(() => this.rehash(password));
  }

  /**
   * Whether `password` matches `hash`. Call it {@link inSlot}. All comparisons take the same time, whatever the kind of
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

  /** Returns a new hash. Call it {@link inSlot}. */
  rehash(password: string): Promise<string> {
    return this.threads.run({ input: toBcryptInput(password), cost: this.cost }, { name: 'hash' });
  }

  /**
   * Waits for a free hashing slot and runs `work` in it.
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

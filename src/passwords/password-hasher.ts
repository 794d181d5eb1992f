import { createHash, timingSafeEqual } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import bcrypt from 'bcrypt';
import pLimit from 'p-limit';
import { Piscina } from 'piscina';
import { errors } from '../common/errors.js';
import { SETTINGS } from '../config/config.module.js';
import type { Settings } from '../config/settings.js';

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
  /** The hash of no password at all, for those who have none to compare with. */
  private readonly decoy: string;

  constructor(@Inject(SETTINGS) settings: Settings) {
    this.cost = settings.bcryptCost;
    this.decoy = `${bcrypt.genSaltSync(this.cost)}${'.'.repeat(31)}`;
  }

  /** @throws {ApiError} 503 when too many wait */
  hash(password: string): Promise<string> {
    return this.inSlot(() => this.rehash(password));
  }

  /** Whether `password` is the one of `hash`. @throws {ApiError} 503 when too many wait */
  verify(password: string, hash: string): Promise<boolean> {
    return this.inSlot(() => this.compare(password, hash));
  }

  /** Takes as long as a comparison does, and finds nothing. */
  async compareWithNothing(password: string): Promise<false> {
    await this.bcryptCompare(password, this.decoy);
    return false;
  }

  /** A comparison for those who are {@link inSlot} already. */
  async compare(password: string, hash: string): Promise<boolean> {
    const imported = IMPORTED.exec(hash)?.groups;
    if (!imported) return this.bcryptCompare(password, hash);
    const digest = createHash('sha256').update(`${imported['salt']}${password}`).digest();
    const expected = Buffer.from(imported['digest'] ?? '', 'base64');
    // A single round is quick: this keeps the answer as slow as any other.
    await this.compareWithNothing(password);
    return digest.length === expected.length && timingSafeEqual(digest, expected);
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
    throw errors.overloaded();
  }

  private bcryptCompare(password: string, hash: string): Promise<boolean> {
    return this.threads.run({ input: toBcryptInput(password), hash }, { name: 'compare' });
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

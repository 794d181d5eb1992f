import { createHash, timingSafeEqual } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { Inject, Injectable } from '@nestjs/common';
import bcrypt from 'bcrypt';
import pLimit from 'p-limit';
import { errors } from '../common/errors.js';
import { SETTINGS } from '../config/config.module.js';
import type { Settings } from '../config/settings.js';

/** bcrypt reads no further. */
const BCRYPT_BYTES = 72;
/** libuv gives hashing, files and DNS this many threads in all, unless told otherwise. */
const THREADS = 4;
/** How many may wait for each that is hashed: about two seconds at the default cost. */
const WAITING_PER_SLOT = 8;
/** A hash that was brought along from the original: one round of SHA-256 over salt and password. */
const IMPORTED = /^devicehive-sha256\$(?<salt>[^$]*)\$(?<digest>[A-Za-z0-9+/=]+)$/;

/**
 * Hashes passwords, a few at a time: as many at once as there are cores, a short queue, and then 503, so that a
 * flood of sign-ins cannot starve the rest (docs/decisions/0005-password-hashing.md).
 */
@Injectable()
export class PasswordHasher {
  private readonly slots = Math.min(availableParallelism(), THREADS);
  private readonly limit = pLimit(this.slots);
  private readonly cost: number;
  /** The hash of no password at all, for those who have none to compare with. */
  private readonly decoy: string;

  constructor(@Inject(SETTINGS) settings: Settings) {
    this.cost = settings.bcryptCost;
    this.decoy = `${bcrypt.genSaltSync(this.cost)}${'.'.repeat(31)}`;
  }

  /** @throws {ApiError} 503 when too many wait */
  hash(password: string): Promise<string> {
    return this.inSlot(() => bcrypt.hash(toBcryptInput(password), this.cost));
  }

  /** Whether `password` is the one of `hash`. @throws {ApiError} 503 when too many wait */
  verify(password: string, hash: string): Promise<boolean> {
    return this.inSlot(() => this.compare(password, hash));
  }

  /** Takes as long as a comparison does, and finds nothing. */
  async compareWithNothing(password: string): Promise<false> {
    await bcrypt.compare(toBcryptInput(password), this.decoy);
    return false;
  }

  /** A comparison for those who are {@link inSlot} already. */
  async compare(password: string, hash: string): Promise<boolean> {
    const imported = IMPORTED.exec(hash)?.groups;
    if (!imported) return bcrypt.compare(toBcryptInput(password), hash);
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
    return bcrypt.hash(toBcryptInput(password), this.cost);
  }

  /**
   * Waits for one of the few places in which hashing is done, and does `work` there.
   *
   * @throws {ApiError} 503 when too many wait
   */
  inSlot<T>(work: () => Promise<T>): Promise<T> {
    if (this.limit.pendingCount >= this.slots * WAITING_PER_SLOT) return Promise.reject(errors.overloaded());
    return this.limit(work);
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

import { createPrivateKey, createPublicKey, createSecretKey, type KeyObject } from 'node:crypto';
import type { JWK } from 'jose';
import { Inject, Injectable, Logger, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { Database } from '../../database/database.js';
import type { Settings } from '../../settings/settings.js';
import { SETTINGS } from '../../settings/settings.module.js';
import { decryptKey, isEncrypted } from './key-encryption.js';
import { KEYS_CHANGED, KEYS_NOTICED, makeKey, protectKey, readKeys, signerAt } from './key-rotation.js';
import { SigningKey } from './signing-key.entity.js';

/** Milliseconds between two looks at the stored keys, and for which an unknown key id is not looked up again. */
const LOOK_INTERVAL = KEYS_NOTICED / 2;

/** A key that signs, with what goes into the header of a token. */
export interface Signer {
  readonly algorithm: 'ES256' | 'HS256';
  readonly kid?: string;
  readonly key: KeyObject;
}

/** A key that verifies, and is published. */
interface Published {
  readonly jwk: JWK;
  readonly key: KeyObject;
}

/** A key that signs, or will. */
interface Upcoming extends Signer {
  readonly kid: string;
  readonly createdAt: Date;
}

/**
 * The keys that sign and verify tokens (contract.md §5): ES256 keys of the database, all of them published and
 * accepted, the newest that has begun signing; or HS256 with `JWT_SECRET`, and then nothing else.
 *
 * Keys come and go while the service runs (docs/decisions/0012-key-rotation.md). A change is announced where there
 * are announcements, and looked for all the time, for they may be lost.
 */
@Injectable()
export class SigningKeysService implements OnModuleInit, OnModuleDestroy {
  private readonly logger = new Logger(SigningKeysService.name);
  private signer: Signer | undefined;
  /** When {@link signer} is to be chosen anew. */
  private signsUntil = Infinity;
  /** The key that signs and those that will after it, in this order. */
  private signers: readonly Upcoming[] = [];
  private published: ReadonlyMap<string, Published> = new Map();
  private loading: Promise<void> = Promise.resolve();
  private lookedUpAt = -Infinity;
  private timer?: NodeJS.Timeout;
  private stopped = false;
  /** What was last said of keys that cannot be read. */
  private problem: string | undefined;

  constructor(
    private readonly database: Database,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  async onModuleInit(): Promise<void> {
    const { jwtSecret } = this.settings;
    if (jwtSecret !== undefined) {
      // A KeyObject: with a plain string each verification would first try to read it as a PEM.
      this.signer = { algorithm: 'HS256', key: createSecretKey(Buffer.from(jwtSecret)) };
      return;
    }
    await this.ensureKey();
    await this.reload();
    this.database.changes?.subscribe((subject) => {
      if (subject === undefined || subject === KEYS_CHANGED) void this.look();
    });
    this.lookAgain();
  }

  /** A look that is under way is not waited for: a database that is silent would hold up the end of the service. */
  onModuleDestroy(): void {
    this.stopped = true;
    clearTimeout(this.timer);
  }

  /** The one algorithm that tokens are signed and verified with. */
  get algorithm(): 'ES256' | 'HS256' {
    return this.settings.jwtSecret === undefined ? 'ES256' : 'HS256';
  }

  /** The key that signs now. */
  get current(): Signer {
    if (Date.now() >= this.signsUntil) this.choose();
    if (!this.signer) throw new Error('There is no signing key');
    return this.signer;
  }

  /** The public keys, as a JWK set (RFC 7517 §5). */
  get jwks(): { readonly keys: readonly JWK[] } {
    return { keys: [...this.published.values()].map(({ jwk }) => jwk) };
  }

  /** The key that verifies a token whose header names `kid`; undefined when there is none. */
  async verifier(kid: string | undefined): Promise<KeyObject | undefined> {
    if (this.algorithm === 'HS256') return this.current.key;
    if (kid === undefined) return undefined;
    // A process whose clock goes before ours may sign with a key that we have not seen yet.
    if (!this.published.has(kid)) {
      if (performance.now() - this.lookedUpAt > LOOK_INTERVAL) {
        this.lookedUpAt = performance.now();
        void this.reload();
      }
      await this.loading;
    }
    return this.published.get(kid)?.key;
  }

  /** Whether a token that the key `kid` has verified is still good. */
  accepts(kid: string | undefined): boolean {
    return this.algorithm === 'HS256' || (kid !== undefined && this.published.has(kid));
  }

  /** Makes the first key, and encrypts those that were stored before there was a secret to do so. */
  private async ensureKey(): Promise<void> {
    const secret = this.settings.keyEncryptionSecret;
    await this.database.transaction(async (transaction) => {
      const { manager } = transaction;
      await transaction.serialise('signingKeys');
      const keys = await readKeys(manager);
      if (keys.length === 0)
        await manager.insert(SigningKey, { ...(await makeKey(secret)), createdAt: new Date() });
      for (const { kid, privateKey } of keys) {
        if (secret !== undefined && !isEncrypted(privateKey)) {
          await manager.update(SigningKey, kid, { privateKey: await protectKey(privateKey, secret) });
        }
      }
    });
  }

  private lookAgain(): void {
    this.timer = setTimeout(() => {
      void this.look().then(() => {
        if (!this.stopped) this.lookAgain();
      });
    }, LOOK_INTERVAL).unref();
  }

  /** Takes up what has changed. While the database does not answer, what is known holds. */
  private async look(): Promise<void> {
    if (this.stopped) return;
    try {
      await this.reload();
      this.problem = undefined;
    } catch (error) {
      this.tell(error as Error);
    }
  }

  private tell({ message }: Error): void {
    if (!this.stopped && message !== this.problem)
      this.logger.warn(`The signing keys cannot be read: ${message}`);
    this.problem = message;
  }

  /** One after the other: an answer must not be followed by an older one. */
  private reload(): Promise<void> {
    this.loading = this.loading.catch(() => undefined).then(() => this.load());
    return this.loading;
  }

  private async load(): Promise<void> {
    const keys = await this.database.read(readKeys);
    this.published = new Map(
      keys.map(({ kid, publicJwk }) => [kid, this.published.get(kid) ?? publish(publicJwk)]),
    );
    const signers: Upcoming[] = [];
    for (const { kid, privateKey, createdAt } of keys.slice(signerAt(keys, Date.now()))) {
      const known = this.signers.find((signer) => signer.kid === kid);
      const key = known?.key ?? createPrivateKey(await this.decrypt(privateKey));
      signers.push({ algorithm: 'ES256', kid, key, createdAt });
    }
    this.signers = signers;
    this.choose();
  }

  private decrypt(stored: string): Promise<string> {
    return decryptKey(stored, this.settings.keyEncryptionSecret);
  }

  private choose(): void {
    const index = signerAt(this.signers, Date.now());
    this.signer = this.signers[index];
    this.signsUntil = this.signers[index + 1]?.createdAt.getTime() ?? Infinity;
  }
}

function publish(publicJwk: string): Published {
  const jwk = JSON.parse(publicJwk) as JWK;
  return { jwk, key: createPublicKey({ key: { ...jwk }, format: 'jwk' }) };
}

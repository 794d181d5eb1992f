import { createPrivateKey, createPublicKey, createSecretKey, type KeyObject } from 'node:crypto';
import type { JWK } from 'jose';
import { Inject, Injectable, Logger, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { Database } from '../../database/database.js';
import { RecurringWork } from '../../database/recurring-work.js';
import { SERVICE_ACTOR } from '../../events/event.js';
import { recordEvent } from '../../events/record-event.js';
import type { Settings } from '../../settings/settings.js';
import { SETTINGS } from '../../settings/settings.module.js';
import { decryptKey, isEncrypted } from './key-encryption.js';
import { KEYS_CHANGED, KEYS_NOTICED, makeKey, protectKey, readKeys, signerAt } from './key-rotation.js';
import { SigningKey } from './signing-key.entity.js';

/** Milliseconds between two polls of the stored keys, and between two lookups of unknown key ids. */
const LOOK_INTERVAL = KEYS_NOTICED / 2;

/** A key that signs, with the `alg` and `kid` of the token header. */
export interface Signer {
  readonly algorithm: 'ES256' | 'HS256';
  readonly kid?: string;
  readonly key: KeyObject;
}

/** A public key that is published and verifies tokens. */
interface Published {
  readonly jwk: JWK;
  readonly key: KeyObject;
}

/** A key that signs now or will sign later. */
interface Upcoming extends Signer {
  readonly kid: string;
  readonly createdAt: Date;
}

/**
 * The keys that sign and verify tokens (contract.md §5). With `JWT_SECRET`: HS256 only. Otherwise: the ES256 keys of
 * the database. All of them are published and accepted; the newest one that has started signs.
 *
 * Keys are added and removed while the service runs (docs/decisions/0012-key-rotation.md). The service reloads them
 * when it is notified. It also polls, because notifications may be lost and SQLite has none.
 */
@Injectable()
export class SigningKeysService implements OnModuleInit, OnModuleDestroy {
  private readonly polling = new RecurringWork({
    interval: LOOK_INTERVAL,
    work: () => this.reload(),
    logger: new Logger(SigningKeysService.name),
    problem: 'The signing keys cannot be read',
  });
  private signer: Signer | undefined;
  /** When the next key replaces {@link signer}, in milliseconds since 1970. */
  private signsUntil = Infinity;
  /** The key that signs now, then the keys that will sign after it, in order. */
  private signers: readonly Upcoming[] = [];
  private published: ReadonlyMap<string, Published> = new Map();
  private loading: Promise<void> = Promise.resolve();
  private lookedUpAt = -Infinity;

  constructor(
    private readonly database: Database,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  async onModuleInit(): Promise<void> {
    const { jwtSecret } = this.settings;
    if (jwtSecret !== undefined) {
      // A KeyObject is faster: each verification would first try to parse a string as PEM.
      this.signer = { algorithm: 'HS256', key: createSecretKey(Buffer.from(jwtSecret)) };
      return;
    }
    await this.ensureKey();
    await this.reload();
    this.database.changes?.subscribe((subject) => {
      if (subject === undefined || subject === KEYS_CHANGED) void this.polling.run();
    });
    this.polling.start();
  }

  onModuleDestroy(): void {
    this.polling.stop();
  }

  /** The only algorithm that signs and verifies tokens. */
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

  /** Returns the key that verifies a token with this `kid`, or undefined when there is none. */
  async verifier(kid: string | undefined): Promise<KeyObject | undefined> {
    if (this.algorithm === 'HS256') return this.current.key;
    if (kid === undefined) return undefined;
    // A process whose clock is ahead may sign with a key that this process has not loaded yet.
    if (!this.published.has(kid)) {
      if (performance.now() - this.lookedUpAt > LOOK_INTERVAL) {
        this.lookedUpAt = performance.now();
        void this.reload();
      }
      await this.loading;
    }
    return this.published.get(kid)?.key;
  }

  /** Whether the key `kid` is still accepted. */
  accepts(kid: string | undefined): boolean {
    return this.algorithm === 'HS256' || (kid !== undefined && this.published.has(kid));
  }

  /** Creates the first key. Encrypts keys that were stored before `KEY_ENCRYPTION_SECRET` was set. */
  private async ensureKey(): Promise<void> {
    const secret = this.settings.keyEncryptionSecret;
    await this.database.transaction(async (transaction) => {
      const { manager } = transaction;
      await transaction.serialise('signingKeys');
      const keys = await readKeys(manager);
      if (keys.length === 0) {
        const made = await makeKey(secret);
        await manager.insert(SigningKey, { ...made, createdAt: new Date() });
        await recordEvent(transaction, {
          type: 'key.created',
          subject: `key/${made.kid}`,
          actor: SERVICE_ACTOR,
        });
      }
      for (const { kid, privateKey } of keys) {
        if (secret !== undefined && !isEncrypted(privateKey)) {
          await manager.update(SigningKey, kid, { privateKey: await protectKey(privateKey, secret) });
        }
      }
    });
  }

  /** Serialises the loads: an older result must not overwrite a newer one. */
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

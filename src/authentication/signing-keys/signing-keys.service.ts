import { createSecretKey, type KeyObject } from 'node:crypto';
import type { JWK } from 'jose';
import jwt from 'jsonwebtoken';
import { Inject, Injectable, Logger, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { Database } from '../../database/database.js';
import { RecurringWork } from '../../database/recurring-work.js';
import { unreadableTexts } from '../../database/unreadable-texts.js';
import type { Dialect } from '../../dialect/dialect.js';
import { DIALECT } from '../../dialect/dialect.module.js';
import { type Settings, SettingsError } from '../../settings/settings.js';
import { SETTINGS } from '../../settings/settings.module.js';
import { decryptKey } from './key-encryption.js';
import { type CompleteSigningKey, isComplete, KeyPair } from './key-pair.js';
import { ensureKeys, KEYS_CHANGED, KEYS_NOTICED, readKeys, signerAt } from './key-rotation.js';
import type { SigningKey } from './signing-key.entity.js';
import { isTypeOf, isTypeOfOrNone, TOKEN_USES, type TokenAlgorithm, type TokenUse } from './token-use.js';

/** Milliseconds between two polls of the stored keys, and between two lookups of unknown key ids. */
const LOOK_INTERVAL = KEYS_NOTICED / 2;

/** A key that signs, with the `alg`, `typ` and `kid` of the token header. */
export interface Signer {
  readonly algorithm: TokenAlgorithm;
  readonly typ?: string;
  readonly kid?: string;
  readonly key: KeyObject;
}

/** A pair of keys that signs now or will sign later. */
interface Upcoming {
  readonly createdAt: Date;
  readonly signers: Readonly<Record<TokenUse, Signer>>;
}

/**
 * The keys that sign and verify tokens (contract.md §5). With `JWT_SECRET`: that secret, for both uses. Otherwise: the
 * pairs of keys in the database, of which one key signs access tokens and is published, and the other signs refresh
 * tokens. All of them are accepted; the newest one that has started signs (docs/decisions/0018-refresh-keys.md).
 *
 * Keys are added and removed while the service runs (docs/decisions/0012-key-rotation.md). The service reloads them
 * when it is notified. It also polls, because notifications may be lost and SQLite has none.
 */
@Injectable()
export class SigningKeysService implements OnModuleInit, OnModuleDestroy {
  private readonly logger = new Logger(SigningKeysService.name);
  private readonly polling = new RecurringWork({
    interval: LOOK_INTERVAL,
    work: () => this.reload(),
    logger: this.logger,
    problem: 'The signing keys cannot be read',
  });
  /** `JWT_SECRET`, if it is set. A KeyObject is faster: each verification would first try to parse a string as PEM. */
  private readonly secret: KeyObject | undefined;
  private current: Upcoming | undefined;
  /** When the next pair replaces {@link current}, in milliseconds since 1970. */
  private signsUntil = Infinity;
  /** The pair that signs now, then the pairs that will sign after it, in order. */
  private upcoming: readonly Upcoming[] = [];
  /** The accepted pairs, by key id. */
  private pairs: ReadonlyMap<string, KeyPair> = new Map();
  private loading: Promise<void> = Promise.resolve();
  private lookedUpAt = -Infinity;

  constructor(
    private readonly database: Database,
    @Inject(SETTINGS) private readonly settings: Settings,
    @Inject(DIALECT) { keyOf }: Dialect,
  ) {
    const { jwtSecret } = settings;
    this.secret = jwtSecret === undefined ? undefined : createSecretKey(keyOf(jwtSecret));
  }

  async onModuleInit(): Promise<void> {
    if (this.secret) return;
    await this.ensure();
    await this.reload();
    this.database.changes?.subscribe((subject) => {
      if (subject === undefined || subject === KEYS_CHANGED) void this.polling.run();
    });
    this.polling.start();
  }

  onModuleDestroy(): void {
    this.polling.stop();
  }

  /** Whether there is a key to sign with: until the service has started, there is none. */
  get areRead(): boolean {
    return this.secret !== undefined || this.current !== undefined;
  }

  /** The only algorithm that signs and verifies tokens of this use. */
  algorithm(use: TokenUse): TokenAlgorithm {
    return this.secret ? 'HS256' : TOKEN_USES[use].algorithm;
  }

  /** Whether a token whose header has this `typ` may be of this use. With `JWT_SECRET`, the claims decide as well. */
  acceptsType(typ: unknown, use: TokenUse): boolean {
    return this.secret ? isTypeOfOrNone(use, typ) : isTypeOf(use, typ);
  }

  /** The public keys, as a JWK set (RFC 7517 §5). */
  get jwks(): { readonly keys: readonly JWK[] } {
    return { keys: [...this.pairs.values()].map(({ jwk }) => jwk) };
  }

  /** Returns the key that signs tokens of this use now. */
  signer(use: TokenUse): Signer {
    if (this.secret) return { algorithm: 'HS256', key: this.secret };
    if (Date.now() >= this.signsUntil) this.choose();
    if (!this.current) throw new Error('There is no signing key');
    return this.current.signers[use];
  }

  /** Returns claims as a signed token. The same claims give the same refresh token while the same key signs. */
  sign(claims: object, use: TokenUse): string {
    const { algorithm, typ, kid, key } = this.signer(use);
    // Without a header, jsonwebtoken would write `typ: JWT`. It leaves out what is undefined.
    const header = { alg: algorithm, typ, kid } as jwt.JwtHeader;
    return jwt.sign(claims, key, { algorithm, header });
  }

  /** Returns the key that verifies a token of this use with this `kid`, or undefined when there is none. */
  async verifier(kid: string | undefined, use: TokenUse): Promise<KeyObject | undefined> {
    if (this.secret) return this.secret;
    if (kid === undefined) return undefined;
    // A process whose clock is ahead may sign with a key that this process has not loaded yet.
    if (!this.pairs.has(kid)) {
      if (performance.now() - this.lookedUpAt > LOOK_INTERVAL) {
        this.lookedUpAt = performance.now();
        void this.reload();
      }
      await this.loading;
    }
    const pair = this.pairs.get(kid);
    if (use === 'access') return pair?.publicKey;
    return pair?.refreshKey().catch((error: unknown) => {
      this.logger.warn(`A refresh key cannot be read: ${(error as Error).message}`);
      return undefined;
    });
  }

  /** Whether the key `kid` is still accepted. */
  accepts(kid: string | undefined): boolean {
    return this.secret !== undefined || (kid !== undefined && this.pairs.has(kid));
  }

  private ensure(): Promise<void> {
    return ensureKeys(this.database, this.settings.keyEncryptionSecret);
  }

  /** Serialises the loads: an older result must not overwrite a newer one. */
  private reload(): Promise<void> {
    this.loading = this.loading.catch(() => undefined).then(() => this.load());
    return this.loading;
  }

  private async load(): Promise<void> {
    let keys = await this.readAccepted();
    if (!keys.every(isComplete)) {
      // A process or a command of an earlier version is still running, and has stored this pair.
      await this.ensure();
      keys = await this.readAccepted();
    }
    const complete = keys.filter(isComplete);
    const upcoming: Upcoming[] = [];
    for (const { kid, createdAt } of complete.slice(signerAt(complete, Date.now()))) {
      const pair = this.pairs.get(kid);
      if (pair) upcoming.push({ createdAt, signers: await signersOf(kid, pair) });
    }
    this.upcoming = upcoming;
    this.choose();
    if (!this.current)
      throw new SettingsError(
        'No signing key in the database can be read: hivegate keys rotate --now makes another one',
      );
  }

  /** Reads the stored pairs. From here on these are accepted, whatever fails later: others have been revoked. */
  private async readAccepted(): Promise<SigningKey[]> {
    const keys = await this.database.read(readKeys);
    const pairs = new Map<string, KeyPair>();
    for (const key of keys.filter(isComplete)) {
      const pair = this.pairs.get(key.kid) ?? this.pairOf(key);
      if (pair) pairs.set(key.kid, pair);
    }
    this.pairs = pairs;
    return keys;
  }

  /** Returns undefined for a pair that something else has spoilt: its tokens are refused, those of others are not. */
  private pairOf(stored: CompleteSigningKey): KeyPair | undefined {
    try {
      return new KeyPair(stored, this.decrypt);
    } catch {
      unreadableTexts.report(
        `The signing key ${stored.kid}`,
        'its public part is not readable, and its tokens are refused',
      );
      return undefined;
    }
  }

  private readonly decrypt = (stored: string): Promise<string> =>
    decryptKey(stored, this.settings.keyEncryptionSecret);

  private choose(): void {
    const index = signerAt(this.upcoming, Date.now());
    this.current = this.upcoming[index];
    this.signsUntil = this.upcoming[index + 1]?.createdAt.getTime() ?? Infinity;
  }
}

const signersOf = async (kid: string, pair: KeyPair): Promise<Upcoming['signers']> => ({
  access: { ...TOKEN_USES.access, kid, key: await pair.privateKey() },
  refresh: { ...TOKEN_USES.refresh, kid, key: await pair.refreshKey() },
});

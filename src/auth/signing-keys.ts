import {
  createPrivateKey,
  createPublicKey,
  createSecretKey,
  generateKeyPairSync,
  type KeyObject,
} from 'node:crypto';
import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { calculateJwkThumbprint, type JWK } from 'jose';
import { SETTINGS } from '../config/config.module.js';
import type { Settings } from '../config/settings.js';
import { Database } from '../database/database.js';
import { decryptKey, encryptKey, isEncrypted } from './key-encryption.js';
import { SigningKey } from './signing-key.entity.js';

/** Milliseconds for which an unknown key id is not looked up again. */
const RELOAD_PAUSE = 5000;

/** A key that signs, with what goes into the header of a token. */
export interface Signer {
  readonly algorithm: 'ES256' | 'HS256';
  readonly kid?: string;
  readonly key: KeyObject;
}

/**
 * The keys that sign and verify tokens (contract.md §5): ES256 keys of the database, all of them published and
 * accepted, the newest one signing; or HS256 with `JWT_SECRET`, and then nothing else.
 */
@Injectable()
export class SigningKeys implements OnModuleInit {
  private signer?: Signer;
  private readonly published = new Map<string, { readonly jwk: JWK; readonly key: KeyObject }>();
  private loadedAt = 0;

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
    await this.load();
  }

  /** The one algorithm that tokens are signed and verified with. */
  get algorithm(): 'ES256' | 'HS256' {
    return this.settings.jwtSecret === undefined ? 'ES256' : 'HS256';
  }

  /** The key that signs now. */
  get current(): Signer {
    if (!this.signer) throw new Error('The signing keys have not been loaded');
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
    // Another process may have made a new key since.
    if (!this.published.has(kid) && Date.now() - this.loadedAt > RELOAD_PAUSE) await this.load();
    return this.published.get(kid)?.key;
  }

  /** Whether a token that the key `kid` has verified is still good. */
  accepts(kid: string | undefined): boolean {
    return this.algorithm === 'HS256' || (kid !== undefined && this.published.has(kid));
  }

  /** Makes the first key, and encrypts those that were stored before there was a secret to do so. */
  private async ensureKey(): Promise<void> {
    const secret = this.settings.keyEncryptionSecret;
    const protect = async (pem: string) => (secret === undefined ? pem : encryptKey(pem, secret));
    await this.database.transaction(async (transaction) => {
      const { manager } = transaction;
      await transaction.serialise('signingKeys');
      const keys = await manager.find(SigningKey);
      if (keys.length === 0) {
        const { kid, publicJwk, pem } = await generateKey();
        const privateKey = await protect(pem);
        await manager.insert(SigningKey, { kid, publicJwk, privateKey, createdAt: new Date() });
      }
      for (const { kid, privateKey } of keys) {
        if (secret !== undefined && !isEncrypted(privateKey)) {
          await manager.update(SigningKey, kid, { privateKey: await protect(privateKey) });
        }
      }
    });
  }

  private async load(): Promise<void> {
    this.loadedAt = Date.now();
    const keys = await this.database.read((manager) =>
      manager.find(SigningKey, { order: { createdAt: 'ASC' } }),
    );
    const newest = keys.at(-1);
    if (newest && newest.kid !== this.signer?.kid) {
      const pem = await decryptKey(newest.privateKey, this.settings.keyEncryptionSecret);
      this.signer = { algorithm: 'ES256', kid: newest.kid, key: createPrivateKey(pem) };
    }
    this.published.clear();
    for (const { kid, publicJwk } of keys) {
      const jwk = JSON.parse(publicJwk) as JWK;
      this.published.set(kid, { jwk, key: createPublicKey({ key: { ...jwk }, format: 'jwk' }) });
    }
  }
}

async function generateKey(): Promise<{ kid: string; publicJwk: string; pem: string }> {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const jwk = publicKey.export({ format: 'jwk' }) as JWK;
  const kid = await calculateJwkThumbprint(jwk);
  return {
    kid,
    publicJwk: JSON.stringify({ ...jwk, kid, alg: 'ES256', use: 'sig' }),
    pem: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  };
}

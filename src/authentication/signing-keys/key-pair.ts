import { createPrivateKey, createPublicKey, createSecretKey, type KeyObject } from 'node:crypto';
import type { JWK } from 'jose';
import type { SigningKey } from './signing-key.entity.js';

/** A stored pair of keys that has its refresh key; one of an earlier version has none. */
export type CompleteSigningKey = SigningKey & { readonly refreshKey: string };

/** Whether a stored pair has its refresh key. */
export const isComplete = (stored: SigningKey): stored is CompleteSigningKey => stored.refreshKey !== null;

/**
 * A stored pair of keys, ready for use. A secret part is decrypted when it is first needed, and only once: that takes
 * some 0.2 s (PBES2), and a service may have many old keys.
 */
export class KeyPair {
  /** The published key, as it is in the JWKS. */
  readonly jwk: JWK;
  /** Verifies access tokens. */
  readonly publicKey: KeyObject;
  private decryptedPrivateKey?: Promise<KeyObject>;
  private decryptedRefreshKey?: Promise<KeyObject>;

  constructor(
    private readonly stored: CompleteSigningKey,
    private readonly decrypt: (stored: string) => Promise<string>,
  ) {
    this.jwk = JSON.parse(stored.publicJwk) as JWK;
    this.publicKey = createPublicKey({ key: { ...this.jwk }, format: 'jwk' });
  }

  /** Returns the key that signs access tokens. @throws {SettingsError} when it cannot be decrypted */
  privateKey(): Promise<KeyObject> {
    return (this.decryptedPrivateKey ??= this.decrypt(this.stored.privateKey).then(createPrivateKey));
  }

  /** Returns the key that signs and verifies refresh tokens. @throws {SettingsError} when it cannot be decrypted */
  refreshKey(): Promise<KeyObject> {
    return (this.decryptedRefreshKey ??= this.decrypt(this.stored.refreshKey).then((key) =>
      createSecretKey(key, 'base64url'),
    ));
  }
}

import { Column, Entity, PrimaryColumn } from 'typeorm';
import { timestamp } from '../../database/timestamp.js';

/**
 * A pair of keys that sign tokens: a published one for access tokens, and a secret one for refresh tokens. All stored
 * pairs are accepted. The newest one that has started signs.
 */
@Entity('signing_keys')
export class SigningKey {
  /** Key id in token headers and in the JWKS: the RFC 7638 thumbprint. */
  @PrimaryColumn('text')
  kid!: string;

  /** The public key, as JWK in JSON. */
  @Column('text', { name: 'public_jwk' })
  publicJwk!: string;

  /** The private key: PKCS #8 in PEM, encrypted as compact JWE if `KEY_ENCRYPTION_SECRET` is set. */
  @Column('text', { name: 'private_key' })
  privateKey!: string;

  /**
   * The secret that signs refresh tokens: 256 bits in base64url, encrypted like the private key. Null if an earlier
   * version stored the pair and this version has not completed it yet.
   */
  @Column('text', { name: 'refresh_key', nullable: true })
  refreshKey!: string | null;

  /** When the pair starts to sign. It signs until the next one starts. */
  @Column('bigint', { name: 'created_at', transformer: timestamp })
  createdAt!: Date;
}

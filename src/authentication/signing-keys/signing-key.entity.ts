import { Column, Entity, PrimaryColumn } from 'typeorm';
import { timestamp } from '../../database/timestamp.js';

/** A key that signs tokens. All stored keys are published and accepted. The newest one that has started signs. */
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

  /** When the key starts to sign. It signs until the next key starts. */
  @Column('bigint', { name: 'created_at', transformer: timestamp })
  createdAt!: Date;
}

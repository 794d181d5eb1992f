import { Column, Entity, PrimaryColumn } from 'typeorm';
import { timestamp } from '../../database/timestamp.js';

/** A key that signs tokens. Every stored one is published and accepted; the newest that has begun signs. */
@Entity('signing_keys')
export class SigningKey {
  /** The key id of token headers and of the JWKS: the RFC 7638 thumbprint. */
  @PrimaryColumn('text')
  kid!: string;

  /** The public half, as JWK in JSON. */
  @Column('text', { name: 'public_jwk' })
  publicJwk!: string;

  /** The private half: PKCS #8 in PEM, or that as a compact JWE where `KEY_ENCRYPTION_SECRET` is set. */
  @Column('text', { name: 'private_key' })
  privateKey!: string;

  /** From when on it signs, until the next one does. */
  @Column('bigint', { name: 'created_at', transformer: timestamp })
  createdAt!: Date;
}

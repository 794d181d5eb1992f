import { LRUCache } from 'lru-cache';
import { Injectable } from '@nestjs/common';
import { SigningKeysService } from '../signing-keys/signing-keys.service.js';
import type { Claims } from '../tokens/claims.js';

/** The most characters of tokens that are remembered: some twenty thousand tokens of the usual length. */
const MOST_CHARACTERS = 16 * 1024 * 1024;

interface Verified {
  readonly claims: Claims;
  readonly kid: string | undefined;
}

/**
 * The claims of access tokens that have been verified, by the whole token. A signature costs more to verify than
 * the rest of a request, and does not change; whether the token has expired and its key is still accepted is asked
 * each time, and who its user is now is not kept here at all.
 */
@Injectable()
export class VerifiedClaimsCache {
  private readonly verified = new LRUCache<string, Verified>({
    maxSize: MOST_CHARACTERS,
    sizeCalculation: (_, token) => token.length,
  });

  constructor(private readonly keys: SigningKeysService) {}

  /** The claims of `token`, if it has been verified before and would be again. */
  get(token: string): Claims | undefined {
    const found = this.verified.get(token);
    if (!found) return undefined;
    const { claims, kid } = found;
    if (claims.exp > Math.floor(Date.now() / 1000) && this.keys.accepts(kid)) return claims;
    this.verified.delete(token);
    return undefined;
  }

  /** Remembers what `token`, which has just been verified by the key `kid`, says. */
  set(token: string, claims: Claims, kid: string | undefined): void {
    this.verified.set(token, { claims, kid });
  }
}

import { LRUCache } from 'lru-cache';
import { Injectable } from '@nestjs/common';
import { cacheLookups } from '../../telemetry/measurements.js';
import { SigningKeysService } from '../signing-keys/signing-keys.service.js';
import type { Claims } from '../tokens/claims.js';

/** Limit of the cache, in characters of tokens: about 20,000 tokens of the usual length. */
const MOST_CHARACTERS = 16 * 1024 * 1024;

interface Verified {
  readonly claims: Claims;
  readonly kid: string | undefined;
}

/**
 * Caches the claims of verified access tokens; the key is the whole token. Verifying a signature costs more than the
 * rest of a request, and its result does not change. Expiry and revocation of the signing key are checked each time.
 * The state of the user is not cached here.
 */
@Injectable()
export class VerifiedClaimsCache {
  private readonly verified = new LRUCache<string, Verified>({
    maxSize: MOST_CHARACTERS,
    sizeCalculation: (_, token) => token.length,
  });

  constructor(private readonly keys: SigningKeysService) {}

  /** Returns the claims of `token` if it was verified before, has not expired, and its key is still accepted. */
  get(token: string): Claims | undefined {
    const claims = this.find(token);
    cacheLookups.tokens.report(claims !== undefined);
    return claims;
  }

  private find(token: string): Claims | undefined {
    const found = this.verified.get(token);
    if (!found) return undefined;
    const { claims, kid } = found;
    const now = Date.now();
    const isCurrent = claims.exp > Math.floor(now / 1000) && claims.payload.e > now;
    if (isCurrent && this.keys.accepts(kid)) return claims;
    this.verified.delete(token);
    return undefined;
  }

  /** Stores the claims of `token`, which the key `kid` has just verified. */
  set(token: string, claims: Claims, kid: string | undefined): void {
    this.verified.set(token, { claims, kid });
  }
}

import type { KeyObject } from 'node:crypto';
import { decodeProtectedHeader } from 'jose';
import type { JwtFromRequestFunction, StrategyOptionsWithoutRequest } from 'passport-jwt';
import type { Settings } from '../../settings/settings.js';
import type { SigningKeysService } from '../signing-keys/signing-keys.service.js';

type KeyCallback = (error: unknown, key?: KeyObject) => void;

/** Passport options to verify a token. The algorithm and the issuer are pinned; the key is found by its id. */
export function verifying(
  keys: SigningKeysService,
  { jwtIssuer }: Settings,
  jwtFromRequest: JwtFromRequestFunction,
): StrategyOptionsWithoutRequest {
  return {
    jwtFromRequest,
    algorithms: [keys.algorithm],
    issuer: jwtIssuer,
    secretOrKeyProvider: (_request: unknown, token: string, done) => {
      keys
        .verifier(kidOf(token))
        .then((key) => {
          // Without a key, jsonwebtoken would not reject a token that has no signature.
          if (!key) throw new Error('No such key');
          // Passport's types lack KeyObject, but jsonwebtoken, which receives the key, supports it.
          (done as KeyCallback)(null, key);
        })
        // Also catches what jsonwebtoken throws in `done`: an unhandled rejection would stop the process.
        .catch((error: unknown) => {
          done(error);
        });
    },
  };
}

/** Returns the key id in the header of a token. `token` may be any text. */
export function kidOf(token: string): string | undefined {
  try {
    const { kid } = decodeProtectedHeader(token);
    return typeof kid === 'string' ? kid : undefined;
  } catch {
    return undefined;
  }
}

import type { KeyObject } from 'node:crypto';
import { decodeProtectedHeader } from 'jose';
import type { JwtFromRequestFunction, StrategyOptionsWithoutRequest } from 'passport-jwt';
import type { Settings } from '../../settings/settings.js';
import type { SigningKeysService } from '../signing-keys/signing-keys.service.js';

type KeyCallback = (error: unknown, key?: KeyObject) => void;

/** How every token is verified: the algorithm and the issuer are pinned, the key is found by its id. */
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
          // Without a key, jsonwebtoken would continue if the token has no signature either.
          if (!key) throw new Error('No such key');
          // Passport's types lack KeyObject. It passes the key on to jsonwebtoken, whose types have it.
          (done as KeyCallback)(null, key);
        })
        // Also what jsonwebtoken throws: an error that nobody catches would end the process.
        .catch((error: unknown) => {
          done(error);
        });
    },
  };
}

/** The key id in the header of a token, which may be any text. */
export function kidOf(token: string): string | undefined {
  try {
    const { kid } = decodeProtectedHeader(token);
    return typeof kid === 'string' ? kid : undefined;
  } catch {
    return undefined;
  }
}

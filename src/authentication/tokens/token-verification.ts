import { decodeProtectedHeader } from 'jose';
import type { JwtFromRequestFunction, StrategyOptionsWithoutRequest } from 'passport-jwt';
import type { Settings } from '../../settings/settings.js';
import type { SigningKeysService } from '../signing-keys/signing-keys.service.js';

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
    secretOrKeyProvider: (_request: unknown, token: string, done: (error: unknown, key?: never) => void) => {
      keys
        .verifier(kidOf(token))
        .then((key) => {
          // With no key jsonwebtoken would go on where a token has no signature either.
          if (!key) throw new Error('No such key');
          // Passport's types know strings and buffers; jsonwebtoken takes a KeyObject as it is.
          done(null, key as never);
        })
        // Whatever is thrown on the way, in jsonwebtoken too: nobody else would catch it, and the process would end.
        .catch((error: unknown) => {
          done(error);
        });
    },
  };
}

/** The key id in the header of a token, whatever the token is. */
export function kidOf(token: string): string | undefined {
  try {
    const { kid } = decodeProtectedHeader(token);
    return typeof kid === 'string' ? kid : undefined;
  } catch {
    return undefined;
  }
}

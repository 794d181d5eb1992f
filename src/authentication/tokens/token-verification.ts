import type { KeyObject } from 'node:crypto';
import { decodeProtectedHeader, type ProtectedHeaderParameters } from 'jose';
import jwt from 'jsonwebtoken';
import type { JwtFromRequestFunction, StrategyOptionsWithoutRequest } from 'passport-jwt';
import type { Settings } from '../../settings/settings.js';
import type { SigningKeysService } from '../signing-keys/signing-keys.service.js';
import type { TokenUse } from '../signing-keys/token-use.js';
import { type Claims, parseClaims, TokenType } from './claims.js';

type KeyCallback = (error: unknown, key?: KeyObject) => void;

/** What tokens are verified against. */
export interface Verification {
  readonly keys: SigningKeysService;
  readonly settings: Settings;
  /** What the tokens must be for. */
  readonly use: TokenUse;
}

/** How Passport verifies tokens. */
export interface PassportVerification extends Verification {
  readonly jwtFromRequest: JwtFromRequestFunction;
  /** Called with a token whose header names another type. It may throw a more specific error. */
  readonly onOtherType?: (token: string) => Promise<void>;
}

/** Passport options to verify a token. Algorithm, type and issuer are pinned; the key is found by its id. */
export function verifying({
  jwtFromRequest,
  onOtherType,
  ...verification
}: PassportVerification): StrategyOptionsWithoutRequest {
  const { keys, use } = verification;
  return {
    jwtFromRequest,
    ...constraintsOf(verification),
    secretOrKeyProvider: (_request: unknown, token: string, done) => {
      const isOther = onOtherType && !keys.acceptsType(headerOf(token)?.typ, use);
      (isOther ? onOtherType(token) : Promise.resolve())
        .then(() => keyOf(token, verification))
        .then((key) => {
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

/** Verifies a token as {@link verifying} does, and returns its claims. @throws {Error} when it is not valid */
export async function verifyToken(token: string, verification: Verification): Promise<unknown> {
  const key = await keyOf(token, verification);
  try {
    return jwt.verify(token, key, constraintsOf(verification));
  } catch (error) {
    // Of text that is no token, jsonwebtoken throws any error.
    throw isInvalidToken(error) ? error : new jwt.JsonWebTokenError('Not a token');
  }
}

/**
 * Verifies a token that may be of either use, as `POST /token/refresh` and the routes that need a token would.
 *
 * @returns its claims; undefined when no route would accept it
 * @throws {Error} when it could not be verified, for example because the database is unavailable
 */
export async function verifyOfEitherUse(
  token: string,
  verification: Omit<Verification, 'use'>,
): Promise<Claims | undefined> {
  for (const use of ['access', 'refresh'] as const) {
    try {
      const claims = parseClaims(await verifyToken(token, { ...verification, use }));
      if (claims?.payload.t === TYPE_OF[use]) return claims;
    } catch (error) {
      if (!isInvalidToken(error)) throw error;
    }
  }
  return undefined;
}

const TYPE_OF = { access: TokenType.Access, refresh: TokenType.Refresh } as const;

/** Whether a verification has failed because of the token, and not because of the service. */
const isInvalidToken = (error: unknown): boolean => error instanceof jwt.JsonWebTokenError;

const constraintsOf = ({ keys, settings, use }: Verification) => ({
  algorithms: [keys.algorithm(use)],
  issuer: settings.jwtIssuer,
  ...(settings.jwtAudience !== undefined && { audience: settings.jwtAudience }),
});

async function keyOf(token: string, { keys, use }: Verification): Promise<KeyObject> {
  const header = headerOf(token);
  if (header && isExtended(header)) throw new jwt.JsonWebTokenError('A token with extensions');
  if (!keys.acceptsType(header?.typ, use)) throw new jwt.JsonWebTokenError('Not a token of this type');
  const key = await keys.verifier(kidOf(token), use);
  // Without a key, jsonwebtoken would not reject a token that has no signature.
  if (!key) throw new jwt.JsonWebTokenError('No such key');
  return key;
}

/**
 * Whether a header asks for an extension: this service knows none. `crit` lists those that a verifier must know (RFC
 * 7515 §4.1.11); `b64` changes what is signed (RFC 7797 §3).
 */
const isExtended = (header: object): boolean => Object.hasOwn(header, 'crit') || Object.hasOwn(header, 'b64');

/** Returns the key id in the header of a token. `token` may be any text. */
export function kidOf(token: string): string | undefined {
  const kid = headerOf(token)?.kid;
  return typeof kid === 'string' ? kid : undefined;
}

function headerOf(token: string): ProtectedHeaderParameters | undefined {
  try {
    return decodeProtectedHeader(token);
  } catch {
    return undefined;
  }
}

import { randomUUID } from 'node:crypto';
import type { Grant } from '../../authorization/grant.js';
import type { Session } from '../../sessions/session.entity.js';
import type { Settings } from '../../settings/settings.js';
import type { SigningKeysService } from '../signing-keys/signing-keys.service.js';
import type { TokenUse } from '../signing-keys/token-use.js';
import { type Claims, type IdsClaim, TokenType, toPayload, withoutIds } from './claims.js';

/** What tells a token from the others of its session. */
export interface TokenDetails {
  readonly type: TokenType;
  readonly expiresAt: Date;
  readonly issuedAt: Date;
  readonly grant: Grant;
  /** The number of a refresh token in its session. */
  readonly rotation?: number;
}

/** Maximum length of a token in bytes: with it, the headers of a request stay within 16 KiB (contract.md §5). */
export const LONGEST_TOKEN = 8 * 1024;

/** Signs a token of a session, with the issuer and the audience of the settings (contract.md §5). */
export function signToken(
  { id: sid, userId, actingId }: Session,
  { type, expiresAt, issuedAt, grant, rotation }: TokenDetails,
  keys: SigningKeysService,
  { jwtIssuer, jwtAudience }: Settings,
): string {
  const claims: Claims = {
    payload: { u: userId, ...toPayload(grant), e: expiresAt.getTime(), t: type },
    iss: jwtIssuer,
    sub: String(userId),
    ...(jwtAudience !== undefined && { aud: jwtAudience }),
    iat: Math.floor(issuedAt.getTime() / 1000),
    exp: Math.floor(expiresAt.getTime() / 1000),
    jti: type === TokenType.Refresh ? `${sid}.${rotation ?? 0}` : randomUUID(),
    sid,
    ...(actingId !== null && { act: { sub: String(actingId) } }),
    ...(rotation !== undefined && { rot: rotation }),
  };
  return signWithin(claims, type === TokenType.Access ? 'access' : 'refresh', keys);
}

/** Signs claims. Leaves out the longer list of ids if the token would be too long, and both if it still is. */
function signWithin(claims: Claims, use: TokenUse, keys: SigningKeysService): string {
  const token = keys.sign(claims, use);
  if (token.length <= LONGEST_TOKEN) return token;
  const [longer, shorter] = listsOf(claims);
  const shortened = keys.sign(withoutIds(claims, longer ? [longer] : []), use);
  if (shortened.length <= LONGEST_TOKEN || !shorter) return shortened;
  return keys.sign(withoutIds(claims, ['n', 'dt']), use);
}

/** Returns the lists of ids in claims, the one that takes more room first. */
function listsOf({ payload }: Claims): IdsClaim[] {
  const lengthOf = (list: IdsClaim) => JSON.stringify(payload[list]).length;
  return (['n', 'dt'] as const)
    .filter((list) => payload[list] !== undefined)
    .sort((a, b) => lengthOf(b) - lengthOf(a));
}

import { Inject, Injectable } from '@nestjs/common';
import { Action } from '../../authorization/action.js';
import type { Principal } from '../../authorization/principal.js';
import { Database } from '../../database/database.js';
import { ApiError } from '../../errors/api-error.js';
import { grantOfSession, type Session } from '../../sessions/session.entity.js';
import { findSession } from '../../sessions/sessions.repository.js';
import type { Settings } from '../../settings/settings.js';
import { SETTINGS } from '../../settings/settings.module.js';
import { OriginalTokensService } from '../original-tokens/original-tokens.service.js';
import { findSubject } from '../request/callers.repository.js';
import { PrincipalsService } from '../request/principals.service.js';
import { VerifiedClaimsCache } from '../request/verified-claims.cache.js';
import { SigningKeysService } from '../signing-keys/signing-keys.service.js';
import { type Claims, grantOf, TokenType } from './claims.js';
import { INACTIVE, type IntrospectionView, toIntrospectionView } from './introspection.view.js';
import { isNewest } from './refresh-rotation.js';
import { kidOf, verifyOfEitherUse } from './token-verification.js';

/** The longest text that may be a token of this service or of the original, in characters: no request could send more. */
const LONGEST = 16 * 1024;

/** Says what a token may now (contract.md §5, RFC 7662). */
@Injectable()
export class IntrospectionService {
  constructor(
    private readonly database: Database,
    private readonly keys: SigningKeysService,
    private readonly known: VerifiedClaimsCache,
    private readonly principals: PrincipalsService,
    private readonly originals: OriginalTokensService,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  /**
   * Returns the state of a token. Of a token that is not valid, or not the caller's to see, all that is told is that it
   * is not active: also of one that is valid, so that nobody can find out by asking.
   */
  async introspect(token: string, caller: Principal): Promise<IntrospectionView> {
    const claims = token.length > LONGEST ? undefined : await this.verify(token, caller);
    if (!claims) return INACTIVE;
    const { sid, payload } = claims;
    const isRefresh = payload.t === TokenType.Refresh;
    const { subject, session } = await this.database.read(
      async (manager) => ({
        subject: await findSubject(manager, sid),
        session: isRefresh || payload.x ? await findSession(manager, sid) : null,
      }),
      `user/${caller.userId}`,
    );
    if (subject?.account.id !== payload.u || !this.principals.mayAct(subject)) return INACTIVE;
    if (isRefresh && !isCurrent(claims, session)) return INACTIVE;
    const granted = grantOf(claims, session ? grantOfSession(session) : undefined);
    return toIntrospectionView(claims, subject, granted);
  }

  /** Returns the claims of a valid token that the caller may see. */
  private async verify(token: string, caller: Principal): Promise<Claims | undefined> {
    const known = this.known.get(token);
    if (known) return maySee(caller, known) ? known : undefined;
    const original = this.originals.claimsOf(token);
    if (original) return this.verifyOriginal(token, original, caller);
    const { keys, settings } = this;
    const claims = await verifyOfEitherUse(token, { keys, settings });
    if (!claims || !maySee(caller, claims)) return undefined;
    if (claims.payload.t === TokenType.Access) this.known.set(token, claims, kidOf(token));
    return claims;
  }

  /** A token of the original that has not been used is used by this: there would be no session to look at. */
  private async verifyOriginal(
    token: string,
    claims: Claims,
    caller: Principal,
  ): Promise<Claims | undefined> {
    if (claims.payload.e <= Date.now() || !maySee(caller, claims)) return undefined;
    try {
      await this.originals.use(token, claims, caller.origin);
      return claims;
    } catch (error) {
      if (error instanceof ApiError) return undefined;
      throw error;
    }
  }
}

/** Whether a caller may learn about a token: its own user's; of an administrator who manages tokens or users, any. */
const maySee = (caller: Principal, { payload }: Claims): boolean =>
  payload.u === caller.userId ||
  (caller.isAdministrator && (caller.may(Action.ManageToken) || caller.may(Action.ManageUser)));

/** Whether a refresh token has not been replaced by another. */
const isCurrent = ({ rot = 0 }: Claims, session: Session | null): boolean =>
  session !== null && isNewest(session.rotations, rot);

import { Inject, Injectable } from '@nestjs/common';
import { Database } from '../../database/database.js';
import type { RequestOrigin } from '../../http/request-origin.js';
import { isOpen } from '../../sessions/session.entity.js';
import { findSession, revokeSessions } from '../../sessions/sessions.repository.js';
import type { Settings } from '../../settings/settings.js';
import { SETTINGS } from '../../settings/settings.module.js';
import { lockUser } from '../../users/users.repository.js';
import { OriginalTokensService } from '../original-tokens/original-tokens.service.js';
import { SigningKeysService } from '../signing-keys/signing-keys.service.js';
import { verifyOfEitherUse } from './token-verification.js';

/** Revokes sessions by one of their tokens (contract.md §5, RFC 7009). */
@Injectable()
export class TokenRevocationService {
  constructor(
    private readonly database: Database,
    private readonly keys: SigningKeysService,
    private readonly originals: OriginalTokensService,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  /** Revokes the session of a token. One that is not valid, or whose session has ended, changes nothing. */
  async revoke(token: string, origin: RequestOrigin): Promise<void> {
    if (await this.originals.revoke(token, origin)) return;
    const { keys, settings } = this;
    const claims = await verifyOfEitherUse(token, { keys, settings });
    if (!claims) return;
    const { sid, payload } = claims;
    await this.database.transaction(async (transaction) => {
      await lockUser(transaction, payload.u);
      // Not locked yet: the sessions that are revoked are locked together, in the order of their ids.
      const session = await findSession(transaction.manager, sid);
      if (session?.userId !== payload.u || !isOpen(session)) return;
      const sessionCreatedBy = session.actingId ?? undefined;
      const actor = { userId: payload.u, sessionId: sid, sessionCreatedBy, origin };
      await revokeSessions(transaction, { ofUser: payload.u, only: [sid] }, { actor, reason: 'request' });
    }, `user/${payload.u}`);
  }
}

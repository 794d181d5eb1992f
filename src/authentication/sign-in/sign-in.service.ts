import { Inject, Injectable } from '@nestjs/common';
import { EVERYTHING, narrow } from '../../authorization/grant.js';
import type { Transaction } from '../../database/transaction.js';
import type { ClientConnection } from '../../http/client-connection.js';
import type { RequestOrigin } from '../../http/request-origin.js';
import type { HashingSlot } from '../../passwords/hashing-turn.js';
import { PasswordHasher } from '../../passwords/password-hasher.js';
import type { Settings } from '../../settings/settings.js';
import { SETTINGS } from '../../settings/settings.module.js';
import { countCharacters } from '../../text/characters.js';
import { holderOf, type User } from '../../users/user.entity.js';
import { authenticationErrors } from '../authentication.errors.js';
import { SessionsService, type StartedSession } from '../sessions/sessions.service.js';
import { EffectiveAccessService } from '../tokens/effective-access.service.js';
import { FailedSources } from './failed-sources.js';
import { LoginAttemptsService } from './login-attempts.service.js';
import { turnOfSignIn } from './sign-in-turn.js';

/** A login and a password that are tried, and the hashing slot that is held. */
interface Attempt {
  readonly login: string;
  readonly password: string;
  readonly slot: HashingSlot;
}

/** Signs users in by login and password (contract.md §5). */
@Injectable()
export class SignInService {
  private readonly failedSources = new FailedSources();

  constructor(
    private readonly passwords: PasswordHasher,
    private readonly attempts: LoginAttemptsService,
    private readonly sessions: SessionsService,
    private readonly reach: EffectiveAccessService,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  /**
   * Checks a login and a password, and starts a session. Unknown login, wrong password, locked out and disabled users
   * all get the same response after the same work.
   *
   * @throws {ApiError} 400 when the login or the password is missing; 401; 503 when too many passwords wait to be hashed
   */
  async signIn(
    login: unknown,
    password: unknown,
    origin: RequestOrigin,
    client?: ClientConnection,
  ): Promise<StartedSession> {
    if (typeof login !== 'string' || typeof password !== 'string')
      throw authenticationErrors.emptyCredentials();
    if (login.trim() === '' || this.isBlank(password)) throw authenticationErrors.emptyCredentials();
    const { failedSources } = this;
    const { address } = origin;
    // PostgreSQL rejects NUL in text. Logins cannot contain it, so the replacement matches no user.
    const storable = login.replaceAll('\0', '\ufffd');
    const isKnown = await this.attempts.isKnownSource(storable, address);
    const isGone = client && (() => client.isClosed());
    const turn = turnOfSignIn({
      login: storable,
      address,
      isKnown,
      failedSources,
      ...(isGone && { isGone }),
    });
    // Count the attempt only inside the turn: parallel sign-ins with the right password must not use up the limit.
    const started = await this.passwords.inTurn(turn, async (slot) => {
      const result = await this.tryOnce({ login: storable, password, slot }, origin);
      // While no slow hash is known, before the next turn, which may be that of the same source.
      if (!result) failedSources.add(address);
      return result;
    });
    if (started) return started;
    throw authenticationErrors.invalidCredentials();
  }

  /** Spaces alone count as empty, unless there are enough of them to be a valid password. */
  private isBlank(password: string): boolean {
    return password.trim() === '' && countCharacters(password) < this.settings.passwordMinLength;
  }

  private async tryOnce(
    { login, password, slot }: Attempt,
    origin: RequestOrigin,
  ): Promise<StartedSession | undefined> {
    const attempt = await this.attempts.count(login, origin);
    const { user, ...counted } = attempt;
    const isRight = await this.passwords.compare(password, user?.passwordHash, slot);
    if (!user || !isRight) {
      await this.attempts.fail(attempt, origin);
      return undefined;
    }
    const upgrade = this.passwords.needsUpgrade(user.passwordHash);
    const newHash = upgrade ? await this.passwords.rehash(password) : undefined;
    const started = await this.attempts.succeed(
      { ...counted, user },
      { newHash, origin },
      (transaction, signedIn) => this.start(transaction, signedIn, origin),
    );
    if (!started) await this.attempts.fail(attempt, origin);
    return started;
  }

  /** Starts a session with all rights of the user. */
  private async start(transaction: Transaction, user: User, origin: RequestOrigin): Promise<StartedSession> {
    const { accessTokenTtl, refreshTokenTtl } = this.settings;
    const grant = narrow(EVERYTHING, await this.reach.forNewSession(holderOf(user), transaction));
    const now = Date.now();
    const accessExpiresAt = new Date(now + accessTokenTtl * 1000);
    const refreshExpiresAt = new Date(now + refreshTokenTtl * 1000);
    const start = { userId: user.id, grant, accessExpiresAt, refreshExpiresAt, origin };
    return { session: await this.sessions.start(transaction, start), refreshExpiresAt };
  }
}

import { DeviceTypesService } from '../../access-scopes/device-types/device-types.service.js';
import { NetworksService } from '../../access-scopes/networks/networks.service.js';
import { nameOfAction } from '../../authorization/action.js';
import { EVERYTHING, excess, type Grant, type Ids, narrow } from '../../authorization/grant.js';
import type { Database } from '../../database/database.js';
import type { Dialect } from '../../dialect/dialect.js';
import { OperatorError } from '../../errors/operator-error.js';
import { Lists } from '../../pagination/lists.js';
import type { Session } from '../../sessions/session.entity.js';
import type { Settings } from '../../settings/settings.js';
import { operator } from '../../users/operator-changes.js';
import { holderOf, type User } from '../../users/user.entity.js';
import { isBarred, UserStatus } from '../../users/user-status.js';
import { lockUserByLogin } from '../../users/users.repository.js';
import { SessionsService } from '../sessions/sessions.service.js';
import { SigningKeysService } from '../signing-keys/signing-keys.service.js';
import { TokenType } from './claims.js';
import { type CreateTokenDto, MOST_IDS } from './create-token.dto.js';
import { EffectiveAccessService } from './effective-access.service.js';
import { requestedGrant } from './requested-rights.js';
import { signToken } from './token-signing.js';

/** What an operator wants a token for. */
export interface WantedToken {
  readonly login: string;
  readonly label: string;
  readonly expiresAt: Date;
  readonly rights: Pick<CreateTokenDto, 'actions' | 'networkIds' | 'deviceTypeIds'>;
}

/** A token that an operator has created. */
export interface OperatorToken {
  readonly token: string;
  readonly user: Pick<User, 'id' | 'login'>;
  readonly session: Session;
  /** Its rights, in words. */
  readonly grant: string;
}

const OPTIONS = { actions: '--actions', networkIds: '--networks', deviceTypeIds: '--device-types' } as const;
/** Maximum number of excess rights in an error. */
const MOST_NAMED = 20;

/**
 * Starts a session that no administrator stands for, and signs its only token (contract.md §10,
 * docs/decisions/0046-tokens-for-services.md). Works beside a running service.
 *
 * @throws {OperatorError} when there is no such user, it is disabled or locked, or may not have one of the rights
 * @throws {SettingsError} when the settings are not those of the service, so that it could not be signed
 */
export async function createTokenByOperator(
  database: Database,
  { settings, dialect }: { readonly settings: Settings; readonly dialect: Dialect },
  wanted: WantedToken,
): Promise<OperatorToken> {
  const keys = new SigningKeysService(database, settings, dialect);
  await keys.onModuleInit();
  try {
    const lists = new Lists(database, dialect);
    const reach = new EffectiveAccessService(
      new NetworksService(database, lists),
      new DeviceTypesService(database, lists),
    );
    const sessions = new SessionsService(database, settings);
    return await database.transaction(async (transaction) => {
      const user = await lockUserByLogin(transaction, wanted.login);
      if (!user) throw new OperatorError('No user has that login');
      refuseBarred(user);
      const access = await reach.forNewSession(holderOf(user), transaction);
      const grant = requestedGrant(wanted.rights, access.role);
      refuseExcess(grant, narrow(EVERYTHING, access), user);
      const { label, expiresAt } = wanted;
      const session = await sessions.start(transaction, {
        userId: user.id,
        grant,
        accessExpiresAt: expiresAt,
        refreshExpiresAt: expiresAt,
        origin: null,
        created: { by: operator('tokens create'), label, parentId: null },
      });
      // In the transaction: no session is left of a token that could not be signed.
      const details = { type: TokenType.Access, expiresAt, issuedAt: session.createdAt, grant };
      const token = signToken(session, details, keys, settings);
      return { token, user: { id: user.id, login: user.login }, session, grant: inWords(grant) };
    });
  } finally {
    keys.onModuleDestroy();
  }
}

function refuseBarred(user: User): void {
  if (!isBarred(user)) return;
  const state = user.status === UserStatus.Disabled ? 'disabled' : 'locked out by an administrator';
  throw new OperatorError(`${user.login} is ${state}: a token would be refused`);
}

function refuseExcess(grant: Grant, allowed: Grant, { login }: User): void {
  const rights = excess(grant, allowed).slice(0, MOST_NAMED);
  if (rights.length > 0) {
    const named = rights.map(({ field, value }) => `${OPTIONS[field]} ${value}`).join(', ');
    throw new OperatorError(`${login} may not have: ${named}`);
  }
  for (const [field, ids] of [
    ['networkIds', grant.networks],
    ['deviceTypeIds', grant.deviceTypes],
  ] as const)
    if ((ids?.length ?? 0) > MOST_IDS)
      throw new OperatorError(`${OPTIONS[field]} can have at most ${MOST_IDS} ids`);
}

const inWords = ({ actions, networks, deviceTypes }: Grant): string =>
  `actions ${actions.map(nameOfAction).join(' ')}; networks ${idsInWords(networks)}; device types ${idsInWords(deviceTypes)}`;

const idsInWords = (ids: Ids = []): string => (ids === '*' ? '*' : ids.join(' ') || 'none');

import { Action, ACTIONS_OF } from '../../authorization/action.js';
import { authorizationErrors } from '../../authorization/authorization.errors.js';
import {
  type EffectiveAccess,
  EVERYTHING,
  excess,
  type Grant,
  narrow,
  within,
} from '../../authorization/grant.js';
import { Role } from '../../authorization/role.js';
import type { Dialect } from '../../dialect/dialect.js';
import { requestErrors } from '../../errors/request.errors.js';
import { type CreateTokenDto, MOST_IDS } from './create-token.dto.js';

/** Maximum number of excess rights in an error, so that the response stays small. */
const MAX_REPORTED = 20;

/**
 * Returns the rights that a request for tokens asks for, as far as the calling token and the user have them (contract.md
 * §5).
 *
 * @param reach what the user may have
 * @param callers what the calling token has
 * @throws {ApiError} 403 when they do not have all, unless the dialect leaves out the others; 400 for too many ids
 */
export function requestedRights(
  wanted: CreateTokenDto,
  reach: EffectiveAccess,
  callers: Grant,
  { absentDeviceTypes, excessRights }: Dialect,
): Grant {
  const named = requestedGrant(wanted, reach.role);
  const isAll = absentDeviceTypes === 'all' && !named.deviceTypes && reach.deviceTypes === '*';
  const grant: Grant = isAll ? { ...named, deviceTypes: '*' } : named;
  if (excessRights === 'refused') {
    refuseExcess(grant, callers, 'goes beyond what your own token has');
    refuseExcess(grant, narrow(EVERYTHING, reach), 'goes beyond what the user has');
  }
  refuseManyIds(wanted);
  return excessRights === 'refused' ? grant : narrow(within(grant, callers), reach);
}

/** Returns what is asked for. `*` among the actions stands for every action that the user's role has. */
export function requestedGrant(
  { actions, networkIds, deviceTypeIds }: Pick<CreateTokenDto, 'actions' | 'networkIds' | 'deviceTypeIds'>,
  role: Role,
): Grant {
  return {
    actions: requestedActions(actions ?? [], role),
    ...(networkIds && { networks: networkIds }),
    ...(deviceTypeIds && { deviceTypes: deviceTypeIds }),
  };
}

function requestedActions(actions: readonly Action[], role: Role): readonly Action[] {
  if (actions.includes(Action.Any)) return role === Role.Administrator ? [Action.Any] : ACTIONS_OF[role];
  const named = actions.filter((action) => action !== Action.None);
  return named.length > 0 ? named : [Action.None];
}

function refuseExcess(wanted: Grant, allowed: Grant, complaint: string): void {
  const rights = excess(wanted, allowed).slice(0, MAX_REPORTED);
  if (rights.length === 0) return;
  throw authorizationErrors.accessDenied(
    rights.map(({ field, value }) => ({ field, message: `${value} ${complaint}` })),
  );
}

/** @throws {ApiError} 400 */
function refuseManyIds(wanted: CreateTokenDto): void {
  const fields = (['networkIds', 'deviceTypeIds'] as const).filter(
    (field) => (wanted[field]?.length ?? 0) > MOST_IDS,
  );
  if (fields.length === 0) return;
  throw requestErrors.invalidFields(
    fields.map((field) => ({ field, message: `${field} can have at most ${MOST_IDS} ids` })),
  );
}

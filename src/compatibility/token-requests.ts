import { Action, ACTIONS, ACTIONS_OF, nameOfAction } from '../authorization/action.js';
import { Role } from '../authorization/role.js';
import { readMoment } from './moments.js';

/** The actions by their names in lower case. */
const BY_NAME: ReadonlyMap<string, Action> = new Map(
  ACTIONS.flatMap((action) => [
    [nameOfAction(action).toLowerCase(), action] as const,
    [Action[action].toLowerCase(), action] as const,
  ]),
);

/** The actions by number. */
const NUMBERS: ReadonlySet<number> = new Set(ACTIONS);

const INTEGER = /^\s*-?\d{1,40}\s*$/;

/**
 * Reads the body of `POST /token/create` as the original does (contract.md §9), in the form that the strict service
 * reads: unknown actions and ids of no network or device type are left out, and moments and ids of users may be any.
 */
export function readTokenRequest(body: Record<string, unknown>): Record<string, unknown> {
  const { userId, actions, networkIds, deviceTypeIds, expiration, refreshExpiration } = body;
  return {
    ...body,
    ...(userId !== undefined && { userId: readUserId(userId) }),
    ...(actions !== undefined && { actions: readActions(actions) }),
    ...(networkIds !== undefined && { networkIds: readIds(networkIds) }),
    ...(deviceTypeIds !== undefined && { deviceTypeIds: readIds(deviceTypeIds) }),
    ...(expiration !== undefined && { expiration: readMoment(expiration) ?? expiration }),
    ...(refreshExpiration !== undefined && {
      refreshExpiration: readMoment(refreshExpiration) ?? refreshExpiration,
    }),
  };
}

/** An integer that no user can have as its id becomes a bigint: there is no such user. */
function readUserId(value: unknown): unknown {
  const isText = typeof value === 'string' && INTEGER.test(value);
  if (!isText && !Number.isInteger(value)) return value;
  const id = Number(value);
  return Number.isSafeInteger(id) && id > 0 ? id : BigInt(value as string | number);
}

/** Names in any case, and numbers. Only a list that was sent empty means all that a client has. */
function readActions(value: unknown): unknown {
  if (!Array.isArray(value)) return value;
  if (value.length === 0) return [...ACTIONS_OF[Role.Client]];
  return value.flatMap((item: unknown) => {
    if (typeof item === 'string') return BY_NAME.get(item.toLowerCase()) ?? [];
    return typeof item === 'number' && !NUMBERS.has(item) ? [] : [item];
  });
}

function readIds(value: unknown): unknown {
  return Array.isArray(value) ? value.filter((item: unknown) => !isIdOfNothing(item)) : value;
}

/** Whether an item is an integer, as a number or a text, that no network and no device type can have as its id. */
function isIdOfNothing(item: unknown): boolean {
  const isInteger = typeof item === 'string' ? INTEGER.test(item) : Number.isInteger(item);
  return isInteger && !(Number(item) > 0 && Number.isSafeInteger(Number(item)));
}

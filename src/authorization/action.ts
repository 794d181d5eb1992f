import { namedEnum } from '../openapi/schemas.js';
import { Role } from './role.js';

/**
 * A right in a token (contract.md §1). The device, notification, command and plugin actions are for other services that
 * accept our tokens.
 */
export enum Action {
  /** `*`: all actions of the user's role. */
  Any = 0,
  None = 1,
  GetNetwork = 2,
  GetDevice = 3,
  GetDeviceNotification = 4,
  GetDeviceCommand = 5,
  RegisterDevice = 6,
  CreateDeviceCommand = 7,
  UpdateDeviceCommand = 8,
  CreateDeviceNotification = 9,
  GetCurrentUser = 10,
  UpdateCurrentUser = 11,
  ManageUser = 12,
  ManageConfiguration = 13,
  ManageNetwork = 14,
  ManageToken = 15,
  ManagePlugin = 16,
  GetDeviceType = 17,
  ManageDeviceType = 18,
}

/** All actions, in numerical order. */
export const ACTIONS: readonly Action[] = Object.values(Action).filter((value) => typeof value === 'number');

/** The schema of an action, by number, in the OpenAPI document. */
export const ACTION_SCHEMA = namedEnum({
  name: 'Action',
  type: 'integer',
  enum: [...ACTIONS],
  description: `A right, by number: ${ACTIONS.map((action) => `${action} \`${nameOfAction(action)}\``).join(', ')}.`,
  names: ACTIONS.map((action) => {
    if (action === Action.Any) return 'AnyAction';
    return action === Action.None ? 'NoAction' : Action[action];
  }),
});

const ADMINISTRATORS_ONLY = [
  Action.Any,
  Action.ManageUser,
  Action.ManageConfiguration,
  Action.ManageNetwork,
  Action.ManageDeviceType,
];

/** The allowed actions of each role. */
export const ACTIONS_OF: Readonly<Record<Role, readonly Action[]>> = {
  [Role.Administrator]: ACTIONS,
  [Role.Client]: ACTIONS.filter((action) => !ADMINISTRATORS_ONLY.includes(action) && action !== Action.None),
};

/** Parses the name or the number of an action in a request. Returns undefined when there is no such action. */
export function parseAction(nameOrNumber: unknown): Action | undefined {
  return ACTIONS.find((action) =>
    [action, String(action), nameOfAction(action)].includes(nameOrNumber as Action),
  );
}

/** Returns the name of an action, as in requests. */
export function nameOfAction(action: Action): string {
  return action === Action.Any ? '*' : Action[action];
}

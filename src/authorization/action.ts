import { Role } from './role.js';

/**
 * A right that a token carries (contract.md §1). The device, notification, command and plugin actions are for
 * the services that read our tokens.
 */
export enum Action {
  /** `*`: whatever the user's role has. */
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

/** All actions, in the order of their numbers. */
export const ACTIONS: readonly Action[] = Object.values(Action).filter((value) => typeof value === 'number');

const ADMINISTRATORS_ALONE = [
  Action.Any,
  Action.ManageUser,
  Action.ManageConfiguration,
  Action.ManageNetwork,
  Action.ManageDeviceType,
];

/** The actions that a role may carry. */
export const ACTIONS_OF: Readonly<Record<Role, readonly Action[]>> = {
  [Role.Administrator]: ACTIONS,
  [Role.Client]: ACTIONS.filter((action) => !ADMINISTRATORS_ALONE.includes(action) && action !== Action.None),
};

/** The action of a name or number as requests give it; undefined when there is none. */
export function parseAction(nameOrNumber: unknown): Action | undefined {
  if (nameOrNumber === '*') return Action.Any;
  return ACTIONS.find((action) => [action, String(action), Action[action]].includes(nameOrNumber as Action));
}

/** The name of an action as requests give it. */
export const nameOfAction = (action: Action): string => (action === Action.Any ? '*' : Action[action]);

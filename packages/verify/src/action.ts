/** The actions of tokens: name and number, as Hivegate has them. */
export const ACTIONS = {
  None: 1,
  GetNetwork: 2,
  GetDevice: 3,
  GetDeviceNotification: 4,
  GetDeviceCommand: 5,
  RegisterDevice: 6,
  CreateDeviceCommand: 7,
  UpdateDeviceCommand: 8,
  CreateDeviceNotification: 9,
  GetCurrentUser: 10,
  UpdateCurrentUser: 11,
  ManageUser: 12,
  ManageConfiguration: 13,
  ManageNetwork: 14,
  ManageToken: 15,
  ManagePlugin: 16,
  GetDeviceType: 17,
  ManageDeviceType: 18,
} as const;

/** The name of an action. */
export type ActionName = keyof typeof ACTIONS;

/** `*`, all actions. In a token only administrators have it: Hivegate lists the actions of clients. */
export const ANY_ACTION = 0;

/** The highest number of an action. */
export const LAST_ACTION = 18;

/** The number of an action. Undefined: there is no such action. */
export function actionNumber(action: ActionName | number): number | undefined {
  if (typeof action === 'number')
    return Number.isInteger(action) && action > 0 && action <= LAST_ACTION ? action : undefined;
  return Object.hasOwn(ACTIONS, action) ? ACTIONS[action] : undefined;
}

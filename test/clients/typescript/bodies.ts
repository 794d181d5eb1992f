import { either, flag, list, members, nullable, number, object, oneOf, text } from './read.js';

/*
 * A reader for each member of the bodies that requests have. Each driver gives them to `members` with its own generated
 * type, which compiles only if the type has these members and these types.
 */

const scope = {
  id: number,
  name: text,
  description: nullable(text),
} as const;

const user = {
  id: number,
  login: text,
  role: oneOf(0, 1),
  password: text,
  status: oneOf(0, 1, 2),
  lastLogin: nullable(text),
  data: nullable(object),
  introReviewed: flag,
  allDeviceTypesAvailable: flag,
  networks: list(members<{ id: number; name: string; description: string | null }>(scope)),
} as const;

const action = either(
  oneOf(
    '*',
    'None',
    'GetNetwork',
    'GetDevice',
    'GetDeviceNotification',
    'GetDeviceCommand',
    'RegisterDevice',
    'CreateDeviceCommand',
    'UpdateDeviceCommand',
    'CreateDeviceNotification',
    'GetCurrentUser',
    'UpdateCurrentUser',
    'ManageUser',
    'ManageConfiguration',
    'ManageNetwork',
    'ManageToken',
    'ManagePlugin',
    'GetDeviceType',
    'ManageDeviceType',
  ),
  oneOf(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18),
);
const ids = nullable(either(oneOf('*'), list(either(text, number))));

/** The readers, by the operation whose body they are of. */
export const BODIES = {
  signIn: { login: text, password: text },
  refreshToken: { refreshToken: text },
  revokeToken: { token: text },
  introspectToken: { token: text },
  createToken: {
    userId: number,
    actions: nullable(list(action)),
    networkIds: ids,
    deviceTypeIds: ids,
    expiration: nullable(text),
    refreshExpiration: nullable(text),
    label: nullable(text),
  },
  createUser: user,
  updateUser: { ...user, oldPassword: text },
  createScope: scope,
  updateScope: scope,
  setConfiguration: { value: text },
} as const;

const page = { take: number, sortOrder: oneOf('ASC', 'DESC') } as const;
const userFilter = { login: text, loginPattern: text, role: oneOf(0, 1), status: oneOf(0, 1, 2) } as const;
const scopeFilter = { name: text, namePattern: text } as const;
const sessions = { createdFor: oneOf('others') } as const;

/** The readers of parameters, by operation. */
export const PARAMETERS = {
  conditions: { 'If-Match': text, 'If-None-Match': text },
  listUsers: { ...page, skip: number, after: text, ...userFilter, sortField: oneOf('ID', 'Login') },
  countUsers: userFilter,
  listScopes: { ...page, skip: number, after: text, ...scopeFilter, sortField: oneOf('ID', 'Name') },
  countScopes: scopeFilter,
  deleteScope: { force: flag },
  listSessions: { take: number, after: text, ...sessions },
  revokeSessions: { except: oneOf('current'), ...sessions },
  readRevocations: { after: text, wait: number },
  listEvents: {
    after: number,
    take: number,
    type: oneOf('hivegate.user.updated'),
    subject: text,
    actor: number,
    since: text,
    until: text,
  },
} as const;

import { ZodType } from 'zod';
import * as api from '../../generated/orval/client.js';
import * as generated from '../../generated/orval/schemas.js';
import { BODIES, PARAMETERS } from '../../typescript/bodies.js';
import { members, number, parameters, text } from '../../typescript/read.js';
import { type Call, type Operations, type Result, serve } from '../../typescript/serve.js';
import type { AllSame, Comparison, WantedRoles, WantedStatuses } from '../../typescript/wanted.js';

/** The zod schemas by name: `UpdateUserBody`, `ListUsersQueryParams`, `GetUserResponse`. */
const schemas: Readonly<Record<string, unknown>> = generated;

export const TYPES: AllSame = {} as Comparison<{
  user: api.User;
  listedUser: api.ListedUser;
  creation: api.CreateUser;
  update: api.UpdateUser;
  patch: api.PatchUser;
  scope: api.Scope;
  session: api.Session;
  error: api.ApiError;
  anyError: api.updateUserResponseError['data'];
}>;

export const ROLES: WantedRoles = api.UserRole;
export const STATUSES: WantedStatuses = api.UserStatus;

let token: string | undefined;
const options = (): RequestInit => ({
  headers: token === undefined ? {} : { Authorization: `Bearer ${token}` },
});

/** The response, which the zod schema of the operation must take and leave as it is. */
function result(operation: string, response: { data: unknown; status: number; headers: Headers }): Result {
  if (response.status >= 400) return { error: response.data, response };
  const hasBody = response.status === 200 || response.status === 201;
  return { data: hasBody ? schemaOf(operation, 'Response')?.parse(response.data) : undefined, response };
}

function schemaOf(operation: string, part: string): ZodType | undefined {
  const schema = schemas[`${operation.charAt(0).toUpperCase()}${operation.slice(1)}${part}`];
  return schema instanceof ZodType ? schema : undefined;
}

const signIn = members<api.SignIn>(BODIES.signIn);
const refreshToken = members<api.RefreshToken>(BODIES.refreshToken);
const createToken = members<api.CreateToken>(BODIES.createToken);
const revokeToken = members<api.RevokeToken>(BODIES.revokeToken);
const introspectToken = members<api.IntrospectToken>(BODIES.introspectToken);
const createUser = members<api.CreateUser>(BODIES.createUser);
const updateUser = members<api.UpdateUser>(BODIES.updateUser);
const patchUser = members<api.PatchUser>(BODIES.updateUser);
const createScope = members<api.CreateScope>(BODIES.createScope);
const updateScope = members<api.UpdateScope>(BODIES.updateScope);
const setConfiguration = members<api.SetConfiguration>(BODIES.setConfiguration);

const id = parameters<{ id: number }>({ id: number });
const header = parameters<api.UpdateUserHeaders>(PARAMETERS.conditions);
const named = parameters<{ name: string }>({ name: text });
const network = parameters<{ id: number; networkId: number }>({ id: number, networkId: number });
const deviceType = parameters<{ id: number; deviceTypeId: number }>({ id: number, deviceTypeId: number });
const ownSession = parameters<{ sessionId: string }>({ sessionId: text });
const session = parameters<{ id: number; sessionId: string }>({ id: number, sessionId: text });
const users = parameters<api.ListUsersParams>(PARAMETERS.listUsers);
const countedUsers = parameters<api.CountUsersParams>(PARAMETERS.countUsers);
const scopes = parameters<api.ListNetworksParams>(PARAMETERS.listScopes);
const countedScopes = parameters<api.CountNetworksParams>(PARAMETERS.countScopes);
const force = parameters<api.DeleteNetworkParams>(PARAMETERS.deleteScope);
const sessions = parameters<api.ListSessionsParams>(PARAMETERS.listSessions);
const revoked = parameters<api.RevokeSessionsParams>(PARAMETERS.revokeSessions);
const revocations = parameters<api.ReadRevocationsParams>(PARAMETERS.readRevocations);
const events = parameters<api.ListEventsParams>(PARAMETERS.listEvents);

const operations: Operations = {
  signIn: async ({ body }) => result('signIn', await api.signIn(signIn(body), options())),
  refreshToken: async ({ body }) =>
    result('refreshToken', await api.refreshToken(refreshToken(body), options())),
  createToken: async ({ body }) => result('createToken', await api.createToken(createToken(body), options())),
  revokeToken: async ({ body }) => result('revokeToken', await api.revokeToken(revokeToken(body), options())),
  introspectToken: async ({ body }) =>
    result('introspectToken', await api.introspectToken(introspectToken(body), options())),
  readRevocations: async ({ parameters: p }) =>
    result('readRevocations', await api.readRevocations(revocations(p), options())),
  listUsers: async ({ parameters: p }) => result('listUsers', await api.listUsers(users(p), options())),
  countUsers: async ({ parameters: p }) =>
    result('countUsers', await api.countUsers(countedUsers(p), options())),
  createUser: async ({ body }) => result('createUser', await api.createUser(createUser(body), options())),
  getUser: async ({ parameters: p }) => result('getUser', await api.getUser(id(p).id, header(p), options())),
  getCurrentUser: async ({ parameters: p }) =>
    result('getCurrentUser', await api.getCurrentUser(header(p), options())),
  updateUser: async ({ parameters: p, body }) =>
    result('updateUser', await api.updateUser(id(p).id, updateUser(body), header(p), options())),
  updateCurrentUser: async ({ parameters: p, body }) =>
    result('updateCurrentUser', await api.updateCurrentUser(updateUser(body), header(p), options())),
  patchUser: async ({ parameters: p, body }) =>
    result('patchUser', await api.patchUser(id(p).id, patchUser(body), header(p), options())),
  patchCurrentUser: async ({ parameters: p, body }) =>
    result('patchCurrentUser', await api.patchCurrentUser(patchUser(body), header(p), options())),
  deleteUser: async ({ parameters: p }) =>
    result('deleteUser', await api.deleteUser(id(p).id, header(p), options())),
  getUserNetwork: async ({ parameters: p }) =>
    result('getUserNetwork', await api.getUserNetwork(network(p).id, network(p).networkId, options())),
  assignNetwork: async ({ parameters: p }) =>
    result('assignNetwork', await api.assignNetwork(network(p).id, network(p).networkId, options())),
  unassignNetwork: async ({ parameters: p }) =>
    result('unassignNetwork', await api.unassignNetwork(network(p).id, network(p).networkId, options())),
  listUserDeviceTypes: async ({ parameters: p }) =>
    result('listUserDeviceTypes', await api.listUserDeviceTypes(id(p).id, options())),
  assignAllDeviceTypes: async ({ parameters: p }) =>
    result('assignAllDeviceTypes', await api.assignAllDeviceTypes(id(p).id, options())),
  unassignAllDeviceTypes: async ({ parameters: p }) =>
    result('unassignAllDeviceTypes', await api.unassignAllDeviceTypes(id(p).id, options())),
  getUserDeviceType: async ({ parameters: p }) =>
    result(
      'getUserDeviceType',
      await api.getUserDeviceType(deviceType(p).id, deviceType(p).deviceTypeId, options()),
    ),
  assignDeviceType: async ({ parameters: p }) =>
    result(
      'assignDeviceType',
      await api.assignDeviceType(deviceType(p).id, deviceType(p).deviceTypeId, options()),
    ),
  unassignDeviceType: async ({ parameters: p }) =>
    result(
      'unassignDeviceType',
      await api.unassignDeviceType(deviceType(p).id, deviceType(p).deviceTypeId, options()),
    ),
  listNetworks: async ({ parameters: p }) =>
    result('listNetworks', await api.listNetworks(scopes(p), options())),
  countNetworks: async ({ parameters: p }) =>
    result('countNetworks', await api.countNetworks(countedScopes(p), options())),
  createNetwork: async ({ body }) =>
    result('createNetwork', await api.createNetwork(createScope(body), options())),
  getNetwork: async ({ parameters: p }) =>
    result('getNetwork', await api.getNetwork(id(p).id, header(p), options())),
  updateNetwork: async ({ parameters: p, body }) =>
    result('updateNetwork', await api.updateNetwork(id(p).id, updateScope(body), header(p), options())),
  deleteNetwork: async ({ parameters: p }) =>
    result('deleteNetwork', await api.deleteNetwork(id(p).id, force(p), header(p), options())),
  listDeviceTypes: async ({ parameters: p }) =>
    result('listDeviceTypes', await api.listDeviceTypes(scopes(p), options())),
  countDeviceTypes: async ({ parameters: p }) =>
    result('countDeviceTypes', await api.countDeviceTypes(countedScopes(p), options())),
  createDeviceType: async ({ body }) =>
    result('createDeviceType', await api.createDeviceType(createScope(body), options())),
  getDeviceType: async ({ parameters: p }) =>
    result('getDeviceType', await api.getDeviceType(id(p).id, header(p), options())),
  updateDeviceType: async ({ parameters: p, body }) =>
    result('updateDeviceType', await api.updateDeviceType(id(p).id, updateScope(body), header(p), options())),
  deleteDeviceType: async ({ parameters: p }) =>
    result('deleteDeviceType', await api.deleteDeviceType(id(p).id, force(p), header(p), options())),
  listOwnSessions: async ({ parameters: p }) =>
    result('listOwnSessions', await api.listOwnSessions(sessions(p), options())),
  revokeOwnSessions: async ({ parameters: p }) =>
    result('revokeOwnSessions', await api.revokeOwnSessions(revoked(p), options())),
  revokeOwnSession: async ({ parameters: p }) =>
    result('revokeOwnSession', await api.revokeOwnSession(ownSession(p).sessionId, options())),
  listSessions: async ({ parameters: p }) =>
    result('listSessions', await api.listSessions(id(p).id, sessions(p), options())),
  revokeSessions: async ({ parameters: p }) =>
    result('revokeSessions', await api.revokeSessions(id(p).id, revoked(p), options())),
  revokeSession: async ({ parameters: p }) =>
    result('revokeSession', await api.revokeSession(session(p).id, session(p).sessionId, options())),
  getConfiguration: async ({ parameters: p }) =>
    result('getConfiguration', await api.getConfiguration(named(p).name, options())),
  setConfiguration: async ({ parameters: p, body }) =>
    result('setConfiguration', await api.setConfiguration(named(p).name, setConfiguration(body), options())),
  deleteConfiguration: async ({ parameters: p }) =>
    result('deleteConfiguration', await api.deleteConfiguration(named(p).name, options())),
  listEvents: async ({ parameters: p }) => result('listEvents', await api.listEvents(events(p), options())),
  getInfo: async () => result('getInfo', await api.getInfo(options())),
  getCacheInfo: async () => result('getCacheInfo', await api.getCacheInfo(options())),
  getJwks: async () => result('getJwks', await api.getJwks(options())),
  getAuthorizationServer: async () =>
    result('getAuthorizationServer', await api.getAuthorizationServer(options())),
  getOpenidConfiguration: async () =>
    result('getOpenidConfiguration', await api.getOpenidConfiguration(options())),
  getLiveness: async () => result('getLiveness', await api.getLiveness(options())),
  getReadiness: async () => result('getReadiness', await api.getReadiness(options())),
};

/**
 * Has the zod schemas read what is sent, as a form does, and sends what they make of it. They may refuse what the
 * service refuses, and nothing that it takes.
 */
function checked(name: string, call: (call: Call) => Promise<Result>): (call: Call) => Promise<Result> {
  return async (sent) => {
    const refused: string[] = [];
    const read = (part: string, value: unknown): unknown => {
      const parsed = schemaOf(name, part)?.safeParse(value);
      if (parsed?.success === false) refused.push(parsed.error.message);
      return parsed?.success === true ? parsed.data : value;
    };
    const given = ['Params', 'QueryParams', 'Header'].map((part) => read(part, sent.parameters));
    const body = sent.body === undefined ? undefined : read('Body', sent.body);
    const answer = await call({ parameters: Object.assign({}, ...given), body });
    if (refused.length > 0 && (answer.response?.status ?? 0) < 400)
      throw new Error(`The schema refuses what the service takes: ${refused.join()}`);
    return answer;
  };
}

await serve(
  Object.fromEntries(Object.entries(operations).map(([name, call]) => [name, checked(name, call)])),
  (sent) => {
    token = sent;
  },
);

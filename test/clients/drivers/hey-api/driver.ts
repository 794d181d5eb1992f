import { client } from '../../generated/hey-api/client.gen.js';
import * as sdk from '../../generated/hey-api/sdk.gen.js';
import { UserRole, UserStatus } from '../../generated/hey-api/types.gen.js';
import type {
  ApiError,
  CreateUser,
  ListedUser,
  PatchUser,
  Scope,
  Session,
  UpdateUser,
  UpdateUserError,
  User,
  CountNetworksData,
  CountUsersData,
  CreateNetworkData,
  CreateTokenData,
  CreateUserData,
  DeleteNetworkData,
  IntrospectTokenData,
  ListEventsData,
  ListNetworksData,
  ListSessionsData,
  ListUsersData,
  PatchUserData,
  RefreshTokenData,
  RevokeSessionsData,
  ReadRevocationsData,
  RevokeTokenData,
  SetConfigurationData,
  SignInData,
  UpdateNetworkData,
  UpdateUserData,
} from '../../generated/hey-api/types.gen.js';
import { BODIES, PARAMETERS } from '../../typescript/bodies.js';
import { members, number, parameters, text } from '../../typescript/read.js';
import { BASE_URL, serve } from '../../typescript/serve.js';
import type { AllSame, Comparison, WantedRoles, WantedStatuses } from '../../typescript/wanted.js';

/** The body, the query and the headers that an operation takes. */
type Body<Data extends { body?: unknown }> = NonNullable<Data['body']>;
type Query<Data extends { query?: unknown }> = NonNullable<Data['query']>;
type Headers<Data extends { headers?: unknown }> = NonNullable<Data['headers']>;

export const TYPES: AllSame = {} as Comparison<{
  user: User;
  listedUser: ListedUser;
  creation: CreateUser;
  update: UpdateUser;
  patch: PatchUser;
  scope: Scope;
  session: Session;
  error: ApiError;
  anyError: UpdateUserError;
}>;

export const ROLES: WantedRoles = UserRole;
export const STATUSES: WantedStatuses = UserStatus;

let token: string | undefined;
client.setConfig({ baseUrl: BASE_URL, auth: () => token });

const signIn = members<Body<SignInData>>(BODIES.signIn);
const refreshToken = members<Body<RefreshTokenData>>(BODIES.refreshToken);
const createToken = members<Body<CreateTokenData>>(BODIES.createToken);
const revokeToken = members<Body<RevokeTokenData>>(BODIES.revokeToken);
const introspectToken = members<Body<IntrospectTokenData>>(BODIES.introspectToken);
const createUser = members<Body<CreateUserData>>(BODIES.createUser);
const updateUser = members<Body<UpdateUserData>>(BODIES.updateUser);
const patchUser = members<Body<PatchUserData>>(BODIES.updateUser);
const createScope = members<Body<CreateNetworkData>>(BODIES.createScope);
const updateScope = members<Body<UpdateNetworkData>>(BODIES.updateScope);
const setConfiguration = members<Body<SetConfigurationData>>(BODIES.setConfiguration);

const id = parameters<{ id: number }>({ id: number });
const header = parameters<Headers<UpdateUserData>>(PARAMETERS.conditions);
const named = parameters<{ name: string }>({ name: text });
const network = parameters<{ id: number; networkId: number }>({ id: number, networkId: number });
const deviceType = parameters<{ id: number; deviceTypeId: number }>({ id: number, deviceTypeId: number });
const ownSession = parameters<{ sessionId: string }>({ sessionId: text });
const session = parameters<{ id: number; sessionId: string }>({ id: number, sessionId: text });
const users = parameters<Query<ListUsersData>>(PARAMETERS.listUsers);
const countedUsers = parameters<Query<CountUsersData>>(PARAMETERS.countUsers);
const scopes = parameters<Query<ListNetworksData>>(PARAMETERS.listScopes);
const countedScopes = parameters<Query<CountNetworksData>>(PARAMETERS.countScopes);
const force = parameters<Query<DeleteNetworkData>>(PARAMETERS.deleteScope);
const sessions = parameters<Query<ListSessionsData>>(PARAMETERS.listSessions);
const revoked = parameters<Query<RevokeSessionsData>>(PARAMETERS.revokeSessions);
const revocations = parameters<Query<ReadRevocationsData>>(PARAMETERS.readRevocations);
const events = parameters<Query<ListEventsData>>(PARAMETERS.listEvents);

await serve(
  {
    signIn: ({ body }) => sdk.signIn({ body: signIn(body) }),
    refreshToken: ({ body }) => sdk.refreshToken({ body: refreshToken(body) }),
    createToken: ({ body }) => sdk.createToken({ body: createToken(body) }),
    revokeToken: ({ body }) => sdk.revokeToken({ body: revokeToken(body) }),
    introspectToken: ({ body }) => sdk.introspectToken({ body: introspectToken(body) }),
    readRevocations: ({ parameters: p }) => sdk.readRevocations({ query: revocations(p) }),
    listUsers: ({ parameters: p }) => sdk.listUsers({ query: users(p) }),
    countUsers: ({ parameters: p }) => sdk.countUsers({ query: countedUsers(p) }),
    createUser: ({ body }) => sdk.createUser({ body: createUser(body) }),
    getUser: ({ parameters: p }) => sdk.getUser({ path: id(p), headers: header(p) }),
    getCurrentUser: ({ parameters: p }) => sdk.getCurrentUser({ headers: header(p) }),
    updateUser: ({ parameters: p, body }) =>
      sdk.updateUser({ path: id(p), headers: header(p), body: updateUser(body) }),
    updateCurrentUser: ({ parameters: p, body }) =>
      sdk.updateCurrentUser({ headers: header(p), body: updateUser(body) }),
    patchUser: ({ parameters: p, body }) =>
      sdk.patchUser({ path: id(p), headers: header(p), body: patchUser(body) }),
    patchCurrentUser: ({ parameters: p, body }) =>
      sdk.patchCurrentUser({ headers: header(p), body: patchUser(body) }),
    deleteUser: ({ parameters: p }) => sdk.deleteUser({ path: id(p), headers: header(p) }),
    getUserNetwork: ({ parameters: p }) => sdk.getUserNetwork({ path: network(p) }),
    assignNetwork: ({ parameters: p }) => sdk.assignNetwork({ path: network(p) }),
    unassignNetwork: ({ parameters: p }) => sdk.unassignNetwork({ path: network(p) }),
    listUserDeviceTypes: ({ parameters: p }) => sdk.listUserDeviceTypes({ path: id(p) }),
    assignAllDeviceTypes: ({ parameters: p }) => sdk.assignAllDeviceTypes({ path: id(p) }),
    unassignAllDeviceTypes: ({ parameters: p }) => sdk.unassignAllDeviceTypes({ path: id(p) }),
    getUserDeviceType: ({ parameters: p }) => sdk.getUserDeviceType({ path: deviceType(p) }),
    assignDeviceType: ({ parameters: p }) => sdk.assignDeviceType({ path: deviceType(p) }),
    unassignDeviceType: ({ parameters: p }) => sdk.unassignDeviceType({ path: deviceType(p) }),
    listNetworks: ({ parameters: p }) => sdk.listNetworks({ query: scopes(p) }),
    countNetworks: ({ parameters: p }) => sdk.countNetworks({ query: countedScopes(p) }),
    createNetwork: ({ body }) => sdk.createNetwork({ body: createScope(body) }),
    getNetwork: ({ parameters: p }) => sdk.getNetwork({ path: id(p), headers: header(p) }),
    updateNetwork: ({ parameters: p, body }) =>
      sdk.updateNetwork({ path: id(p), headers: header(p), body: updateScope(body) }),
    deleteNetwork: ({ parameters: p }) =>
      sdk.deleteNetwork({ path: id(p), headers: header(p), query: force(p) }),
    listDeviceTypes: ({ parameters: p }) => sdk.listDeviceTypes({ query: scopes(p) }),
    countDeviceTypes: ({ parameters: p }) => sdk.countDeviceTypes({ query: countedScopes(p) }),
    createDeviceType: ({ body }) => sdk.createDeviceType({ body: createScope(body) }),
    getDeviceType: ({ parameters: p }) => sdk.getDeviceType({ path: id(p), headers: header(p) }),
    updateDeviceType: ({ parameters: p, body }) =>
      sdk.updateDeviceType({ path: id(p), headers: header(p), body: updateScope(body) }),
    deleteDeviceType: ({ parameters: p }) =>
      sdk.deleteDeviceType({ path: id(p), headers: header(p), query: force(p) }),
    listOwnSessions: ({ parameters: p }) => sdk.listOwnSessions({ query: sessions(p) }),
    revokeOwnSessions: ({ parameters: p }) => sdk.revokeOwnSessions({ query: revoked(p) }),
    revokeOwnSession: ({ parameters: p }) => sdk.revokeOwnSession({ path: ownSession(p) }),
    listSessions: ({ parameters: p }) => sdk.listSessions({ path: id(p), query: sessions(p) }),
    revokeSessions: ({ parameters: p }) => sdk.revokeSessions({ path: id(p), query: revoked(p) }),
    revokeSession: ({ parameters: p }) => sdk.revokeSession({ path: session(p) }),
    getConfiguration: ({ parameters: p }) => sdk.getConfiguration({ path: named(p) }),
    setConfiguration: ({ parameters: p, body }) =>
      sdk.setConfiguration({ path: named(p), body: setConfiguration(body) }),
    deleteConfiguration: ({ parameters: p }) => sdk.deleteConfiguration({ path: named(p) }),
    listEvents: ({ parameters: p }) => sdk.listEvents({ query: events(p) }),
    getInfo: () => sdk.getInfo(),
    getCacheInfo: () => sdk.getCacheInfo(),
    getJwks: () => sdk.getJwks(),
    getAuthorizationServer: () => sdk.getAuthorizationServer(),
    getOpenidConfiguration: () => sdk.getOpenidConfiguration(),
    getLiveness: () => sdk.getLiveness(),
    getReadiness: () => sdk.getReadiness(),
  },
  (sent) => {
    token = sent;
  },
);

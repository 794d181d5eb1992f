import createClient from 'openapi-fetch';
import type { components, operations as Operations, paths } from '../../generated/openapi-fetch/schema.js';
import { BODIES, PARAMETERS } from '../../typescript/bodies.js';
import { members, number, parameters, text } from '../../typescript/read.js';
import { BASE_URL, serve } from '../../typescript/serve.js';
import type { AllSame, Comparison } from '../../typescript/wanted.js';

/** The body that an operation takes. */
type Body<Name extends keyof Operations> = Operations[Name] extends {
  requestBody?: { content: infer Content };
}
  ? Content[keyof Content] & object
  : never;
type Query<Name extends keyof Operations> = NonNullable<Operations[Name]['parameters']['query']>;
type Headers<Name extends keyof Operations> = NonNullable<Operations[Name]['parameters']['header']>;

type Errors<Name extends keyof Operations> = {
  [
    Status in Exclude<keyof Operations[Name]['responses'], 200 | 201 | 204 | 304>
  ]: Operations[Name]['responses'][Status];
}[Exclude<keyof Operations[Name]['responses'], 200 | 201 | 204 | 304>] extends {
  content: { 'application/json': infer Body };
}
  ? Body
  : never;

type Schemas = components['schemas'];
export const TYPES: AllSame = {} as Comparison<{
  user: Schemas['User'];
  listedUser: Schemas['ListedUser'];
  creation: Schemas['CreateUser'];
  update: Schemas['UpdateUser'];
  patch: Schemas['PatchUser'];
  scope: Schemas['Scope'];
  session: Schemas['Session'];
  error: Schemas['ApiError'];
  anyError: Errors<'updateUser'>;
}>;

let token: string | undefined;
const client = createClient<paths>({ baseUrl: BASE_URL });
client.use({
  onRequest({ request }) {
    if (token !== undefined) request.headers.set('Authorization', `Bearer ${token}`);
    return request;
  },
});

/** openapi-fetch sends every body as `application/json` unless it is told otherwise. */
const MERGE_PATCH = { 'Content-Type': 'application/merge-patch+json' };

const signIn = members<Body<'signIn'>>(BODIES.signIn);
const refreshToken = members<Body<'refreshToken'>>(BODIES.refreshToken);
const createToken = members<Body<'createToken'>>(BODIES.createToken);
const revokeToken = members<Body<'revokeToken'>>(BODIES.revokeToken);
const introspectToken = members<Body<'introspectToken'>>(BODIES.introspectToken);
const createUser = members<Body<'createUser'>>(BODIES.createUser);
const updateUser = members<Body<'updateUser'>>(BODIES.updateUser);
const patchUser = members<Body<'patchUser'>>(BODIES.updateUser);
const createScope = members<Body<'createNetwork'>>(BODIES.createScope);
const updateScope = members<Body<'updateNetwork'>>(BODIES.updateScope);
const setConfiguration = members<Body<'setConfiguration'>>(BODIES.setConfiguration);

const id = parameters<{ id: number }>({ id: number });
const header = parameters<Headers<'updateUser'>>(PARAMETERS.conditions);
const named = parameters<{ name: string }>({ name: text });
const network = parameters<{ id: number; networkId: number }>({ id: number, networkId: number });
const deviceType = parameters<{ id: number; deviceTypeId: number }>({ id: number, deviceTypeId: number });
const ownSession = parameters<{ sessionId: string }>({ sessionId: text });
const session = parameters<{ id: number; sessionId: string }>({ id: number, sessionId: text });
const users = parameters<Query<'listUsers'>>(PARAMETERS.listUsers);
const countedUsers = parameters<Query<'countUsers'>>(PARAMETERS.countUsers);
const scopes = parameters<Query<'listNetworks'>>(PARAMETERS.listScopes);
const countedScopes = parameters<Query<'countNetworks'>>(PARAMETERS.countScopes);
const force = parameters<Query<'deleteNetwork'>>(PARAMETERS.deleteScope);
const sessions = parameters<Query<'listSessions'>>(PARAMETERS.listSessions);
const revoked = parameters<Query<'revokeSessions'>>(PARAMETERS.revokeSessions);
const revocations = parameters<Query<'readRevocations'>>(PARAMETERS.readRevocations);
const events = parameters<Query<'listEvents'>>(PARAMETERS.listEvents);

await serve(
  {
    signIn: ({ body }) => client.POST('/token', { body: signIn(body) }),
    refreshToken: ({ body }) => client.POST('/token/refresh', { body: refreshToken(body) }),
    createToken: ({ body }) => client.POST('/token/create', { body: createToken(body) }),
    revokeToken: ({ body }) => client.POST('/token/revoke', { body: revokeToken(body) }),
    introspectToken: ({ body }) => client.POST('/token/introspect', { body: introspectToken(body) }),
    readRevocations: ({ parameters: p }) => client.GET('/revocation', { params: { query: revocations(p) } }),

    listUsers: ({ parameters: p }) => client.GET('/user', { params: { query: users(p) } }),
    countUsers: ({ parameters: p }) => client.GET('/user/count', { params: { query: countedUsers(p) } }),
    createUser: ({ body }) => client.POST('/user', { body: createUser(body) }),
    getUser: ({ parameters: p }) => client.GET('/user/{id}', { params: { path: id(p), header: header(p) } }),
    getCurrentUser: ({ parameters: p }) => client.GET('/user/current', { params: { header: header(p) } }),
    updateUser: ({ parameters: p, body }) =>
      client.PUT('/user/{id}', { params: { path: id(p), header: header(p) }, body: updateUser(body) }),
    updateCurrentUser: ({ parameters: p, body }) =>
      client.PUT('/user/current', { params: { header: header(p) }, body: updateUser(body) }),
    patchUser: ({ parameters: p, body }) =>
      client.PATCH('/user/{id}', {
        params: { path: id(p), header: header(p) },
        body: patchUser(body),
        headers: MERGE_PATCH,
      }),
    patchCurrentUser: ({ parameters: p, body }) =>
      client.PATCH('/user/current', {
        params: { header: header(p) },
        body: patchUser(body),
        headers: MERGE_PATCH,
      }),
    deleteUser: ({ parameters: p }) =>
      client.DELETE('/user/{id}', { params: { path: id(p), header: header(p) } }),

    getUserNetwork: ({ parameters: p }) =>
      client.GET('/user/{id}/network/{networkId}', { params: { path: network(p) } }),
    assignNetwork: ({ parameters: p }) =>
      client.PUT('/user/{id}/network/{networkId}', { params: { path: network(p) } }),
    unassignNetwork: ({ parameters: p }) =>
      client.DELETE('/user/{id}/network/{networkId}', { params: { path: network(p) } }),
    listUserDeviceTypes: ({ parameters: p }) =>
      client.GET('/user/{id}/devicetype', { params: { path: id(p) } }),
    assignAllDeviceTypes: ({ parameters: p }) =>
      client.PUT('/user/{id}/devicetype/all', { params: { path: id(p) } }),
    unassignAllDeviceTypes: ({ parameters: p }) =>
      client.DELETE('/user/{id}/devicetype/all', { params: { path: id(p) } }),
    getUserDeviceType: ({ parameters: p }) =>
      client.GET('/user/{id}/devicetype/{deviceTypeId}', { params: { path: deviceType(p) } }),
    assignDeviceType: ({ parameters: p }) =>
      client.PUT('/user/{id}/devicetype/{deviceTypeId}', { params: { path: deviceType(p) } }),
    unassignDeviceType: ({ parameters: p }) =>
      client.DELETE('/user/{id}/devicetype/{deviceTypeId}', { params: { path: deviceType(p) } }),

    listNetworks: ({ parameters: p }) => client.GET('/network', { params: { query: scopes(p) } }),
    countNetworks: ({ parameters: p }) =>
      client.GET('/network/count', { params: { query: countedScopes(p) } }),
    createNetwork: ({ body }) => client.POST('/network', { body: createScope(body) }),
    getNetwork: ({ parameters: p }) =>
      client.GET('/network/{id}', { params: { path: id(p), header: header(p) } }),
    updateNetwork: ({ parameters: p, body }) =>
      client.PUT('/network/{id}', { params: { path: id(p), header: header(p) }, body: updateScope(body) }),
    deleteNetwork: ({ parameters: p }) =>
      client.DELETE('/network/{id}', { params: { path: id(p), header: header(p), query: force(p) } }),
    listDeviceTypes: ({ parameters: p }) => client.GET('/devicetype', { params: { query: scopes(p) } }),
    countDeviceTypes: ({ parameters: p }) =>
      client.GET('/devicetype/count', { params: { query: countedScopes(p) } }),
    createDeviceType: ({ body }) => client.POST('/devicetype', { body: createScope(body) }),
    getDeviceType: ({ parameters: p }) =>
      client.GET('/devicetype/{id}', { params: { path: id(p), header: header(p) } }),
    updateDeviceType: ({ parameters: p, body }) =>
      client.PUT('/devicetype/{id}', { params: { path: id(p), header: header(p) }, body: updateScope(body) }),
    deleteDeviceType: ({ parameters: p }) =>
      client.DELETE('/devicetype/{id}', { params: { path: id(p), header: header(p), query: force(p) } }),

    listOwnSessions: ({ parameters: p }) =>
      client.GET('/user/current/session', { params: { query: sessions(p) } }),
    revokeOwnSessions: ({ parameters: p }) =>
      client.DELETE('/user/current/session', { params: { query: revoked(p) } }),
    revokeOwnSession: ({ parameters: p }) =>
      client.DELETE('/user/current/session/{sessionId}', { params: { path: ownSession(p) } }),
    listSessions: ({ parameters: p }) =>
      client.GET('/user/{id}/session', { params: { path: id(p), query: sessions(p) } }),
    revokeSessions: ({ parameters: p }) =>
      client.DELETE('/user/{id}/session', { params: { path: id(p), query: revoked(p) } }),
    revokeSession: ({ parameters: p }) =>
      client.DELETE('/user/{id}/session/{sessionId}', { params: { path: session(p) } }),

    getConfiguration: ({ parameters: p }) =>
      client.GET('/configuration/{name}', { params: { path: named(p) } }),
    setConfiguration: ({ parameters: p, body }) =>
      client.PUT('/configuration/{name}', { params: { path: named(p) }, body: setConfiguration(body) }),
    deleteConfiguration: ({ parameters: p }) =>
      client.DELETE('/configuration/{name}', { params: { path: named(p) } }),
    listEvents: ({ parameters: p }) => client.GET('/event', { params: { query: events(p) } }),
    getInfo: () => client.GET('/info'),
    getCacheInfo: () => client.GET('/info/cache'),
    getJwks: () => client.GET('/.well-known/jwks.json'),
    getAuthorizationServer: () => client.GET('/.well-known/oauth-authorization-server'),
    getOpenidConfiguration: () => client.GET('/.well-known/openid-configuration'),
    getLiveness: () => client.GET('/health/live'),
    getReadiness: () => client.GET('/health/ready'),
  },
  (sent) => {
    token = sent;
  },
);

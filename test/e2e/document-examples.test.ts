import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { OpenAPIObject } from '@nestjs/swagger';
import { ADMINISTRATOR, TestService } from '../support/service.js';

/*
 * The examples of the document, as a newcomer runs them with *Try it out*: as the administrator, on a fresh database.
 */

/** The operations in the order of a first visit: what is created before what it is used for, what deletes last. */
const ORDER = [
  ...['getInfo', 'getCacheInfo', 'getLiveness', 'getReadiness', 'getJwks'],
  ...['getAuthorizationServer', 'getOpenidConfiguration'],
  ...['getCurrentUser', 'updateCurrentUser', 'patchCurrentUser'],
  ...['createUser', 'listUsers', 'countUsers', 'getUser', 'updateUser', 'patchUser', 'signIn'],
  ...['createNetwork', 'listNetworks', 'countNetworks', 'getNetwork', 'updateNetwork'],
  ...['createDeviceType', 'listDeviceTypes', 'countDeviceTypes', 'getDeviceType', 'updateDeviceType'],
  ...['assignNetwork', 'getUserNetwork', 'assignDeviceType', 'getUserDeviceType', 'listUserDeviceTypes'],
  ...['createToken', 'refreshToken', 'listOwnSessions', 'listSessions', 'introspectToken'],
  ...['revokeToken', 'readRevocations'],
  ...['setConfiguration', 'getConfiguration', 'deleteConfiguration', 'listEvents'],
  ...['revokeSession', 'revokeSessions', 'revokeOwnSession', 'revokeOwnSessions'],
  ...['unassignNetwork', 'unassignDeviceType', 'assignAllDeviceTypes', 'unassignAllDeviceTypes'],
  ...['deleteUser', 'deleteNetwork', 'deleteDeviceType'],
];

interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly schema: { readonly example?: string | number; readonly default?: string | number };
}
interface Operation {
  readonly operationId: string;
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: {
    readonly content: Readonly<
      Record<string, { readonly examples?: Readonly<Record<string, { readonly value: object }>> }>
    >;
  };
}
/** One request of *Try it out*. */
interface Trial {
  readonly id: string;
  readonly title: string;
  readonly method: string;
  readonly path: string;
  readonly parameters: readonly Parameter[];
  readonly type?: string;
  readonly body?: object;
}

const trialsOf = (document: OpenAPIObject): Trial[] =>
  Object.entries(document.paths)
    .flatMap(([path, item]) =>
      Object.entries(item as Record<string, Operation>).flatMap(([method, operation]): Trial[] => {
        const { operationId: id, parameters = [], requestBody } = operation;
        const trial = { id, title: '', method: method.toUpperCase(), path, parameters };
        if (!requestBody) return [trial];
        return Object.entries(requestBody.content).flatMap(([type, { examples }]) =>
          examples
            ? Object.entries(examples).map(([title, { value }]) => ({ ...trial, title, type, body: value }))
            : [{ ...trial, type }],
        );
      }),
    )
    .sort((one, other) => ORDER.indexOf(one.id) - ORDER.indexOf(other.id));

describe('the examples of the document', () => {
  let service: TestService;
  let document: OpenAPIObject;
  beforeAll(async () => {
    // A URL: without one there is no discovery.
    service = await TestService.start({ JWT_ISSUER: 'https://id.example.com' });
    document = (await service.client.get('/swagger.json')).body;
  });
  afterAll(() => service.stop());

  it('name every operation in the order of a visit', () => {
    expect([...new Set(trialsOf(document).map(({ id }) => id))].sort()).toEqual([...ORDER].sort());
  });

  it('each succeed on a fresh database, and leave the administrator as it was', async () => {
    const failed: unknown[] = [];
    for (const trial of trialsOf(document)) {
      const { status, text } = await run(trial);
      if (status >= 300) failed.push({ trial: `${trial.id}: ${trial.title}`, status, text });
    }
    expect(failed).toEqual([]);

    const { status, body } = await service.client.signIn(ADMINISTRATOR);
    expect(status, 'the password is still the same').toBe(201);
    const { body: self } = await service.client.as(body.accessToken).get('/user/current');
    expect(self).toMatchObject({ id: 1, login: ADMINISTRATOR.login, role: 0, status: 0 });
    expect((await service.admin.get('/user/current')).status, 'and so is the session').toBe(200);
  });

  it('contain no new password for a user that there is', () => {
    const updates = trialsOf(document).filter(({ id }) => /^(?:update|patch)/.test(id));
    expect(updates.length).toBeGreaterThan(8);
    expect(updates.filter(({ body = {} }) => 'password' in body || 'login' in body)).toEqual([]);
  });

  /** Sends what the page fills in: examples and defaults. */
  async function run({ id, method, path, parameters, type, body }: Trial) {
    const sent = body ?? (await bodyOf(id));
    const query = new URLSearchParams();
    let filled = path;
    for (const parameter of parameters) {
      const value =
        parameter.schema.example ?? parameter.schema.default ?? (await valueOf(id, parameter.name));
      if (value === undefined) continue;
      if (parameter.in === 'path')
        filled = filled.replace(`{${parameter.name}}`, encodeURIComponent(String(value)));
      if (parameter.in === 'query') query.set(parameter.name, String(value));
    }
    return service.admin.send(method, query.size > 0 ? `${filled}?${query.toString()}` : filled, {
      body: sent,
      headers: type === undefined ? {} : { 'content-type': type },
    });
  }

  /** Tokens differ in each database: these operations are for one that a response has shown. */
  async function bodyOf(id: string): Promise<object | undefined> {
    const { body } = await service.client.signIn(ADMINISTRATOR);
    if (id === 'refreshToken') return { refreshToken: body.refreshToken };
    return id === 'revokeToken' || id === 'introspectToken' ? { token: body.refreshToken } : undefined;
  }

  /** So do the ids of sessions. */
  async function valueOf(id: string, name: string): Promise<string | undefined> {
    if (name !== 'sessionId') return undefined;
    if (id === 'revokeSession')
      await service.client.signIn({ login: 'ada', password: 'correct horse battery' });
    else await service.client.signIn(ADMINISTRATOR);
    const { body } = await service.admin.get(`/user/${id === 'revokeSession' ? 2 : 'current'}/session`);
    return body.find(({ current }: { current: boolean }) => !current).id;
  }
});

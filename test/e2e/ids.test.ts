import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { claimsOf } from '../support/client.js';
import { expectError } from '../support/errors.js';
import { BAD_IDS } from '../support/ids.js';
import { TestService } from '../support/service.js';

/** A route of the API document, and one of the parameters of its path that are ids. */
interface IdParameter {
  readonly method: string;
  readonly path: string;
  readonly name: string;
}

let service: TestService;
/** Of users, networks and device types: positive integers. */
let parameters: readonly IdParameter[];
let allParameters: readonly IdParameter[];
/** The parameter that is no integer. */
const SESSION = 'sessionId';
beforeAll(async () => {
  service = await TestService.start();
  // Device types cannot be assigned to a user who has all (contract.md §3).
  await service.admin.delete('/user/1/devicetype/all');
  const { paths } = (await service.client.get('/swagger.json')).body as { paths: Record<string, object> };
  allParameters = Object.entries(paths).flatMap(([path, operations]) =>
    [...path.matchAll(/\{(\w*id)\}/gi)].flatMap(([, name = '']) =>
      Object.keys(operations).map((method) => ({ method: method.toUpperCase(), path, name })),
    ),
  );
  parameters = allParameters.filter(({ name }) => name !== SESSION);
});
afterAll(() => service.stop());

/** Sends `id` as one parameter, and 1 as the others. */
const send = ({ method, path, name }: IdParameter, id: string | number) =>
  service.admin.send(method, path.replace(`{${name}}`, String(id)).replaceAll(/\{\w+\}/g, '1'));

// contract.md: ids are positive integers.
describe('an id in a path, on every route', () => {
  it('is a parameter of users, networks, device types, assignments and sessions', () => {
    expect(new Set(allParameters.map(({ name }) => name))).toEqual(
      new Set(['id', 'networkId', 'deviceTypeId', SESSION]),
    );
    const paths = allParameters.map(({ path }) => path);
    expect(paths).toEqual(expect.arrayContaining(['/user/{id}/session', '/user/{id}/session/{sessionId}']));
    expect(parameters.length).toBeGreaterThan(20);
  });

  it.each(BAD_IDS)('is 400 when it is %s', async (id) => {
    for (const parameter of parameters) {
      const wanted = { status: 400, message: 'Invalid request parameters', fields: [parameter.name] };
      expectError(await send(parameter, id), wanted);
    }
  });

  it.each([987_654_321, 2 ** 31, 2 ** 32 + 1, Number.MAX_SAFE_INTEGER])(
    'is 404 when nothing has it: %d',
    async (id) => {
      for (const parameter of parameters)
        expectError(await send(parameter, id), { status: 404, message: new RegExp(`\\b${id}\\b`) });
    },
  );
});

// contract.md §5: what is not an open session of that user is 404, whatever it looks like.
describe('the id of a session in a path', () => {
  const ended = '0b5a1e2c-93d4-4f6e-8f3c-6a2d1b7c9e10';

  it.each([...BAD_IDS, '1', '987654321', ended, ended.toUpperCase(), `${ended}%00`, '%F0%9F%94%91', "'"])(
    'is 404 when it is %s',
    async (id) => {
      const message = `Session with id = ${decodeURIComponent(id)} not found`;
      const routes = allParameters.filter(({ name }) => name === SESSION);
      expect(routes.map(({ method, path }) => `${method} ${path}`)).toEqual([
        'DELETE /user/current/session/{sessionId}',
        'DELETE /user/{id}/session/{sessionId}',
      ]);
      for (const route of routes) expectError(await send(route, id), { status: 404, message });
    },
  );

  it('is no id of a session of another user, nor one in other letters', async () => {
    const [user, other] = [await service.createUser(), await service.createUser()];
    const sid = String(claimsOf(other.accessToken)['sid']);
    for (const caller of [service.admin, user.client]) {
      expectError(await caller.delete(`/user/${user.id}/session/${sid}`), {
        status: 404,
        message: `Session with id = ${sid} not found`,
      });
    }
    const capitals = sid.toUpperCase();
    expect(capitals).not.toBe(sid);
    expectError(await other.client.delete(`/user/current/session/${capitals}`), {
      status: 404,
      message: `Session with id = ${capitals} not found`,
    });
    expect((await other.client.get('/user/current')).status).toBe(200);
    expect((await other.client.delete(`/user/current/session/${sid}`)).status).toBe(204);
  });
});

describe('an id in a query', () => {
  it.each(['abc', '-1', '1.5', '1e3', '', '%00', '9'.repeat(30)])(
    'of GET /event is 400 when it is %s',
    async (id) => {
      for (const name of ['after', 'actor'])
        expectError(await service.admin.get(`/event?${name}=${id}`), {
          status: 400,
          message: 'Invalid request parameters',
          fields: [name],
        });
    },
  );

  it.each(['abc', '1', '%00', '0b5a1e2c-93d4-4f6e-8f3c-6a2d1b7c9e10'])(
    'of a list of sessions is 400 when no session has it: %s',
    async (id) => {
      for (const path of ['/user/1/session', '/user/current/session'])
        expectError(await service.admin.get(`${path}?after=${id}`), {
          status: 400,
          message: 'Invalid request parameters',
          fields: ['after'],
        });
    },
  );
});

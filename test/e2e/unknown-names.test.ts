import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { OpenAPIObject } from '@nestjs/swagger';
import { expectError } from '../support/errors.js';
import { freshName } from '../support/fresh-name.js';
import { ADMINISTRATOR, TestService } from '../support/service.js';
import { readTables } from '../support/tables.js';
import { userFields } from '../support/users.js';

let service: TestService;
/** Every route that takes a body, as in the API document, with a valid one. */
let bodies: Readonly<Record<string, object>>;
let paths: OpenAPIObject['paths'];
beforeAll(async () => {
  service = await TestService.start();
  ({ paths } = (await service.client.get('/swagger.json')).body as OpenAPIObject);
  const { refreshToken } = await service.createUser();
  bodies = {
    'POST /user': userFields(),
    'PUT /user/{id}': { introReviewed: true },
    'PUT /user/current': { introReviewed: true },
    'PATCH /user/{id}': { introReviewed: true },
    'PATCH /user/current': { introReviewed: true },
    'POST /network': { name: freshName('network') },
    'PUT /network/{id}': { description: 'changed' },
    'POST /devicetype': { name: freshName('type') },
    'PUT /devicetype/{id}': { description: 'changed' },
    'PUT /configuration/{name}': { value: 'changed' },
    'POST /token': ADMINISTRATOR,
    'POST /token/refresh': { refreshToken },
    'POST /token/create': { userId: 1 },
  };
});
afterAll(() => service.stop());

/** The routes that ignore what they do not know (RFC 7009 §2.1, RFC 7662 §2.1, contract.md §5). */
const LENIENT = ['POST /token/revoke', 'POST /token/introspect'];

/** Sends a request to a route of the document, about whatever has the id or the name 1. */
function send(route: string, query = '', body?: string) {
  const [method = '', path = ''] = route.split(' ');
  return service.admin.send(method, `${path.replaceAll(/\{\w+\}/g, '1')}${query}`, { body });
}

// contract.md §6: an unknown property or query parameter is 400.
describe('an unknown property', () => {
  it('is tried on every route that takes a body', () => {
    const documented = Object.entries(paths).flatMap(([path, { get: _get, ...operations }]) =>
      Object.entries(operations as Record<string, { requestBody?: object }>)
        .filter(([, { requestBody }]) => requestBody)
        .map(([method]) => `${method.toUpperCase()} ${path}`),
    );
    expect(documented.sort()).toEqual([...Object.keys(bodies), ...LENIENT].sort());
  });

  it.each([
    'nonsense',
    '',
    'NAME',
    'Login',
    'login ',
    'name_key',
    'password_hash',
    'passwordHash',
    'loginAttempts',
    'passwordVersion',
    'version',
    'entityVersion',
    'constructor',
    'toString',
    'hasOwnProperty',
    '__proto__',
  ])('%j is 400, named, and nothing of the request is applied (ASVS 8.2.3)', async (name) => {
    const before = await readTables(service.database);
    for (const [route, body] of Object.entries(bodies)) {
      // As a text: `__proto__` would be lost from an object.
      const text = JSON.stringify(body).replace(/\}$/, `,${JSON.stringify(name)}:{"role":0}}`);
      expectError(await send(route, '', text), {
        status: 400,
        message: 'Invalid request parameters',
        fields: [name],
      });
    }
    expect(await readTables(service.database)).toEqual(before);
  });
});

describe('an unknown property of POST /token/revoke', () => {
  it.each(['nonsense', '', 'token_type_hint', 'client_id', 'constructor', '__proto__'])(
    '%j is ignored, in JSON and in a form',
    async (name) => {
      for (const isForm of [false, true]) {
        const { refreshToken } = await service.createUser();
        const answer = await service.client.send('POST', '/token/revoke', {
          body: isForm
            ? String(
                new URLSearchParams([
                  ['token', refreshToken],
                  [name, 'x'],
                ]),
              )
            : `{"token":${JSON.stringify(refreshToken)},${JSON.stringify(name)}:{"role":0}}`,
          headers: { 'content-type': isForm ? 'application/x-www-form-urlencoded' : 'application/json' },
        });
        expect({ status: answer.status, text: answer.text }).toEqual({ status: 200, text: '' });
        expect((await service.client.refresh(refreshToken)).status).toBe(401);
      }
    },
  );
});

describe('an unknown query parameter', () => {
  it('is tried on the routes of sessions and events, too', () => {
    expect(Object.keys(paths)).toEqual(
      expect.arrayContaining(['/event', '/user/{id}/session', '/user/current/session', '/token/revoke']),
    );
  });

  it.each(['nonsense', 'Take', 'name[]', 'constructor', '__proto__', ''])(
    '%j is 400, and named',
    async (name) => {
      for (const [path, operations] of Object.entries(paths)) {
        for (const method of Object.keys(operations)) {
          const route = `${method.toUpperCase()} ${path}`;
          const body = bodies[route];
          const answer = await send(route, `?${name}=1`, body && JSON.stringify(body));
          expectError(answer, { status: 400, message: 'Invalid request parameters', fields: [name] });
        }
      }
    },
  );
});

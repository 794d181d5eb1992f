import { afterAll, beforeAll, describe, expect, it } from 'vitest';
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
let parameters: readonly IdParameter[];
beforeAll(async () => {
  service = await TestService.start();
  // Device types cannot be assigned to a user who has all (contract.md §3).
  await service.admin.delete('/user/1/devicetype/all');
  const { paths } = (await service.client.get('/swagger.json')).body as { paths: Record<string, object> };
  parameters = Object.entries(paths).flatMap(([path, operations]) =>
    [...path.matchAll(/\{(\w*id)\}/gi)].flatMap(([, name = '']) =>
      Object.keys(operations).map((method) => ({ method: method.toUpperCase(), path, name })),
    ),
  );
});
afterAll(() => service.stop());

/** Sends `id` as one parameter, and 1 as the others. */
const send = ({ method, path, name }: IdParameter, id: string | number) =>
  service.admin.send(method, path.replace(`{${name}}`, String(id)).replaceAll(/\{\w+\}/g, '1'));

// contract.md: ids are positive integers.
describe('an id in a path, on every route', () => {
  it('is a parameter of users, networks, device types and assignments', () => {
    expect(new Set(parameters.map(({ name }) => name))).toEqual(new Set(['id', 'networkId', 'deviceTypeId']));
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

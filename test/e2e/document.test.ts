import { afterAll, describe, expect, it } from 'vitest';
import type { OpenAPIObject } from '@nestjs/swagger';
import { TestService } from '../support/service.js';

/*
 * The document that a service serves is that of its own settings. What it promises besides, test/architecture holds.
 */

const services: TestService[] = [];
afterAll(() => Promise.all(services.map((service) => service.stop())));

async function documentOf(
  environment: Readonly<Record<string, string>>,
): Promise<{ readonly document: OpenAPIObject; readonly service: TestService }> {
  const service = await TestService.start(environment);
  services.push(service);
  return { document: (await service.client.get('/swagger.json')).body as OpenAPIObject, service };
}

type Properties = Readonly<Record<string, Readonly<Record<string, unknown>>>>;
const schemaOf = ({ components }: OpenAPIObject, name: string) =>
  components?.schemas?.[name] as { readonly properties: Properties; readonly additionalProperties?: boolean };
const bodiesOf = (document: OpenAPIObject): string[] =>
  Object.keys(document.components?.schemas ?? {}).filter((name) =>
    /^(?:Create|Update|Patch|Set|SignIn|R\w+Token$)/.test(name),
  );

describe('the document of a service', () => {
  it.each([{}, { API_PREFIX: '/some/prefix' }, { COMPATIBILITY: 'devicehive' }])(
    'names the server that it comes from: %j',
    async (environment) => {
      const { document, service } = await documentOf(environment);
      const [server] = document.servers ?? [];
      const base = new URL(server?.url ?? '', `${service.client.baseUrl}/swagger.json`).href.replace(
        /\/$/,
        '',
      );
      expect(base).toBe(service.client.baseUrl);
      expect((await fetch(`${base}/info`)).status).toBe(200);
    },
  );

  it('has the least length of a password that is set', async () => {
    const { document } = await documentOf({ PASSWORD_MIN_LENGTH: '13' });
    for (const name of ['CreateUser', 'UpdateUser', 'PatchUser'])
      expect(schemaOf(document, name).properties['password']).toMatchObject({
        minLength: 13,
        maxLength: 128,
      });
    // It may have been set before.
    const { minLength, pattern } = schemaOf(document, 'SignIn').properties['password'] ?? {};
    expect(minLength).toBe(1);
    const isAllowed = (password: string) => new RegExp(String(pattern)).test(password);
    expect([' '.repeat(12), ' '.repeat(13), ' x'].map(isAllowed)).toEqual([false, true, true]);
  });

  it('refuses unknown members where the service does', async () => {
    const { document: strict } = await documentOf({});
    const { document: compatible } = await documentOf({ COMPATIBILITY: 'devicehive' });
    const closed = (document: OpenAPIObject) =>
      bodiesOf(document).filter((name) => schemaOf(document, name).additionalProperties === false);
    expect(bodiesOf(strict)).toEqual(
      expect.arrayContaining(['CreateUser', 'UpdateUser', 'SignIn', 'CreateToken']),
    );
    expect(closed(strict)).toEqual(
      expect.arrayContaining(['CreateUser', 'UpdateUser', 'SignIn', 'CreateToken']),
    );
    expect(closed(compatible)).toEqual([]);
    expect(JSON.stringify(compatible)).not.toContain('"additionalProperties":false');
  });

  it('says in words what the compatible mode does otherwise', async () => {
    const { document: strict } = await documentOf({});
    const { document: compatible, service } = await documentOf({ COMPATIBILITY: 'devicehive' });
    const textOf = (document: OpenAPIObject, path: string, method: 'get' | 'put' | 'patch' | 'post') =>
      document.paths[path]?.[method]?.description ?? '';
    const says = (path: string, method: 'get' | 'put' | 'patch' | 'post', text: string) => ({
      path,
      strict: textOf(strict, path, method).includes(text),
      compatible: textOf(compatible, path, method).includes(text),
    });
    const onlyStrict = (path: string) => ({ path, strict: true, compatible: false });
    const onlyCompatible = (path: string) => ({ path, strict: false, compatible: true });
    expect(says('/user', 'get', '8 MiB')).toEqual(onlyStrict('/user'));
    for (const path of ['/user/{id}', '/user/current'])
      for (const method of ['put', 'patch'] as const)
        expect(says(path, method, '`introReviewed`')).toEqual(onlyCompatible(path));
    const all = '/user/{id}/devicetype/all';
    expect(says(all, 'put', 'kept for later')).toEqual(onlyStrict(all));
    expect(says('/token/create', 'post', 'is no action')).toEqual(onlyStrict('/token/create'));
    expect(says('/token/create', 'post', 'are left out')).toEqual(onlyCompatible('/token/create'));

    // And it is so.
    const { id } = await service.createUser({ allDeviceTypesAvailable: false });
    await service.admin.put(`/user/${id}`, { allDeviceTypesAvailable: true });
    expect((await service.admin.get(`/user/${id}`)).body).toMatchObject({ allDeviceTypesAvailable: false });
    for (const name of ['UpdateUser', 'PatchUser']) {
      const { description } = schemaOf(compatible, name).properties['allDeviceTypesAvailable'] as {
        description?: string;
      };
      expect(description).toContain('Accepted, and ignored');
    }
    const { description } = schemaOf(strict, 'UpdateUser').properties['allDeviceTypesAvailable'] as {
      description?: string;
    };
    expect(description).not.toContain('ignored');
  });

  it('has the timestamps and devices of the compatible mode, and only there', async () => {
    const { document: strict } = await documentOf({});
    const { document: compatible } = await documentOf({ COMPATIBILITY: 'devicehive' });
    const lastLogin = (document: OpenAPIObject) => schemaOf(document, 'User').properties['lastLogin'];
    expect(lastLogin(strict)).toMatchObject({ format: 'date-time' });
    expect(lastLogin(compatible)).not.toHaveProperty('format');
    expect(Object.keys(compatible.paths)).toEqual(
      expect.arrayContaining(['/device', '/info/config/cluster']),
    );
    expect(Object.keys(strict.paths)).not.toContain('/device');
  });
});

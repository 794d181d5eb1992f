import { expect } from 'vitest';
import { freshName } from '../../support/fresh-name.js';
import type { Case } from './case.js';

/** Create, read, update and delete, alike for networks and device types. */
const managed = (kind: 'Network' | 'DeviceType', words: string): readonly Case[] => [
  {
    name: `a ${words} is created, read, updated in part and deleted`,
    run: async ({ client, admin: token }) => {
      const name = freshName('scope');
      const created = await client.call(`create${kind}`, { token, body: { name } });
      expect(created).toMatchObject({ status: 201, body: { id: expect.any(Number) } });
      const parameters = { id: created.body.id };
      const read = async () => (await client.call(`get${kind}`, { token, parameters })).body;
      expect(await read()).toEqual({ ...parameters, name, description: null });

      const update = (body: object) => client.call(`update${kind}`, { token, parameters, body });
      expect(await update({ description: 'in the hall' })).toMatchObject({ status: 204 });
      expect(await read()).toEqual({ ...parameters, name, description: 'in the hall' });
      expect(await update({ name: `${name}-2` })).toMatchObject({ status: 204 });
      expect(await read()).toEqual({ ...parameters, name: `${name}-2`, description: 'in the hall' });
      expect(await update({ description: null })).toMatchObject({ status: 204 });
      expect(await read()).toEqual({ ...parameters, name: `${name}-2`, description: null });
      expect(await update(await read())).toMatchObject({ status: 204 });

      expect(
        await client.call(`delete${kind}`, { token, parameters: { ...parameters, force: true } }),
      ).toMatchObject({ status: 204 });
      expect(await client.call(`get${kind}`, { token, parameters })).toMatchObject({ status: 404 });
    },
  },
  {
    name: `a second ${words} of the same name is refused`,
    run: async ({ client, admin: token }) => {
      const body = { name: freshName('twice'), description: 'the only one' };
      expect(await client.call(`create${kind}`, { token, body })).toMatchObject({ status: 201 });
      const refused = await client.call(`create${kind}`, { token, body });
      const message = expect.stringMatching(/already exists$/);
      expect(refused).toMatchObject({ status: 403, error: { error: 403, message } });
    },
  },
];

/** Networks, device types, and their assignment to users. */
export const SCOPES: readonly Case[] = [
  ...managed('Network', 'network'),
  ...managed('DeviceType', 'device type'),
  {
    name: 'a network is assigned to a user and taken away',
    run: async ({ client, admin: token, createUser }) => {
      const { id } = await createUser();
      const parameters = { id, networkId: 1 };
      expect(await client.call('assignNetwork', { token, parameters })).toMatchObject({ status: 204 });
      const assigned = await client.call('getUserNetwork', { token, parameters });
      expect(assigned).toMatchObject({ status: 200, body: { network: { id: 1, name: 'Default network' } } });
      expect(await client.call('unassignNetwork', { token, parameters })).toMatchObject({ status: 204 });
      const message = `Network with id 1 for user with id ${id} was not found`;
      const gone = await client.call('getUserNetwork', { token, parameters });
      expect(gone).toMatchObject({ status: 404, error: { error: 404, message } });
    },
  },
  {
    name: 'device types are assigned to a user, one and all, and taken away',
    run: async ({ client, admin: token, createUser }) => {
      const { id } = await createUser();
      const call = (operation: string, more = {}) =>
        client.call(operation, { token, parameters: { id, ...more } });
      const one = { deviceTypeId: 1 };
      const message = 'Cannot assign device type to user with all device types allowed';
      expect(await call('assignDeviceType', one)).toMatchObject({
        status: 403,
        error: { error: 403, message },
      });
      expect(await call('unassignAllDeviceTypes')).toMatchObject({ status: 204 });
      expect(await call('listUserDeviceTypes')).toMatchObject({ status: 200, body: [] });
      expect(await call('assignDeviceType', one)).toMatchObject({ status: 204 });
      expect(await call('listUserDeviceTypes')).toMatchObject({
        body: [{ id: 1, name: 'Default device type' }],
      });
      expect(await call('getUserDeviceType', one)).toMatchObject({
        status: 200,
        body: { deviceType: { id: 1 } },
      });
      expect(await call('unassignDeviceType', one)).toMatchObject({ status: 204 });
      expect(await call('getUserDeviceType', one)).toMatchObject({ status: 404 });
      expect(await call('assignAllDeviceTypes')).toMatchObject({ status: 204 });
      expect((await call('getUser')).body).toMatchObject({ allDeviceTypesAvailable: true });
    },
  },
];

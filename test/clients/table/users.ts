import { expect } from 'vitest';
import { freshName } from '../../support/fresh-name.js';
import { PASSWORD, userFields } from '../../support/users.js';
import type { Case } from './case.js';

/** Users are created, read and deleted. */
export const USERS: readonly Case[] = [
  {
    name: 'a user is created of what is required, and the service sets the defaults',
    run: async ({ client, admin }) => {
      const body = { login: freshName('created'), password: PASSWORD, role: 1 };
      const answer = await client.call('createUser', { token: admin, body });
      expect(answer.status).toBe(201);
      expect(answer.body).toEqual({
        id: expect.any(Number),
        lastLogin: null,
        data: null,
        introReviewed: false,
        allDeviceTypesAvailable: true,
      });
      expect(answer.headers['location']).toBe(`/user/${answer.body.id}`);
    },
  },
  {
    name: 'a user is created with every field, and each is as it was set',
    run: async ({ client, admin }) => {
      const body = userFields({
        role: 0,
        status: 2,
        data: { nested: { list: [1, 'two', null, {}], none: null }, empty: [] },
        introReviewed: true,
        allDeviceTypesAvailable: false,
      });
      const { status, body: created } = await client.call('createUser', { token: admin, body });
      expect(status).toBe(201);
      const { password: _, ...shown } = body;
      const read = await client.call('getUser', { token: admin, parameters: { id: created.id } });
      expect(read.status).toBe(200);
      expect(read.body).toEqual({ ...shown, id: created.id, lastLogin: null, networks: [] });
    },
  },
  {
    name: 'a user reads its own record, with its networks',
    run: async ({ client, admin, createUser }) => {
      const { id, login, accessToken } = await createUser();
      await client.call('assignNetwork', { token: admin, parameters: { id, networkId: 1 } });
      const { status, body, headers } = await client.call('getCurrentUser', { token: accessToken });
      expect(status).toBe(200);
      expect(body).toMatchObject({ id, login, role: 1, status: 0, lastLogin: expect.any(String) });
      expect(body.networks).toMatchObject([{ id: 1, name: 'Default network' }]);
      expect(headers['etag']).toEqual(expect.any(String));
    },
  },
  {
    name: 'a deleted user is gone',
    run: async ({ client, admin, createUser }) => {
      const { id } = await createUser();
      expect(await client.call('deleteUser', { token: admin, parameters: { id } })).toMatchObject({
        status: 204,
      });
      const read = await client.call('getUser', { token: admin, parameters: { id } });
      expect(read).toMatchObject({ status: 404, error: { message: `User with id = ${id} not found` } });
    },
  },
  {
    name: 'what GET returns can be sent back whole, and changes nothing',
    run: async ({ client, admin, createUser }) => {
      const { id } = await createUser({ data: { theme: 'dark' }, allDeviceTypesAvailable: false });
      await client.call('assignNetwork', { token: admin, parameters: { id, networkId: 1 } });
      const before = await client.call('getUser', { token: admin, parameters: { id } });
      expect(before.body.networks).toHaveLength(1);
      const sent = await client.call('updateUser', { token: admin, parameters: { id }, body: before.body });
      expect(sent.status).toBe(204);
      const after = await client.call('getUser', { token: admin, parameters: { id } });
      expect([after.body, after.headers['etag']]).toEqual([before.body, before.headers['etag']]);
    },
  },
  {
    name: 'a client user sends its own record back with other data',
    run: async ({ client, createUser }) => {
      const { accessToken: token } = await createUser();
      const { body } = await client.call('getCurrentUser', { token });
      const changed = { ...body, data: { theme: 'light' } };
      expect(await client.call('updateCurrentUser', { token, body: changed })).toMatchObject({ status: 204 });
      expect((await client.call('getCurrentUser', { token })).body).toEqual(changed);
    },
  },
];

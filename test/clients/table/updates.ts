import { expect } from 'vitest';
import { freshName } from '../../support/fresh-name.js';
import type { Case } from './case.js';

/** Far from every default, so that a default that is sent along shows. */
const UNUSUAL = { introReviewed: true, allDeviceTypesAvailable: false, data: { before: true } };

/** Bodies of updates, each of which must change its own fields and leave the others alone. */
const PARTIAL: readonly (readonly [name: string, body: () => Record<string, unknown>])[] = [
  ['data alone', () => ({ data: { theme: 'dark' } })],
  [
    'data with every kind of value',
    () => ({ data: { a: [1, -0.5, 'ü€😀', true, null, {}, []], b: { c: null } } }),
  ],
  ['null as data', () => ({ data: null })],
  ['the status alone', () => ({ status: 2 })],
  ['the status 0 alone', () => ({ status: 0 })],
  ['the role 0 alone', () => ({ role: 0 })],
  ['the login alone', () => ({ login: freshName('renamed') })],
  ['introReviewed alone', () => ({ introReviewed: false })],
  ['allDeviceTypesAvailable alone', () => ({ allDeviceTypesAvailable: true })],
  ['two fields', () => ({ introReviewed: false, data: {} })],
  ['nothing', () => ({})],
];

/** Updates of users: what was set is sent, and nothing else. */
export const UPDATES: readonly Case[] = [
  ...PARTIAL.map(([name, make]): Case => ({
    name: `an update of ${name} sends and changes exactly that`,
    run: async ({ client, admin: token, createUser }) => {
      const { id } = await createUser(UNUSUAL);
      const before = await client.call('getUser', { token, parameters: { id } });
      const body = make();
      const { status, exchange } = await client.call('updateUser', { token, parameters: { id }, body });
      expect(status).toBe(204);
      expect(JSON.parse(exchange.body)).toStrictEqual(body);
      const after = await client.call('getUser', { token, parameters: { id } });
      expect(after.body).toStrictEqual({ ...before.body, ...body });
    },
  })),
  {
    name: 'a user sets a new password with the old one, and signs in with it',
    run: async ({ client, createUser }) => {
      const { login, password: oldPassword, accessToken: token } = await createUser(UNUSUAL);
      const body = { password: 'quite another password', oldPassword };
      expect(await client.call('updateCurrentUser', { token, body })).toMatchObject({ status: 204 });
      const { status } = await client.call('signIn', { body: { login, password: body.password } });
      expect(status).toBe(201);
      const own = await client.call('getCurrentUser', { token });
      expect(own.body).toMatchObject(UNUSUAL);
    },
  },
  {
    name: 'a wrong old password is refused',
    run: async ({ client, createUser }) => {
      const { accessToken: token } = await createUser();
      const body = { password: 'quite another password', oldPassword: 'a wrong password' };
      const refused = await client.call('updateCurrentUser', { token, body });
      expect(refused).toMatchObject({ status: 403, error: { error: 403, message: 'Invalid credentials' } });
    },
  },
  {
    name: 'a merge patch changes the members of data that it names, and removes those that it sets to null',
    run: async ({ client, admin: token, createUser }) => {
      const { id } = await createUser({ ...UNUSUAL, data: { kept: 1, changed: 2, removed: 3 } });
      const body = { data: { changed: { new: [null] }, removed: null } };
      expect(await client.call('patchUser', { token, parameters: { id }, body })).toMatchObject({
        status: 204,
      });
      const { body: user } = await client.call('getUser', { token, parameters: { id } });
      expect(user).toMatchObject({ ...UNUSUAL, data: { kept: 1, changed: { new: [null] } } });
      expect(user.data).not.toHaveProperty('removed');
    },
  },
  {
    name: 'a merge patch of the status leaves data alone',
    run: async ({ client, admin: token, createUser }) => {
      const { id } = await createUser(UNUSUAL);
      const body = { status: 1 };
      expect(await client.call('patchUser', { token, parameters: { id }, body })).toMatchObject({
        status: 204,
      });
      const { body: user } = await client.call('getUser', { token, parameters: { id } });
      expect(user).toMatchObject({ ...UNUSUAL, status: 1 });
    },
  },
  {
    name: 'a user patches its own data to null',
    run: async ({ client, createUser }) => {
      const { accessToken: token } = await createUser(UNUSUAL);
      expect(await client.call('patchCurrentUser', { token, body: { data: null } })).toMatchObject({
        status: 204,
      });
      expect((await client.call('getCurrentUser', { token })).body).toMatchObject({ ...UNUSUAL, data: null });
    },
  },
];

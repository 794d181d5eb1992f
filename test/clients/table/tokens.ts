import { expect } from 'vitest';
import { claimsOf } from '../../support/client.js';
import { freshName } from '../../support/fresh-name.js';
import type { Case } from './case.js';

const DAY = 86_400_000;
const daysAhead = (days: number): string => new Date(Date.now() + days * DAY).toISOString();

/** Tokens that are created, with fewer rights than a sign-in has. */
export const TOKENS: readonly Case[] = [
  {
    name: 'tokens are created with actions, networks, lifetimes and a label, and revoked',
    run: async ({ client, admin: token, createUser, service }) => {
      const { id } = await createUser();
      const { id: networkId } = (await service.admin.post('/network', { name: freshName('of-token') })).body;
      await client.call('assignNetwork', { token, parameters: { id, networkId } });
      const body = {
        userId: id,
        actions: ['GetNetwork', 'GetCurrentUser'],
        networkIds: [String(networkId)],
        deviceTypeIds: ['1'],
        expiration: daysAhead(1),
        refreshExpiration: daysAhead(2),
        label: 'gateway in the hall',
      };
      const created = await client.call('createToken', { token, body });
      expect(created.status).toBe(201);
      const { accessToken } = created.body;
      expect(claimsOf(accessToken)).toMatchObject({
        exp: Math.floor(Date.parse(body.expiration) / 1000),
        payload: { u: id, a: [2, 10], n: [String(networkId)], dt: ['1'] },
      });
      const { body: sessions } = await client.call('listOwnSessions', { token: accessToken });
      expect(sessions).toMatchObject([
        { kind: 'created', label: body.label, actions: [2, 10], networkIds: [networkId], deviceTypeIds: [1] },
      ]);
      expect(sessions[0].createdBy).toBe(1);

      expect(await client.call('revokeToken', { body: { token: accessToken } })).toMatchObject({
        status: 200,
      });
      expect(await client.call('getCurrentUser', { token: accessToken })).toMatchObject({ status: 401 });
    },
  },
  {
    name: 'a token is introspected, and its session is in the feed once it is revoked',
    run: async ({ client, admin: token, createUser }) => {
      const { id, login, accessToken } = await createUser();
      const { sid } = claimsOf(accessToken);
      const introspect = () => client.call('introspectToken', { token, body: { token: accessToken } });
      expect(await introspect()).toMatchObject({
        status: 200,
        body: { active: true, sub: String(id), username: login, sid, token_type: 'access_token', role: 1 },
      });
      const { body: before } = await client.call('readRevocations', { token });
      expect(await client.call('revokeToken', { body: { token: accessToken } })).toMatchObject({
        status: 200,
      });
      expect(await introspect()).toMatchObject({ status: 200, body: { active: false } });
      const parameters = { after: before.cursor, wait: 5 };
      const { status, body } = await client.call('readRevocations', { token, parameters });
      expect(status).toBe(200);
      expect(body.revoked).toContainEqual(expect.objectContaining({ sid }));
      expect(body.notBefore).toBeNull();
    },
  },
  {
    name: 'tokens are created for a user alone, with no rights',
    run: async ({ client, admin: token, createUser }) => {
      const { id } = await createUser();
      const { status, body } = await client.call('createToken', { token, body: { userId: id } });
      expect(status).toBe(201);
      expect(claimsOf(body.accessToken).payload).toMatchObject({ u: id, a: [1] });
    },
  },
  {
    name: 'tokens are created with nulls, which mean none',
    run: async ({ client, admin: token, createUser }) => {
      const { id } = await createUser();
      const none = { actions: null, networkIds: null, deviceTypeIds: null, expiration: null, label: null };
      const { status, body } = await client.call('createToken', { token, body: { userId: id, ...none } });
      expect(status).toBe(201);
      expect(claimsOf(body.accessToken).payload).not.toHaveProperty('n');
    },
  },
  {
    name: 'tokens are created with every right, and with actions by number and ids as numbers',
    run: async ({ client, admin: token }) => {
      const all = await client.call('createToken', {
        token,
        body: { userId: 1, actions: ['*'], networkIds: '*', deviceTypeIds: ['*'] },
      });
      expect(claimsOf(all.body.accessToken).payload).toMatchObject({ a: [0], n: ['*'], dt: ['*'] });
      const some = await client.call('createToken', {
        token,
        body: { userId: 1, actions: [2, 'ManageUser'], networkIds: [1], deviceTypeIds: '*' },
      });
      expect(claimsOf(some.body.accessToken).payload).toMatchObject({ a: [2, 12], n: ['1'], dt: ['*'] });
    },
  },
  {
    name: 'a client user cannot create a token with rights that it has not',
    run: async ({ client, createUser }) => {
      const { id, accessToken: token } = await createUser();
      const refused = await client.call('createToken', {
        token,
        body: { userId: id, actions: ['ManageUser'] },
      });
      expect(refused).toMatchObject({ status: 403, error: { error: 403, message: 'Access is denied' } });
    },
  },
  {
    name: 'a lifetime beyond the limit is refused, and the field is named',
    run: async ({ client, admin: token, createUser }) => {
      const { id } = await createUser();
      const body = { userId: id, expiration: daysAhead(4000) };
      const refused = await client.call('createToken', { token, body });
      const details = [{ field: 'expiration', message: expect.any(String) }];
      expect(refused).toMatchObject({ status: 400, error: { error: 400, details } });
    },
  },
];

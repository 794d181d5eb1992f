import { randomUUID } from 'node:crypto';
import { expect } from 'vitest';
import type { TestUser } from '../../support/service.js';
import type { Case, Scene } from './case.js';

/** Signs the user in once more; returns the access token. */
async function signInAgain({ client }: Scene, { login, password }: TestUser): Promise<string> {
  const { status, body } = await client.call('signIn', { body: { login, password } });
  expect(status).toBe(201);
  return body.accessToken as string;
}

/** Sessions are listed and revoked. */
export const SESSIONS: readonly Case[] = [
  {
    name: 'a user lists its own sessions',
    run: async (scene) => {
      const user = await scene.createUser();
      const token = await signInAgain(scene, user);
      const { status, body } = await scene.client.call('listOwnSessions', { token });
      expect(status).toBe(200);
      expect(body).toHaveLength(2);
      expect(body[0]).toMatchObject({ kind: 'signIn', label: null, createdBy: null, current: true });
      expect(body[0].actions).toEqual(expect.arrayContaining([10, 11]));
      expect(body[0]).toMatchObject({ networkIds: [], deviceTypeIds: ['*'], address: expect.any(String) });
      expect(body[1]).toMatchObject({ current: false });
    },
  },
  {
    name: 'a user revokes one of its sessions',
    run: async (scene) => {
      const user = await scene.createUser();
      const token = await signInAgain(scene, user);
      const { body } = await scene.client.call('listOwnSessions', { token, parameters: { take: 100 } });
      const sessionId = body[1].id as string;
      const revoke = () => scene.client.call('revokeOwnSession', { token, parameters: { sessionId } });
      expect(await revoke()).toMatchObject({ status: 204 });
      expect(await scene.client.call('getCurrentUser', { token: user.accessToken })).toMatchObject({
        status: 401,
      });
      const message = `Session with id = ${sessionId} not found`;
      expect(await revoke()).toMatchObject({ status: 404, error: { error: 404, message } });
    },
  },
  {
    name: 'a user revokes all of its sessions but the present one',
    run: async (scene) => {
      const user = await scene.createUser();
      const token = await signInAgain(scene, user);
      const parameters = { except: 'current' };
      expect(await scene.client.call('revokeOwnSessions', { token, parameters })).toMatchObject({
        status: 204,
      });
      expect(await scene.client.call('getCurrentUser', { token })).toMatchObject({ status: 200 });
      expect(await scene.client.call('getCurrentUser', { token: user.accessToken })).toMatchObject({
        status: 401,
      });
    },
  },
  {
    name: 'an administrator lists the sessions of a user page by page, and revokes one and all',
    run: async (scene) => {
      const { client, admin: token } = scene;
      const user = await scene.createUser();
      const { id } = user;
      const latest = await signInAgain(scene, user);
      const first = await client.call('listSessions', { token, parameters: { id, take: 1 } });
      expect(first.body).toHaveLength(1);
      const after = first.body[0].id as string;
      const second = await client.call('listSessions', { token, parameters: { id, take: 1, after } });
      expect(second.body).toHaveLength(1);
      const sessionId = second.body[0].id as string;
      expect(await client.call('revokeSession', { token, parameters: { id, sessionId } })).toMatchObject({
        status: 204,
      });
      expect(await client.call('revokeSessions', { token, parameters: { id } })).toMatchObject({
        status: 204,
      });
      expect(await client.call('getCurrentUser', { token: latest })).toMatchObject({ status: 401 });
      expect((await client.call('listSessions', { token, parameters: { id } })).body).toEqual([]);
    },
  },
  {
    name: 'a session that is not there cannot be revoked',
    run: async ({ client, admin: token, createUser }) => {
      const { id } = await createUser();
      const sessionId = randomUUID();
      const refused = await client.call('revokeSession', { token, parameters: { id, sessionId } });
      expect(refused).toMatchObject({
        status: 404,
        error: { message: `Session with id = ${sessionId} not found` },
      });
    },
  },
];

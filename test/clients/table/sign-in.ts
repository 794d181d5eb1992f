import { expect } from 'vitest';
import { ADMINISTRATOR } from '../../support/service.js';
import type { Case } from './case.js';

/** Sign-in, refresh, revocation. */
export const SIGN_IN: readonly Case[] = [
  {
    name: 'a sign-in gives two tokens',
    run: async ({ client }) => {
      const answer = await client.call('signIn', { body: ADMINISTRATOR });
      expect(answer).toMatchObject({
        status: 201,
        body: { accessToken: expect.any(String), refreshToken: expect.any(String) },
      });
      const own = await client.call('getCurrentUser', { token: answer.body.accessToken });
      expect(own).toMatchObject({ status: 200, body: { id: 1, login: ADMINISTRATOR.login } });
    },
  },
  {
    name: 'a sign-in with a wrong password is refused',
    run: async ({ client, createUser }) => {
      const { login } = await createUser();
      const answer = await client.call('signIn', { body: { login, password: 'a wrong password' } });
      expect(answer).toMatchObject({ status: 401, error: { error: 401, message: 'Invalid credentials' } });
    },
  },
  {
    name: 'a sign-in with a blank login is refused',
    run: async ({ client }) => {
      const answer = await client.call('signIn', { body: { login: ' ', password: 'any' } });
      const message = 'Invalid or empty authorization request parameters';
      expect(answer).toMatchObject({ status: 400, error: { error: 400, message } });
    },
  },
  {
    name: 'a refresh token gives another access token',
    run: async ({ client, createUser }) => {
      const { id, refreshToken } = await createUser();
      const answer = await client.call('refreshToken', { body: { refreshToken } });
      expect(answer).toMatchObject({ status: 201, body: { accessToken: expect.any(String) } });
      expect(answer.body).not.toHaveProperty('refreshToken');
      const own = await client.call('getCurrentUser', { token: answer.body.accessToken });
      expect(own).toMatchObject({ status: 200, body: { id } });
    },
  },
  {
    name: 'an access token is no refresh token',
    run: async ({ client, createUser }) => {
      const { accessToken } = await createUser();
      const answer = await client.call('refreshToken', { body: { refreshToken: accessToken } });
      expect(answer).toMatchObject({ status: 401, error: { message: 'Invalid token type' } });
    },
  },
  {
    name: 'a revoked token is refused',
    run: async ({ client, createUser }) => {
      const { accessToken, refreshToken } = await createUser();
      expect(await client.call('revokeToken', { body: { token: refreshToken } })).toMatchObject({
        status: 200,
      });
      const refused = await client.call('getCurrentUser', { token: accessToken });
      expect(refused).toMatchObject({ status: 401, error: { error: 401, message: 'Unauthorized' } });
    },
  },
];

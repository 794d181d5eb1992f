import { expect } from 'vitest';
import { ADMINISTRATOR } from '../../support/service.js';
import type { Case } from './case.js';

/** Sign-in, refresh, revocation. */
export const SIGN_IN: readonly Case[] = [
  {
    name: 'a sign-in gives two tokens',
    run: async ({ client }) => {
      const answer = await client.call('signIn', { body: ADMINISTRATOR });
      expect(answer.status).toBe(201);
      expect(answer.body).toEqual({ accessToken: expect.any(String), refreshToken: expect.any(String) });
    },
  },
];

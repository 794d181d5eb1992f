import { expect } from 'vitest';
import type { Case } from './case.js';

/** Updates of users: what was set is sent, and nothing else. */
export const UPDATES: readonly Case[] = [
  {
    name: 'an update of data sends data alone',
    run: async ({ client, admin, createUser }) => {
      const user = await createUser({ allDeviceTypesAvailable: false, introReviewed: true });
      const { status, exchange } = await client.call('updateUser', {
        token: admin,
        parameters: { id: user.id },
        body: { data: { theme: 'dark' } },
      });
      expect(status).toBe(204);
      expect(JSON.parse(exchange.body)).toStrictEqual({ data: { theme: 'dark' } });
    },
  },
];

import { expect } from 'vitest';
import { freshName } from '../../support/fresh-name.js';
import type { Case } from './case.js';

/** Configuration, and what needs no token. */
export const OPERATION: readonly Case[] = [
  {
    name: 'configuration is set, read and deleted',
    run: async ({ client, admin: token }) => {
      const name = freshName('a.b');
      const parameters = { name };
      const set = await client.call('setConfiguration', { token, parameters, body: { value: 'one' } });
      expect(set).toMatchObject({
        status: 200,
        body: { name, value: 'one', entityVersion: expect.any(Number) },
      });
      const read = await client.call('getConfiguration', { token, parameters });
      expect(read).toMatchObject({ status: 200, body: set.body });
      expect(await client.call('deleteConfiguration', { token, parameters })).toMatchObject({ status: 204 });
      const message = `Requested config with name = ${name} not found in the database`;
      const gone = await client.call('getConfiguration', { token, parameters });
      expect(gone).toMatchObject({ status: 404, error: { error: 404, message } });
    },
  },
  {
    name: 'a name in a path is escaped',
    run: async ({ client, admin: token }) => {
      const name = `${freshName('a b/ü')}?&%25`;
      const parameters = { name };
      const set = await client.call('setConfiguration', { token, parameters, body: { value: '' } });
      expect(set).toMatchObject({ status: 200, body: { name, value: '' } });
    },
  },
  {
    name: 'information, health and public keys need no token',
    run: async ({ client }) => {
      const info = await client.call('getInfo');
      expect(info).toMatchObject({ status: 200, body: { apiVersion: expect.any(String) } });
      expect(info.body.webSocketServerUrl).toMatch(/^ws:/);
      expect(await client.call('getCacheInfo')).toMatchObject({ status: 200 });
      expect(await client.call('getLiveness')).toMatchObject({ status: 200, body: { status: 'ok' } });
      const ready = await client.call('getReadiness');
      expect(ready).toMatchObject({ status: 200, body: { details: { database: { status: 'up' } } } });
      const keys = await client.call('getJwks');
      expect(keys).toMatchObject({ status: 200, body: { keys: [{ kty: 'EC', alg: 'ES256', use: 'sig' }] } });
      // The issuer of this service is no URL.
      for (const operation of ['getAuthorizationServer', 'getOpenidConfiguration'])
        expect(await client.call(operation)).toMatchObject({ status: 404 });
    },
  },
];

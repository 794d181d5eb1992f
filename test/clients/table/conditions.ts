import { expect } from 'vitest';
import { freshName } from '../../support/fresh-name.js';
import type { Case } from './case.js';

/** Conditional requests. */
export const CONDITIONS: readonly Case[] = [
  {
    name: 'an update with the present entity tag in If-Match is applied',
    run: async ({ client, admin: token, createUser }) => {
      const { id } = await createUser();
      const { headers } = await client.call('getUser', { token, parameters: { id } });
      const answer = await client.call('updateUser', {
        token,
        parameters: { id, 'If-Match': headers['etag'] ?? '' },
        body: { data: { edited: true } },
      });
      expect(answer.status).toBe(204);
    },
  },
  {
    name: 'an update with a stale entity tag in If-Match is refused and changes nothing',
    run: async ({ client, admin: token, createUser }) => {
      const { id } = await createUser();
      const { headers } = await client.call('getUser', { token, parameters: { id } });
      const stale = { id, 'If-Match': headers['etag'] ?? '' };
      await client.call('updateUser', { token, parameters: { id }, body: { data: { by: 'another' } } });
      for (const operation of ['updateUser', 'patchUser']) {
        const refused = await client.call(operation, {
          token,
          parameters: stale,
          body: { data: { by: 'me' } },
        });
        expect(refused).toMatchObject({ status: 412, error: { error: 412, message: expect.any(String) } });
      }
      const removed = await client.call('deleteUser', { token, parameters: stale });
      expect(removed).toMatchObject({ status: 412, error: { error: 412 } });
      const { body } = await client.call('getUser', { token, parameters: { id } });
      expect(body.data).toEqual({ by: 'another' });
    },
  },
  {
    name: 'a read with the present entity tag in If-None-Match is 304, without a body',
    run: async ({ client, admin: token, createUser }) => {
      const { id, accessToken } = await createUser();
      const { headers } = await client.call('getUser', { token, parameters: { id } });
      const parameters = { 'If-None-Match': headers['etag'] ?? '' };
      const unchanged = await client.call('getUser', { token, parameters: { id, ...parameters } });
      expect(unchanged).toMatchObject({ status: 304, headers: { etag: headers['etag'] } });
      const own = await client.call('getCurrentUser', { token: accessToken, parameters });
      expect(own.status).toBe(304);
    },
  },
  {
    name: 'networks and device types are updated and deleted under conditions too',
    run: async ({ client, admin: token, service }) => {
      for (const [path, kind] of [
        ['network', 'Network'],
        ['devicetype', 'DeviceType'],
      ] as const) {
        const { id } = (await service.admin.post(`/${path}`, { name: freshName('conditional') })).body;
        const read = await client.call(`get${kind}`, { token, parameters: { id } });
        const condition = { id, 'If-Match': read.headers['etag'] ?? '' };
        const body = { description: 'edited' };
        const edit = () => client.call(`update${kind}`, { token, parameters: condition, body });
        expect((await edit()).status).toBe(204);
        expect(await client.call(`delete${kind}`, { token, parameters: condition })).toMatchObject({
          status: 412,
        });
        const again = { id, 'If-None-Match': read.headers['etag'] ?? '' };
        expect((await client.call(`get${kind}`, { token, parameters: again })).status).toBe(200);
      }
    },
  },
];

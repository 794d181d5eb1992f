import { connect } from 'node:net';
import { expect } from 'vitest';
import { userFields } from '../../support/users.js';
import type { Answer } from '../harness/generated-client.js';
import type { Case, Scene } from './case.js';

/** Expects an error in the one shape that all errors have. */
function expectError(answer: Answer, status: number, more: Record<string, unknown> = {}): void {
  const error = { error: status, message: expect.any(String), ...more };
  expect(answer).toMatchObject({ status, error });
}

/** Every shape of an error, read by the one error type. A request that no generated client sends is made by the proxy. */
export const ERRORS: readonly Case[] = [
  {
    name: '400 names each field at fault',
    run: async ({ client, admin: token }) => {
      const body = { userId: 0, label: 'x'.repeat(129) };
      const refused = await client.call('createToken', { token, body });
      expectError(refused, 400, {
        details: [
          { field: 'userId', message: expect.any(String) },
          { field: 'label', message: expect.any(String) },
        ],
      });
    },
  },
  {
    name: '400 names a parameter at fault',
    run: async ({ client, admin: token }) => {
      const refused = await client.call('listUsers', { token, parameters: { after: 'made up' } });
      expectError(refused, 400);
    },
  },
  {
    name: '401 says how to authenticate: without a token, and with one that is none',
    run: async ({ client }) => {
      const without = await client.call('getCurrentUser');
      expectError(without, 401, { message: 'Unauthorized' });
      expect(without.headers['www-authenticate']).toBe('Bearer');
      const invalid = await client.call('getCurrentUser', { token: 'none' });
      expectError(invalid, 401);
      expect(invalid.headers['www-authenticate']).toBe('Bearer error="invalid_token"');
    },
  },
  {
    name: '403 for what a client user may not do, and for what it may not change',
    run: async ({ client, createUser }) => {
      const { accessToken: token } = await createUser();
      expectError(await client.call('listUsers', { token }), 403, { message: 'Access is denied' });
      expectError(await client.call('updateUser', { token, parameters: { id: 1 }, body: { data: {} } }), 403);
      const message = 'Admin permissions required for this action';
      expectError(await client.call('updateCurrentUser', { token, body: { role: 0 } }), 403, { message });
    },
  },
  {
    name: '403 for a login that another user has',
    run: async ({ client, admin: token, createUser }) => {
      const { login } = await createUser();
      const message = 'User with such login already exists. Please, select another one';
      expectError(await client.call('createUser', { token, body: userFields({ login }) }), 403, { message });
    },
  },
  {
    name: '404 for what is not there, up to the largest id',
    run: async ({ client, admin: token }) => {
      for (const id of [2_000_000_000, Number.MAX_SAFE_INTEGER])
        for (const operation of ['getUser', 'getNetwork', 'getDeviceType'])
          expectError(await client.call(operation, { token, parameters: { id } }), 404, {
            message: expect.stringContaining(`with id = ${id} not found`),
          });
    },
  },
  {
    name: '405 names the methods that are there',
    run: async ({ client, admin: token }) => {
      const refused = await client.call('getCurrentUser', { token }, { method: 'DELETE' });
      expectError(refused, 405);
      expect(refused.headers['allow']).toContain('GET');
    },
  },
  {
    name: '412 on a route without entity tags',
    run: async ({ client }) => {
      expectError(await client.call('getInfo', {}, { headers: { 'if-match': '"1"' } }), 412);
    },
  },
  {
    name: '413 for a body over the limit of its route',
    run: async ({ client, admin: token }) => {
      expectError(await client.call('signIn', { body: { login: 'root', password: 'p'.repeat(5000) } }), 413);
      const parameters = { name: 'large' };
      const body = { value: 'v'.repeat(140 * 1024) };
      expectError(await client.call('setConfiguration', { token, parameters, body }), 413);
    },
  },
  {
    name: '415 for a body of another type',
    run: async ({ client, admin: token, createUser }) => {
      const { id } = await createUser();
      const request = { token, parameters: { id }, body: { data: {} } };
      expectError(
        await client.call('updateUser', request, { headers: { 'content-type': 'text/plain' } }),
        415,
      );
    },
  },
  {
    name: '429 says when to come again',
    run: async ({ client, createUser }) => {
      const { accessToken: token } = await createUser();
      const tell = () => client.call('updateCurrentUser', { token, body: { oldPassword: 'wrong' } });
      for (let time = 0; time < 5; time += 1) expectError(await tell(), 403);
      const refused = await tell();
      expectError(refused, 429);
      expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
    },
  },
  {
    name: '431 for headers over the limit',
    run: async ({ client }) => {
      expectError(await client.call('getInfo', {}, { headers: { 'x-large': 'x'.repeat(100_000) } }), 431);
    },
  },
  {
    name: '503 says when to come again',
    run: async (scene) => {
      const { accessToken: token } = await scene.createUser();
      const release = holdBodies(scene, token);
      try {
        const body = { data: { large: 'x'.repeat(512 * 1024) } };
        const update = () => scene.client.call('updateCurrentUser', { token, body });
        // Until the service has got the other requests, the body is only larger than `data` may be.
        let refused = await update();
        while (refused.status === 400) refused = await update();
        expectError(refused, 503, { message: 'The service is busy' });
        expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
      } finally {
        release();
      }
    },
  },
];

/** Begins requests with large bodies that do not arrive: the service takes no more of them for this user. */
function holdBodies({ service }: Scene, token: string): () => void {
  const { hostname, port } = new URL(service.client.baseUrl);
  const head = [
    'PUT /user/current HTTP/1.1',
    `Host: ${hostname}`,
    `Authorization: Bearer ${token}`,
    'Content-Type: application/json',
    `Content-Length: ${1024 * 1024}`,
  ];
  const sockets = Array.from({ length: 24 }, () =>
    connect(Number(port), hostname).on('error', () => undefined),
  );
  for (const socket of sockets) socket.write(`${head.join('\r\n')}\r\n\r\n{"data":`);
  return () => {
    for (const socket of sockets) socket.destroy();
  };
}

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { kindOfDatabase } from '../support/database.js';
import { expectError } from '../support/errors.js';
import { freshName } from '../support/fresh-name.js';
import { PASSWORD, TestService } from '../support/service.js';

let service: TestService;
beforeAll(async () => {
  service = await TestService.start();
});
afterAll(() => service.stop());

/** Sets an id sequence back, as where rows were copied in with their ids: the next id that it gives is 1. */
const setBack = (table: string) =>
  service.database.query(
    kindOfDatabase() === 'postgres'
      ? `SELECT setval(pg_get_serial_sequence('${table}', 'id'), 1, false)`
      : `UPDATE sqlite_sequence SET seq = 0 WHERE name = '${table}'`,
  );
const greatest = async (table: string) => {
  const [row] = await service.database.query(`SELECT max(id) AS id FROM ${table}`);
  return Number(row?.['id']);
};

describe('an id sequence that lags behind its table', () => {
  it.each([
    ['users', '/user', () => ({ login: freshName('user'), password: PASSWORD, role: 1 })],
    ['networks', '/network', () => ({ name: freshName('network') })],
    ['device_types', '/devicetype', () => ({ name: freshName('type') })],
  ])('of %s is caught up with: what is created has the next id', async (table, path, bodyOf) => {
    const before = await greatest(table);
    await setBack(table);
    for (const next of [1, 2]) {
      const { status, body } = await service.admin.post(path, bodyOf());
      expect({ status, id: (body as { id: number }).id }).toEqual({ status: 201, id: before + next });
    }
  });

  it('of events is caught up with, too', async () => {
    await service.admin.post('/network', { name: freshName('network') });
    await setBack('pending_events');
    const { status } = await service.admin.post('/network', { name: freshName('network') });
    expect(status).toBe(201);
  });

  it('does not hide that a login or a name is taken', async () => {
    const user = await service.createUser();
    await setBack('users');
    const again = { login: user.login.toUpperCase(), password: PASSWORD, role: 1 };
    expectError(await service.admin.post('/user', again), { status: 403, message: /already exists/ });
  });
});

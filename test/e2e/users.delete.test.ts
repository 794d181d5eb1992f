import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Client } from '../support/client.js';
import { expectError } from '../support/errors.js';
import { TestService } from '../support/service.js';

const ONESELF = {
  status: 403,
  message: 'You can not delete a user or access key that you use to authenticate this request',
};

let service: TestService;
beforeAll(async () => {
  service = await TestService.start();
});
afterAll(() => service.stop());

describe('DELETE /user/{id}', () => {
  it('returns 204 with an empty body, and the user is gone', async () => {
    const user = await service.createUser();
    const answer = await service.admin.delete(`/user/${user.id}`);
    expect([answer.status, answer.text]).toEqual([204, '']);
    const gone = { status: 404, message: `User with id = ${user.id} not found` };
    expectError(await service.admin.get(`/user/${user.id}`), gone);
    expectError(await service.admin.delete(`/user/${user.id}`), gone);
    expect((await service.admin.get(`/user?login=${user.login}`)).body).toEqual([]);
  });

  it('takes the assignments with it', async () => {
    const { id } = await service.createUser({ allDeviceTypesAvailable: false });
    const other = await service.createUser();
    for (const path of [`/user/${id}/network/1`, `/user/${id}/devicetype/1`, `/user/${other.id}/network/1`]) {
      expect((await service.admin.put(path, {})).status).toBe(204);
    }
    expect((await service.admin.delete(`/user/${id}`)).status).toBe(204);
    for (const table of ['user_networks', 'user_device_types']) {
      expect(await service.database.query(`SELECT * FROM ${table} WHERE user_id = ?`, [id])).toEqual([]);
    }
    expect((await service.admin.get(`/user/${other.id}/network/1`)).status).toBe(200);
  });

  it('ends its sessions, and those that it has created for others', async () => {
    const [user, other] = [await service.createUser({ role: 0 }), await service.createUser()];
    const actions = ['GetCurrentUser'];
    const create = async (userId: number) =>
      (await user.client.post('/token/create', { userId, actions })).body;
    const [child, forOther] = [await create(user.id), await create(other.id)];
    const byFirst = await service.createToken(other.id, { actions });
    const ask = async (accessToken: string) =>
      (await service.client.as(accessToken).get('/user/current')).status;
    for (const { accessToken } of [user, child, forOther]) expect(await ask(accessToken)).toBe(200);

    expect((await service.admin.delete(`/user/${user.id}`)).status).toBe(204);
    for (const { accessToken, refreshToken } of [user, child, forOther]) {
      expect(await ask(accessToken)).toBe(401);
      expect((await service.client.refresh(refreshToken)).status).toBe(401);
    }
    for (const { accessToken } of [other, byFirst]) expect(await ask(accessToken)).toBe(200);
    expect(await service.database.query('SELECT * FROM sessions WHERE user_id = ?', [user.id])).toEqual([]);
  });

  it('refuses to delete oneself, whatever else is true', async () => {
    const user = await service.createUser({ role: 0 });
    expectError(await user.client.delete(`/user/${user.id}`), ONESELF);
    expectError(await user.client.delete(`/user/${user.id}`, { 'if-match': '"0"' }), ONESELF);
    expectError(await service.admin.delete('/user/1'), ONESELF);
    expect((await user.client.get('/user/current')).status).toBe(200);
  });

  it('takes no word for an id', async () => {
    // A client of its own: the document, which the others hold to, knows of no such request.
    const { baseUrl, token } = service.admin;
    expectError(await new Client(baseUrl, token).delete('/user/current'), { status: 405 });
  });
});

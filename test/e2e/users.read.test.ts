import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TestService } from '../support/service.js';
import { entityTagOf } from '../support/users.js';

const LISTED = [
  'id',
  'login',
  'role',
  'status',
  'lastLogin',
  'data',
  'introReviewed',
  'allDeviceTypesAvailable',
];
const TIMESTAMP = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

let service: TestService;
beforeAll(async () => {
  service = await TestService.start();
});
afterAll(() => service.stop());

describe('GET /user/{id} and GET /user/current', () => {
  it('show the view published, the same to the user and to an administrator', async () => {
    const user = await service.createUser({ data: { a: 1 }, introReviewed: true });
    expect((await service.admin.put(`/user/${user.id}/network/1`, {})).status).toBe(204);
    const { status, body } = await service.admin.get(`/user/${user.id}`);
    expect(status).toBe(200);
    expect(body).toEqual({
      id: user.id,
      login: user.login,
      role: 1,
      status: 0,
      lastLogin: expect.stringMatching(TIMESTAMP),
      data: { a: 1 },
      introReviewed: true,
      allDeviceTypesAvailable: true,
      networks: [{ id: 1, name: 'Default network', description: null }],
    });
    expect((await user.client.get(`/user/${user.id}`)).body).toEqual(body);
    expect((await user.client.get('/user/current')).body).toEqual(body);
  });

  it('show no hash, no counter and no password', async () => {
    const user = await service.createUser();
    for (const path of [`/user/${user.id}`, '/user/current', `/user?login=${user.login}`]) {
      const { body, text } = await service.admin.get(path);
      const shown: object = Array.isArray(body) ? body[0] : body;
      expect(Object.keys(shown).filter((name) => name !== 'networks')).toEqual(LISTED);
      expect(text).not.toMatch(/password|hash|\$2[aby]\$|attempt|generation|version|blocked/i);
    }
  });

  it('show lastLogin as null before the first sign-in, then as set by each sign-in and refresh', async () => {
    const { id, login, password } = await service.createUser({ status: 2 });
    const lastLogin = async () => (await service.admin.get(`/user/${id}`)).body.lastLogin;
    expect(await lastLogin()).toBeNull();

    await service.admin.put(`/user/${id}`, { status: 0 });
    const before = Date.now();
    const { refreshToken } = (await service.client.signIn({ login, password })).body;
    const signedIn = await lastLogin();
    expect(signedIn).toMatch(TIMESTAMP);
    expect(Date.parse(signedIn)).toBeGreaterThanOrEqual(before);

    await expect
      .poll(
        async () => {
          await service.client.refresh(refreshToken);
          return Date.parse(await lastLogin());
        },
        { timeout: 10_000 },
      )
      .toBeGreaterThan(Date.parse(signedIn));
    const latest = await lastLogin();
    expect((await service.client.signIn({ login, password: 'not the password' })).status).toBe(401);
    expect(await lastLogin()).toBe(latest);
  });

  it('carry the same entity tag, which changes with every change and with lastLogin, and with nothing else', async () => {
    const user = await service.createUser();
    const tag = () => entityTagOf(service.admin, user.id);
    let current = await tag();
    expect(current).toMatch(/^"[^"]+"$/);
    expect((await user.client.get('/user/current')).headers.get('etag')).toBe(current);

    for (const change of [
      { data: {} },
      { introReviewed: true },
      { allDeviceTypesAvailable: false },
      { login: `${user.login}.2` },
      { role: 0 },
      { password: 'quite another password' },
    ]) {
      expect((await service.admin.put(`/user/${user.id}`, change)).status).toBe(204);
      const next = await tag();
      expect(next).not.toBe(current);
      current = next;
    }

    const signedIn = await service.client.signIn({
      login: `${user.login}.2`,
      password: 'quite another password',
    });
    await service.client.refresh(signedIn.body.refreshToken);
    const next = await tag();
    expect(next).not.toBe(current);
    current = next;
    await service.client.post('/token', { login: `${user.login}.2`, password: 'not the password' });
    await service.admin.put(`/user/${user.id}`, {});
    await service.admin.put(`/user/${user.id}`, { id: 5, lastLogin: null, networks: [] });
    await service.admin.put(`/user/${user.id}`, { data: {}, role: 9 });
    // Each has this value already.
    const present = { data: {}, introReviewed: true, role: 0, status: 0, login: `${user.login}.2` };
    await service.admin.put(`/user/${user.id}`, present);
    await service.admin.delete(`/user/${user.id}/session`);
    expect(await tag()).toBe(current);
  });
});

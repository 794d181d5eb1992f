import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Client } from '../support/client.js';
import { TestService, type TestUser } from '../support/service.js';

let service: TestService;
beforeAll(async () => {
  service = await TestService.start({ RATE_LIMIT: 'on' });
});
afterAll(() => service.stop());

const MOST = 5;
const tell = async (client: Client, oldPassword: string, path = '/user/current') =>
  (await client.put(path, { oldPassword })).status;
/** Tells wrong old passwords until one is refused without a comparison, and returns how many were compared. */
async function useUp(client: Client, path = '/user/current'): Promise<number> {
  for (let compared = 0; compared <= 2 * MOST; compared += 1)
    if ((await tell(client, `wrong ${compared}`, path)) === 429) return compared;
  throw new Error('None was refused');
}
const signInAgain = async (user: TestUser): Promise<Client> =>
  service.client.as((await service.client.signIn(user)).body.accessToken);
const childOf = async (client: Client, userId: number): Promise<Client> => {
  const { body } = await client.post('/token/create', {
    userId,
    actions: ['UpdateCurrentUser', 'ManageToken'],
  });
  return client.as(body.accessToken);
};

describe('Old passwords', () => {
  it('are compared five times in 15 minutes, right ones too, and lock nobody out (ASVS 6.3.1)', async () => {
    const user = await service.createUser();
    for (let time = 0; time < MOST; time += 1)
      expect(await tell(user.client, time % 2 === 0 ? user.password : 'wrong')).toBe(
        time % 2 === 0 ? 204 : 403,
      );
    const refused = await user.client.put('/user/current', { oldPassword: user.password, data: { a: 1 } });
    expect(refused.status).toBe(429);
    const after = Number(refused.headers.get('retry-after'));
    expect(after).toBeGreaterThan(800);
    expect(after).toBeLessThanOrEqual(900);
    expect((await user.client.get('/user/current')).body).toMatchObject({ status: 0, data: null });
    expect((await user.client.put('/user/current', { data: { a: 1 } })).status, 'other updates go on').toBe(
      204,
    );
  });

  it('are counted for each sign-in: a thief of one token does not keep the user from changing the password', async () => {
    const user = await service.createUser();
    expect(await useUp(user.client)).toBe(MOST);
    const again = await signInAgain(user);
    const change = { password: 'quite another password', oldPassword: user.password };
    expect((await again.put('/user/current', change)).status).toBe(204);
  });

  it('are counted with those of all sessions that descend from the sign-in', async () => {
    const user = await service.createUser();
    const child = await childOf(user.client, user.id);
    const grandchild = await childOf(child, user.id);
    for (const client of [user.client, child, grandchild, child, user.client])
      expect(await tell(client, 'wrong')).toBe(403);
    for (const client of [user.client, child, grandchild, await childOf(user.client, user.id)])
      expect(await tell(client, user.password)).toBe(429);
  });

  it('are counted together for all sessions that an administrator has created for one user', async () => {
    const user = await service.createUser();
    const acting = async () =>
      service.client.as((await service.createToken(user.id, { actions: ['UpdateCurrentUser'] })).accessToken);
    for (let time = 0; time < MOST; time += 1) expect(await tell(await acting(), 'wrong')).toBe(403);
    expect(await tell(await acting(), user.password)).toBe(429);
    expect(await tell(user.client, user.password), 'the user is not concerned').toBe(204);
  });

  it('are not compared more often in a burst', async () => {
    const user = await service.createUser();
    const burst = await Promise.all(Array.from({ length: 20 }, () => tell(user.client, 'wrong')));
    expect(burst.filter((status) => status === 403)).toHaveLength(MOST);
    expect(burst.filter((status) => status === 429)).toHaveLength(20 - MOST);
  });

  it('of others are counted for the administrator who tells them', async () => {
    const [one, other] = [await service.createUser(), await service.createUser()];
    const administrator = await service.createUser({ role: 0 });
    for (const { id } of [one, other, one, other, one])
      expect(await tell(administrator.client, 'wrong', `/user/${id}`)).toBe(403);
    expect(await tell(administrator.client, other.password, `/user/${other.id}`)).toBe(429);
    expect(await tell(other.client, other.password)).toBe(204);
  });
});

describe('New passwords', () => {
  const setTo = async (client: Client, password: string, path = '/user/current') =>
    (await client.put(path, { password })).status;

  it('that a user sets for itself are five in 15 minutes, whatever the session; others may set more', async () => {
    const user = await service.createUser();
    for (let time = 0; time < MOST; time += 1) {
      const path = time % 2 === 0 ? '/user/current' : `/user/${user.id}`;
      expect(await setTo(user.client, `password number ${time}`, path)).toBe(204);
    }
    expect(await setTo(user.client, 'one too many')).toBe(429);
    const again = await signInAgain({ ...user, password: 'password number 4' });
    expect(await setTo(again, 'one too many')).toBe(429);
    for (let time = 0; time <= MOST; time += 1)
      expect(await setTo(service.admin, `by an administrator ${time}`, `/user/${user.id}`)).toBe(204);
  });

  it('that are not allowed do not count', async () => {
    const user = await service.createUser();
    for (let time = 0; time <= MOST; time += 1) expect(await setTo(user.client, 'short')).toBe(400);
    expect(await setTo(user.client, 'quite another password')).toBe(204);
  });
});

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { claimsOf, type Client } from '../support/client.js';
import { expectError } from '../support/errors.js';
import { createHolder, createScope, idsOf, type Kind, KINDS } from '../support/scopes.js';
import { TestService } from '../support/service.js';

let service: TestService;
/** Ids of three scopes of each kind, beside the one that every database begins with. */
const made = new Map<Kind, [number, number, number]>();
beforeAll(async () => {
  service = await TestService.start();
  for (const kind of KINDS) {
    const make = () => createScope(service, kind);
    made.set(kind, [await make(), await make(), await make()]);
  }
});
afterAll(() => service.stop());

/** The effective access of a caller: what its user has, narrowed to what its token names (contract.md §2, §4). */
describe.each(KINDS.map((kind) => [kind.path, kind] as const))('effective access to /%s', (path, kind) => {
  const scopes = () => made.get(kind) ?? [0, 0, 0];
  const everything = () => [1, ...scopes()];

  /** Expects `client` to have access to these ids and no others: in the list, in the count and one by one. */
  async function expectAccess(client: Client, ids: readonly number[]): Promise<void> {
    expect(idsOf(await client.get(`/${path}`))).toEqual(ids);
    expect((await client.get(`/${path}/count`)).body).toEqual({ count: ids.length });
    for (const id of everything()) {
      const answer = await client.get(`/${path}/${id}`);
      if (ids.includes(id)) expect(answer.body.id).toBe(id);
      else expectError(answer, { status: 403, message: 'Access is denied' });
    }
  }

  /** Calls the service with a token of `userId` that names these ids. */
  async function withToken(userId: number, ids: unknown): Promise<Client> {
    const rights = { actions: [kind.read], ...(ids !== undefined && { [kind.rights]: ids }) };
    return service.client.as((await service.createToken(userId, rights)).accessToken);
  }

  it('an administrator has all', async () => {
    await expectAccess(service.admin, everything());
  });

  it("an administrator's token that names some has those", async () => {
    const [first, , third] = scopes();
    await expectAccess(await withToken(1, [first, third]), [first, third]);
    await expectAccess(await withToken(1, [String(first)]), [first]);
    await expectAccess(await withToken(1, '*'), everything());
    await expectAccess(await withToken(1, ['*']), everything());
  });

  // contract.md §5: absent means none, for administrators too.
  it("an administrator's token that names none has none", async () => {
    await expectAccess(await withToken(1, undefined), []);
    await expectAccess(await withToken(1, []), []);
  });

  it('a client has what is assigned to it', async () => {
    const [first, second] = scopes();
    await expectAccess((await createHolder(service, kind)).client, []);
    await expectAccess((await createHolder(service, kind, second)).client, [second]);
    await expectAccess((await createHolder(service, kind, first, second)).client, [first, second]);
  });

  it("a client's token has what it names of that, and may name no more", async () => {
    const [first, second, third] = scopes();
    const user = await createHolder(service, kind, first, second);
    await expectAccess(await withToken(user.id, [second]), [second]);
    await expectAccess(await withToken(user.id, [first, String(second)]), [first, second]);
    for (const ids of ['*', ['*'], [third], [second, third]]) {
      const wanted = { userId: user.id, actions: [kind.read], [kind.rights]: ids };
      for (const caller of [service.admin, user.client])
        expect((await caller.post('/token/create', wanted)).status).toBe(403);
    }
    await expectAccess(await withToken(user.id, []), []);
    await expectAccess(await withToken(user.id, undefined), []);
  });

  it('a token loses what is taken from its user, and does not gain what its user is given', async () => {
    const [first, second] = scopes();
    const user = await createHolder(service, kind, first);
    await service.admin.put(`/user/${user.id}/${path}/${second}`);
    await expectAccess(user.client, [first]);
    await service.admin.delete(`/user/${user.id}/${path}/${first}`);
    await expectAccess(user.client, []);
  });

  it('a refreshed token names what its user still has of what the refresh token names', async () => {
    const [first, second, third] = scopes();
    const user = await createHolder(service, kind, first, second);
    await service.admin.delete(`/user/${user.id}/${path}/${first}`);
    await service.admin.put(`/user/${user.id}/${path}/${third}`);
    const { body } = await service.client.refresh(user.refreshToken);
    expect(claimsOf(body.accessToken).payload[kind.claim]).toEqual([String(second)]);
    await expectAccess(service.client.as(body.accessToken), [second]);
  });

  it('a promoted user has all that its token names, a demoted user what is assigned to it', async () => {
    const [first, second] = scopes();
    const user = await createHolder(service, kind, first);
    const wide = await withToken(1, '*');
    await service.admin.put(`/user/${user.id}`, { role: 0 });
    await expectAccess(user.client, [first]);
    const promoted = await withToken(user.id, [first, second]);
    await expectAccess(promoted, [first, second]);
    await service.admin.put(`/user/${user.id}`, { role: 1 });
    await expectAccess(promoted, [first]);
    await expectAccess(wide, everything());
  });

  it('a deleted one that the token names is 404', async () => {
    const id = await createScope(service, kind);
    const client = await withToken(1, [id]);
    expect((await client.get(`/${path}/${id}`)).status).toBe(200);
    await service.admin.delete(`/${path}/${id}`);
    for (const caller of [client, service.admin]) {
      expectError(await caller.get(`/${path}/${id}`), {
        status: 404,
        message: `${kind.label} with id = ${id} not found`,
      });
    }
  });

  it('filters and pages apply within the effective access', async () => {
    const [first, second] = scopes();
    const user = await createHolder(service, kind, first, second);
    expect(idsOf(await user.client.get(`/${path}?namePattern=%25`))).toEqual([first, second]);
    expect(idsOf(await user.client.get(`/${path}?take=1&sortOrder=DESC`))).toEqual([second]);
    expect(idsOf(await user.client.get(`/${path}?after=${first}`))).toEqual([second]);
    expect((await user.client.get(`/${path}/count?namePattern=Default%25`)).body).toEqual({ count: 0 });
  });
});

it('device types: a client with all device types has all that its token names', async () => {
  const [, kind] = KINDS;
  const user = await service.createUser();
  const all = idsOf(await service.admin.get('/devicetype'));
  expect(idsOf(await user.client.get('/devicetype'))).toEqual(all);
  const [first] = made.get(kind) ?? [];
  const { accessToken } = await service.createToken(user.id, {
    actions: ['GetDeviceType'],
    deviceTypeIds: [first],
  });
  expect(idsOf(await service.client.as(accessToken).get('/devicetype'))).toEqual([first]);
});

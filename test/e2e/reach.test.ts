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

/** What a caller reaches is what it has, and what its token names of that (contract.md §2, §4). */
describe.each(KINDS.map((kind) => [kind.path, kind] as const))('who reaches which %s', (path, kind) => {
  const scopes = () => made.get(kind) ?? [0, 0, 0];
  const everything = () => [1, ...scopes()];

  /** Expects `client` to see these and no others, however it looks. */
  async function expectReach(client: Client, ids: readonly number[]): Promise<void> {
    expect(idsOf(await client.get(`/${path}`))).toEqual(ids);
    expect((await client.get(`/${path}/count`)).body).toEqual({ count: ids.length });
    for (const id of everything()) {
      const answer = await client.get(`/${path}/${id}`);
      if (ids.includes(id)) expect(answer.body.id).toBe(id);
      else expectError(answer, { status: 403, message: 'Access is denied' });
    }
  }

  /** A client with a token of `userId` that names these. */
  async function naming(userId: number, ids: unknown): Promise<Client> {
    const rights = { actions: [kind.read], ...(ids !== undefined && { [kind.rights]: ids }) };
    return service.client.as((await service.createToken(userId, rights)).accessToken);
  }

  it('an administrator reaches all', async () => {
    await expectReach(service.admin, everything());
  });

  it("an administrator's token that names some reaches those", async () => {
    const [first, , third] = scopes();
    await expectReach(await naming(1, [first, third]), [first, third]);
    await expectReach(await naming(1, [String(first)]), [first]);
    await expectReach(await naming(1, '*'), everything());
    await expectReach(await naming(1, ['*']), everything());
  });

  it('a client reaches what is assigned to it', async () => {
    const [first, second] = scopes();
    await expectReach((await createHolder(service, kind)).client, []);
    await expectReach((await createHolder(service, kind, second)).client, [second]);
    await expectReach((await createHolder(service, kind, first, second)).client, [first, second]);
  });

  it("a client's token reaches what it names of that, and never more", async () => {
    const [first, second, third] = scopes();
    const user = await createHolder(service, kind, first, second);
    await expectReach(await naming(user.id, [second, third]), [second]);
    await expectReach(await naming(user.id, '*'), [first, second]);
    await expectReach(await naming(user.id, [third]), []);
    await expectReach(await naming(user.id, []), []);
    await expectReach(await naming(user.id, undefined), []);
  });

  it('a token reaches no longer what has been taken away, nor what has been given since it was issued', async () => {
    const [first, second] = scopes();
    const user = await createHolder(service, kind, first);
    await service.admin.put(`/user/${user.id}/${path}/${second}`);
    await expectReach(user.client, [first]);
    await service.admin.delete(`/user/${user.id}/${path}/${first}`);
    await expectReach(user.client, []);
  });

  it('a refreshed token names what is left of what it named', async () => {
    const [first, second, third] = scopes();
    const user = await createHolder(service, kind, first, second);
    await service.admin.delete(`/user/${user.id}/${path}/${first}`);
    await service.admin.put(`/user/${user.id}/${path}/${third}`);
    const { body } = await service.client.refresh(user.refreshToken);
    expect(claimsOf(body.accessToken).payload[kind.claim]).toEqual([String(second)]);
    await expectReach(service.client.as(body.accessToken), [second]);
  });

  it('one who is promoted reaches all that its token names, one who is demoted what is its own', async () => {
    const [first, second] = scopes();
    const user = await createHolder(service, kind, first);
    const wide = await naming(1, '*');
    await service.admin.put(`/user/${user.id}`, { role: 0 });
    await expectReach(user.client, [first]);
    const promoted = await naming(user.id, [first, second]);
    await expectReach(promoted, [first, second]);
    await service.admin.put(`/user/${user.id}`, { role: 1 });
    await expectReach(promoted, [first]);
    await expectReach(wide, everything());
  });

  it('one that is in reach but gone is 404', async () => {
    const id = await createScope(service, kind);
    const client = await naming(1, [id]);
    expect((await client.get(`/${path}/${id}`)).status).toBe(200);
    await service.admin.delete(`/${path}/${id}`);
    for (const who of [client, service.admin]) {
      expectError(await who.get(`/${path}/${id}`), {
        status: 404,
        message: `${kind.label} with id = ${id} not found`,
      });
    }
  });

  it('filters and pages look within the reach alone', async () => {
    const [first, second] = scopes();
    const user = await createHolder(service, kind, first, second);
    expect(idsOf(await user.client.get(`/${path}?namePattern=%25`))).toEqual([first, second]);
    expect(idsOf(await user.client.get(`/${path}?take=1&sortOrder=DESC`))).toEqual([second]);
    expect(idsOf(await user.client.get(`/${path}?after=${first}`))).toEqual([second]);
    expect((await user.client.get(`/${path}/count?namePattern=Default%25`)).body).toEqual({ count: 0 });
  });
});

it('device types: a client who has all reaches all that its token names', async () => {
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

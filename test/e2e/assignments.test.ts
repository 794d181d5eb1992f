import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { claimsOf } from '../support/client.js';
import { expectError } from '../support/errors.js';
import { assign, assignmentsOf, countOrphans, createHolder, createScope, KINDS } from '../support/scopes.js';
import { TestService } from '../support/service.js';
import { entityTagOf } from '../support/users.js';

let service: TestService;
beforeAll(async () => {
  service = await TestService.start();
});
afterAll(() => service.stop());

const GONE = 987_654_321;

// The rules are the same for both kinds of scope (contract.md §3, the last block).
describe.each(KINDS.map((kind) => [kind.path, kind] as const))('/user/{id}/%s/{scopeId}', (_path, kind) => {
  const { path, label, shown } = kind;
  const url = (userId: number | string, scopeId: number | string) => `/user/${userId}/${path}/${scopeId}`;
  const scopeNotFound = { status: 404, message: `${label} with id = ${GONE} not found` };
  const userNotFound = { status: 404, message: `User with id = ${GONE} not found` };

  describe('PUT', () => {
    it('assigns with 204 and no body, and again', async () => {
      const scope = await createScope(service, kind);
      const user = await createHolder(service, kind);
      for (let time = 0; time < 2; time += 1) {
        const answer = await service.admin.put(url(user.id, scope));
        expect({ status: answer.status, text: answer.text }).toEqual({ status: 204, text: '' });
      }
      expect(await assignmentsOf(service, kind, user.id)).toEqual([scope]);
    });

    it('takes a body and makes nothing of it', async () => {
      const scope = await createScope(service, kind);
      const user = await createHolder(service, kind);
      expect((await service.admin.put(url(user.id, scope), {})).status).toBe(204);
    });

    it('of an unknown user or scope is 404', async () => {
      const scope = await createScope(service, kind);
      const user = await createHolder(service, kind);
      expectError(await service.admin.put(url(GONE, scope)), userNotFound);
      expectError(await service.admin.put(url(user.id, GONE)), scopeNotFound);
      expectError(await service.admin.put(url(GONE, GONE)), userNotFound);
    });

    it('twenty at once make one row, and are 204 all', async () => {
      const scope = await createScope(service, kind);
      const user = await createHolder(service, kind);
      const answers = await Promise.all(
        Array.from({ length: 20 }, () => service.admin.put(url(user.id, scope))),
      );
      expect(answers.map(({ status }) => status)).toEqual(Array(20).fill(204));
      expect(await assignmentsOf(service, kind, user.id)).toEqual([scope]);
    });

    it('against the deletion of the scope or the user leaves no orphan, and is no 500', async () => {
      for (let round = 0; round < 10; round += 1) {
        const scope = await createScope(service, kind);
        const user = await createHolder(service, kind);
        const removal = round % 2 === 0 ? `/${path}/${scope}` : `/user/${user.id}`;
        const answers = await Promise.all([
          service.admin.put(url(user.id, scope)),
          service.admin.delete(removal),
          service.admin.put(url(user.id, scope)),
        ]);
        expect(answers[1]?.status).toBe(204);
        for (const { status } of [answers[0], answers[2]]) expect([204, 404]).toContain(status);
      }
      expect(await countOrphans(service, kind)).toBe(0);
    });

    it('and DELETE at once end as the one or the other', async () => {
      const scope = await createScope(service, kind);
      const user = await createHolder(service, kind);
      const answers = await Promise.all(
        Array.from({ length: 10 }, (_, index) =>
          index % 2 === 0
            ? service.admin.put(url(user.id, scope))
            : service.admin.delete(url(user.id, scope)),
        ),
      );
      expect(answers.map(({ status }) => status)).toEqual(Array(10).fill(204));
      expect([[], [scope]]).toContainEqual(await assignmentsOf(service, kind, user.id));
    });
  });

  describe('DELETE', () => {
    it('takes it away with 204, and again', async () => {
      const [first, second] = [await createScope(service, kind), await createScope(service, kind)];
      const user = await createHolder(service, kind, first, second);
      for (let time = 0; time < 2; time += 1) {
        const answer = await service.admin.delete(url(user.id, first));
        expect({ status: answer.status, text: answer.text }).toEqual({ status: 204, text: '' });
      }
      expect(await assignmentsOf(service, kind, user.id)).toEqual([second]);
    });

    it('of an unknown user or scope is 404', async () => {
      const user = await createHolder(service, kind);
      expectError(await service.admin.delete(url(GONE, 1)), userNotFound);
      expectError(await service.admin.delete(url(user.id, GONE)), scopeNotFound);
    });
  });

  describe('GET', () => {
    it('shows it under its name, to administrators and to the user', async () => {
      const scope = await createScope(service, kind, { name: `shown-${path}`, description: 'what it is' });
      const user = await createHolder(service, kind, scope);
      const body = { [shown]: { id: scope, name: `shown-${path}`, description: 'what it is' } };
      for (const [client, id] of [
        [service.admin, user.id],
        [user.client, user.id],
      ] as const) {
        const answer = await client.get(url(id, scope));
        expect(answer.status).toBe(200);
        expect(answer.body).toEqual(body);
      }
    });

    it('is 404 for what is not assigned, or is not there', async () => {
      const scope = await createScope(service, kind);
      const user = await createHolder(service, kind);
      for (const id of [scope, GONE]) {
        expectError(await service.admin.get(url(user.id, id)), {
          status: 404,
          message: kind.notAssigned(id, user.id),
        });
      }
      expectError(await service.admin.get(url(GONE, scope)), userNotFound);
    });
  });

  it('shows in the next sign-in, and in the entity tag of the user', async () => {
    const scope = await createScope(service, kind);
    const user = await createHolder(service, kind);
    const tagOf = () => entityTagOf(service.admin, user.id);
    const before = await tagOf();
    await assign(service, kind, user.id, scope);
    const after = await tagOf();
    expect(after).not.toBe(before);
    await assign(service, kind, user.id, scope);
    expect(await tagOf()).toBe(after);
    const { body } = await service.client.signIn(user);
    expect(claimsOf(body.accessToken).payload[kind.claim]).toEqual([String(scope)]);
  });

  it('goes with its user, and with its scope', async () => {
    const [kept, gone] = [await createScope(service, kind), await createScope(service, kind)];
    const [user, other] = [
      await createHolder(service, kind, kept, gone),
      await createHolder(service, kind, kept),
    ];
    expect((await service.admin.delete(`/${path}/${gone}`)).status).toBe(204);
    expect(await assignmentsOf(service, kind, user.id)).toEqual([kept]);
    expect((await service.admin.delete(`/user/${user.id}`)).status).toBe(204);
    expect(await assignmentsOf(service, kind, user.id)).toEqual([]);
    expect(await assignmentsOf(service, kind, other.id)).toEqual([kept]);
    expect((await service.admin.get(`/${path}/${kept}`)).status).toBe(200);
  });
});

it('networks of the published view follow the assignments, by id', async () => {
  const [network] = KINDS;
  const ids = [await createScope(service, network), await createScope(service, network)];
  const user = await createHolder(service, network, ...ids.toReversed());
  const shown = async () => (await user.client.get('/user/current')).body.networks;
  expect(await shown()).toEqual(ids.map((id) => ({ id, name: expect.any(String), description: null })));
  await service.admin.delete(`/user/${user.id}/network/${ids[0]}`);
  expect((await shown()).map(({ id }: { id: number }) => id)).toEqual([ids[1]]);
});

describe('device types of a user who has all', () => {
  const [, deviceType] = KINDS;

  it('are listed all of them, and each can be read', async () => {
    const scope = await createScope(service, deviceType);
    const user = await service.createUser();
    const all = (await service.admin.get('/devicetype?take=1000')).body;
    expect((await service.admin.get(`/user/${user.id}/devicetype`)).body).toEqual(all);
    expect((await user.client.get(`/user/${user.id}/devicetype/${scope}`)).body.deviceType.id).toBe(scope);
  });

  it('are listed as assigned when it has not', async () => {
    const scope = await createScope(service, deviceType);
    const user = await createHolder(service, deviceType, scope);
    const answer = await service.admin.get(`/user/${user.id}/devicetype`);
    expect(answer.body).toEqual([{ id: scope, name: expect.any(String), description: null }]);
  });

  it('can neither be assigned nor taken away one by one: 403, and nothing is changed', async () => {
    const [kept, other] = [await createScope(service, deviceType), await createScope(service, deviceType)];
    const user = await createHolder(service, deviceType, kept);
    expect((await service.admin.put(`/user/${user.id}/devicetype/all`)).status).toBe(204);
    const before = await entityTagOf(service.admin, user.id);
    for (const scope of [kept, other])
      for (const method of ['PUT', 'DELETE'])
        expectError(await service.admin.send(method, `/user/${user.id}/devicetype/${scope}`), {
          status: 403,
          message: 'Cannot assign device type to user with all device types allowed',
        });
    expect(await assignmentsOf(service, deviceType, user.id)).toEqual([kept]);
    expect(await entityTagOf(service.admin, user.id)).toBe(before);
    // First of all it must be there.
    for (const method of ['PUT', 'DELETE'])
      expectError(await service.admin.send(method, `/user/${user.id}/devicetype/${GONE}`), {
        status: 404,
        message: `Device type with id = ${GONE} not found`,
      });
    expect((await service.admin.delete(`/user/${user.id}/devicetype/all`)).status).toBe(204);
    expect((await service.admin.delete(`/user/${user.id}/devicetype/${kept}`)).status).toBe(204);
    expect(await assignmentsOf(service, deviceType, user.id)).toEqual([]);
  });

  it('are given and taken by …/all, idempotently, and the assignments stay', async () => {
    const scope = await createScope(service, deviceType);
    const user = await createHolder(service, deviceType, scope);
    for (const [method, all] of [
      ['PUT', true],
      ['PUT', true],
      ['DELETE', false],
      ['DELETE', false],
    ] as const) {
      const answer = await service.admin.send(method, `/user/${user.id}/devicetype/all`);
      expect({ status: answer.status, text: answer.text }).toEqual({ status: 204, text: '' });
      expect((await service.admin.get(`/user/${user.id}`)).body.allDeviceTypesAvailable).toBe(all);
    }
    expect(await assignmentsOf(service, deviceType, user.id)).toEqual([scope]);
  });

  it('…/all of an unknown user is 404, of a client 403, of a token that names some 403', async () => {
    const user = await service.createUser();
    const { accessToken } = await service.createToken(1, { actions: ['*'], deviceTypeIds: [1] });
    for (const method of ['PUT', 'DELETE']) {
      expectError(await service.admin.send(method, `/user/${GONE}/devicetype/all`), {
        status: 404,
        message: `User with id = ${GONE} not found`,
      });
      for (const client of [user.client, service.client.as(accessToken)]) {
        expectError(await client.send(method, `/user/${user.id}/devicetype/all`), {
          status: 403,
          message: 'Access is denied',
        });
      }
    }
  });
});

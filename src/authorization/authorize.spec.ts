import { expect, it, vi } from 'vitest';
import type { Demand } from './access-rule.js';
import { Action } from './action.js';
import { authorize } from './authorize.js';
import type { CurrentRecord, WritePolicy } from './field-policy.js';
import { Principal } from './principal.js';
import { Role } from './role.js';

const DENIED = 'Admin permissions required for this action';

const policy: WritePolicy = {
  ignored: ['id'],
  administrator: { own: ['data', 'role'], another: ['data', 'role'] },
  client: { own: ['data'], another: 'nothing' },
};

const client = new Principal({
  userId: 7,
  role: Role.Client,
  allDeviceTypesAvailable: true,
  claimed: { actions: [Action.UpdateCurrentUser], networkIds: [], deviceTypeIds: [] },
  session: { id: 'a session', kind: 'signIn', actingId: null, expiresAt: new Date(8.64e15) },
} as unknown as Principal);

const demand = (values: Record<string, unknown>, targetId = 7) =>
  ({
    rule: { actions: [Action.UpdateCurrentUser], who: 'owner' },
    targetId,
    fields: { policy, named: Object.keys(values), values, method: 'replace' },
  }) as Demand;

const record = (isUnchanged: boolean): (() => Promise<CurrentRecord>) =>
  vi.fn(() => Promise.resolve({ isUnchanged: () => isUnchanged }));

it('a request that names what its caller may change is authorized at once, and the record is not read', () => {
  const read = record(false);
  expect(authorize(client, demand({ data: null, id: 1 }), read)).toBeUndefined();
  expect(read).not.toHaveBeenCalled();
});

it('one that names another field is compared with the record', async () => {
  await expect(authorize(client, demand({ data: null, role: 1 }), record(true))).resolves.toBeUndefined();
  await expect(authorize(client, demand({ data: null, role: 1 }), record(false))).rejects.toThrow(DENIED);
});

it('one that names another field is refused where there is no record to compare it with', async () => {
  await expect(authorize(client, demand({ role: 1 }), undefined)).rejects.toThrow(DENIED);
  await expect(authorize(client, demand({ role: 1 }), () => Promise.resolve(undefined))).rejects.toThrow(
    DENIED,
  );
});

it("another's record is refused before it is read", () => {
  const read = record(true);
  expect(() => authorize(client, demand({ role: 1 }, 8), read)).toThrow('Access is denied');
  expect(read).not.toHaveBeenCalled();
});

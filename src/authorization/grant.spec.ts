import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Action, ACTIONS, ACTIONS_OF, nameOfAction } from './action.js';
import { allows, type EffectiveAccess, excess, type Grant, type Ids, narrow, within } from './grant.js';
import { Role } from './role.js';

const ROLES = [Role.Administrator, Role.Client];
/** Few ids, so that grants and reaches meet. */
const ID_RANGE = [1, 2, 3, 4, 5];

const ids: fc.Arbitrary<Ids> = fc.oneof(fc.constant('*' as const), fc.array(fc.constantFrom(...ID_RANGE)));
const actions = fc.array(fc.constantFrom(...ACTIONS), { maxLength: 6 });
const grants: fc.Arbitrary<Grant> = fc.record(
  { actions, networks: ids, deviceTypes: ids },
  { requiredKeys: ['actions'] },
);
const reaches: fc.Arbitrary<EffectiveAccess> = fc.record({
  role: fc.constantFrom(...ROLES),
  networks: ids,
  deviceTypes: ids,
});

/** Everything that a grant lets a user of `role` do, and every id that it reaches; `0` stands for all other ids. */
const meaningOf = (grant: Grant, role: Role) => ({
  actions: ACTIONS.filter((action) => action !== Action.None && allows(grant.actions, role, action)),
  networks: membersOf(grant.networks),
  deviceTypes: membersOf(grant.deviceTypes),
});
const membersOf = (set: Ids | undefined) =>
  set === undefined ? [] : [0, ...ID_RANGE].filter((id) => set === '*' || set.includes(id));
const both = <T>(a: readonly T[], b: readonly T[]) => a.filter((item) => b.includes(item));

describe('a grant within another', () => {
  it('is exactly what both have, and widens neither, whatever the role', () => {
    fc.assert(
      fc.property(grants, grants, fc.constantFrom(...ROLES), (wanted, own, role) => {
        const shared = within(wanted, own);
        expect(excess(shared, own)).toEqual([]);
        const [a, b] = [meaningOf(wanted, role), meaningOf(own, role)];
        expect(meaningOf(shared, role)).toEqual({
          actions: both(a.actions, b.actions),
          networks: both(a.networks, b.networks),
          deviceTypes: both(a.deviceTypes, b.deviceTypes),
        });
      }),
    );
  });

  it('keeps a list that was named, if an empty one, and names no other', () => {
    expect(within({ actions: [Action.GetDevice], networks: [1] }, { actions: [] })).toEqual({
      actions: [Action.None],
      networks: [],
    });
  });
});

describe('narrowing a grant', () => {
  it('leaves exactly what both the grant and the reach have', () => {
    fc.assert(
      fc.property(grants, reaches, (grant, reach) => {
        const narrowed = narrow(grant, reach);
        const { actions, networks, deviceTypes } = meaningOf(grant, reach.role);
        expect(meaningOf(narrowed, reach.role)).toEqual({
          actions,
          networks: both(networks, membersOf(reach.networks)),
          deviceTypes: both(deviceTypes, membersOf(reach.deviceTypes)),
        });
        // And names no action that the role cannot carry, whoever reads the token.
        expect([...ACTIONS_OF[reach.role], Action.None]).toEqual(
          expect.arrayContaining([...narrowed.actions]),
        );
      }),
    );
  });

  it('never widens it, whatever its user becomes later', () => {
    fc.assert(
      fc.property(grants, reaches, fc.constantFrom(...ROLES), (grant, reach, later) => {
        expect(excess(narrow(grant, reach), grant)).toEqual([]);
        const before = meaningOf(grant, later);
        const after = meaningOf(narrow(grant, reach), later);
        for (const kind of ['actions', 'networks', 'deviceTypes'] as const) {
          expect(before[kind]).toEqual(expect.arrayContaining(after[kind]));
        }
      }),
    );
  });

  it('twice is the same as once', () => {
    fc.assert(
      fc.property(grants, reaches, (grant, reach) => {
        const once = narrow(grant, reach);
        expect(narrow(once, reach)).toEqual(once);
      }),
    );
  });

  it('by two reaches means the same in either order', () => {
    fc.assert(
      fc.property(grants, reaches, reaches, fc.constantFrom(...ROLES), (grant, a, b, role) => {
        expect(meaningOf(narrow(narrow(grant, a), b), role)).toEqual(
          meaningOf(narrow(narrow(grant, b), a), role),
        );
      }),
    );
  });

  it('never leaves an empty list of actions, and never names what was not named', () => {
    fc.assert(
      fc.property(grants, reaches, (grant, reach) => {
        const narrowed = narrow(grant, reach);
        expect(narrowed.actions).not.toEqual([]);
        expect(Object.keys(narrowed)).toEqual(
          ['actions', 'networks', 'deviceTypes'].filter((key) => key in grant),
        );
      }),
    );
  });

  it('keeps * for an administrator, and spells it out for a client', () => {
    const everything: Grant = { actions: [Action.Any], networks: '*', deviceTypes: '*' };
    expect(narrow(everything, { role: Role.Administrator, networks: '*', deviceTypes: '*' })).toEqual(
      everything,
    );
    expect(narrow(everything, { role: Role.Client, networks: [7], deviceTypes: '*' })).toEqual({
      actions: ACTIONS_OF[Role.Client],
      networks: [7],
      deviceTypes: '*',
    });
  });

  it('leaves "none" of the actions of a former administrator', () => {
    const former = { role: Role.Client, networks: [], deviceTypes: '*' } as const;
    expect(narrow({ actions: [Action.ManageUser], networks: [3] }, former)).toEqual({
      actions: [Action.None],
      networks: [],
    });
  });
});

describe('what goes beyond a grant', () => {
  it('is nothing exactly when the grant has all that is wanted', () => {
    fc.assert(
      fc.property(grants, grants, (wanted, own) => {
        // An administrator's reading is the widest.
        const [less, more] = [wanted, own].map((grant) => meaningOf(grant, Role.Administrator));
        const within = (['actions', 'networks', 'deviceTypes'] as const).every(
          (kind) => both<unknown>(less?.[kind] ?? [], more?.[kind] ?? []).length === less?.[kind].length,
        );
        expect(excess(wanted, own).length === 0).toBe(within);
      }),
    );
  });

  it('is nothing against the grant itself, nor in what repeated narrowing leaves of it', () => {
    fc.assert(
      fc.property(grants, reaches, reaches, (grant, a, b) => {
        const narrower = narrow(narrow(grant, a), b);
        expect(excess(grant, grant)).toEqual([]);
        expect(excess(narrower, grant)).toEqual([]);
      }),
    );
  });

  it('names each action and id, with the field that it came in', () => {
    const wanted: Grant = {
      actions: [Action.None, Action.GetNetwork, Action.ManageUser, Action.Any],
      networks: [1, 2],
      deviceTypes: '*',
    };
    const own: Grant = { actions: [Action.GetNetwork], networks: [2], deviceTypes: [1] };
    expect(excess(wanted, own)).toEqual([
      { field: 'actions', value: nameOfAction(Action.ManageUser) },
      { field: 'actions', value: '*' },
      { field: 'networkIds', value: '1' },
      { field: 'deviceTypeIds', value: '*' },
    ]);
  });

  it('is every id where the grant names none', () => {
    expect(excess({ actions: [], networks: [1], deviceTypes: '*' }, { actions: [Action.Any] })).toEqual([
      { field: 'networkIds', value: '1' },
      { field: 'deviceTypeIds', value: '*' },
    ]);
  });
});

describe('a token', () => {
  it('never lets a client do what only administrators may', () => {
    fc.assert(
      fc.property(actions, fc.constantFrom(...ACTIONS), (carried, action) => {
        if (allows(carried, Role.Client, action)) expect(ACTIONS_OF[Role.Client]).toContain(action);
      }),
    );
  });

  it('lets its user do what it carries, and with * whatever the role has', () => {
    for (const role of ROLES) {
      for (const action of ACTIONS) {
        const ofRole = ACTIONS_OF[role].includes(action);
        expect(allows([action], role, action)).toBe(ofRole);
        expect(allows([Action.Any], role, action)).toBe(ofRole);
        expect(allows([], role, action)).toBe(false);
      }
    }
  });
});

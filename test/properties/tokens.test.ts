import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { claimsOf } from '../support/client.js';
import { forge, forgeRefresh, makeClaims, stolenKey, type TokenRights } from '../support/forge.js';
import { TestService } from '../support/service.js';
import { createUser } from '../support/users.js';
import { ACTIONS, actionsOfRole, ALL_ACTIONS, carries } from './access-model.js';

/*
 * Chains of POST /token/create and /token/refresh by one user, interleaved with changes of what the user has.
 * Whatever the chain, a token carries no more than its user has when it is issued, and no more than the token
 * that it was asked for with (contract.md §2, §5, §8).
 */

/** What the user has now. */
interface Present {
  role: number;
  networks: Set<string>;
  deviceTypes: Set<string>;
  allDeviceTypes: boolean;
}

interface Issued {
  readonly token: string;
  readonly rights: TokenRights;
  readonly isRefresh: boolean;
}

type Step =
  | {
      readonly kind: 'create';
      readonly with: number;
      readonly wanted: TokenRights;
      readonly forAnother: boolean;
    }
  | { readonly kind: 'refresh'; readonly with: number }
  | { readonly kind: 'role'; readonly role: number }
  | { readonly kind: 'all device types'; readonly all: boolean }
  | {
      readonly kind: 'assignment';
      readonly of: 'network' | 'devicetype';
      readonly index: number;
      readonly assign: boolean;
    };

let service: TestService;
/** Signs the claims of a token of either type as the service would. */
let sign: (claims: Record<string, unknown>, isRefresh: boolean) => Promise<string>;
/** The ids of three networks and of three device types. */
let scopes: Record<'network' | 'devicetype', string[]>;
/** Somebody else, a client. */
const ANOTHER: Present = { role: 1, networks: new Set(), deviceTypes: new Set(), allDeviceTypes: true };
let anotherId: number;

beforeAll(async () => {
  service = await TestService.start();
  const key = await stolenKey(service.database);
  sign = (claims, isRefresh) =>
    isRefresh ? forgeRefresh(claims, key) : forge(claims, key.privateKey, { kid: key.kid });
  anotherId = (await service.createUser()).id;
  const make = async (kind: string) => {
    const ids = ['1'];
    for (const name of ['second', 'third']) {
      const { body } = await service.admin.post(`/${kind}`, { name });
      ids.push(String(body.id));
    }
    return ids;
  };
  scopes = { network: await make('network'), devicetype: await make('devicetype') };
});
afterAll(() => service.stop());

const rightsOf = (token: string): TokenRights => {
  const { a, n, dt } = claimsOf(token).payload as {
    a: number[];
    n?: string[] | undefined;
    dt?: string[] | undefined;
  };
  return { actions: a, networks: n, deviceTypes: dt };
};

const NO_RIGHT = ACTIONS.None;

/** Whether ids that are named lie within those that another token names. */
const idsWithin = (ids: readonly string[] | undefined, most: readonly string[] | undefined) =>
  ids === undefined || most?.includes('*') === true || ids.every((id) => most?.includes(id));

const within = (rights: TokenRights, most: TokenRights) =>
  rights.actions.every(
    (action) => action === NO_RIGHT || most.actions.includes(0) || most.actions.includes(action),
  ) &&
  idsWithin(rights.networks, most.networks) &&
  idsWithin(rights.deviceTypes, most.deviceTypes);

/** Everything that the user could be given now. */
const allOf = ({ role, networks, deviceTypes, allDeviceTypes }: Present): TokenRights => ({
  actions: role === 0 ? [0] : actionsOfRole(role),
  networks: role === 0 ? ['*'] : [...networks],
  deviceTypes: role === 0 || allDeviceTypes ? ['*'] : [...deviceTypes],
});

/** Ids by their place in {@link scopes}, which is not known yet when they are generated. */
const anyPlaces = fc.option(fc.oneof(fc.constant(['*']), fc.subarray(['0', '1', '2'])), { nil: undefined });
const anyRights: fc.Arbitrary<TokenRights> = fc.record({
  actions: fc.oneof(
    fc.subarray([...ALL_ACTIONS]),
    fc.subarray([3, 10, 15]),
    fc.constantFrom([0], [1], [12], [15], [...actionsOfRole(1)]),
  ),
  networks: anyPlaces,
  deviceTypes: anyPlaces,
});
const at = fc.nat({ max: 30 });
const anyStep: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('create' as const),
      with: at,
      wanted: anyRights,
      forAnother: fc.oneof({ weight: 9, arbitrary: fc.constant(false) }, fc.constant(true)),
    }),
  },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('refresh' as const), with: at }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('role' as const), role: fc.constantFrom(0, 1) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('all device types' as const), all: fc.boolean() }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('assignment' as const),
      of: fc.constantFrom('network' as const, 'devicetype' as const),
      index: fc.nat({ max: 2 }),
      assign: fc.boolean(),
    }),
  },
);

describe('a chain of tokens', () => {
  it('never yields a right that the user does not have, nor one that its first token did not have (ASVS 8.2.1)', async () => {
    const answered = { created: 0, refused: 0, refreshed: 0 };
    await fc.assert(
      fc.asyncProperty(
        anyRights,
        fc.boolean(),
        fc.array(anyStep, { maxLength: 14 }),
        async (start, signedIn, steps) => {
          await walk(start, signedIn, steps, answered);
        },
      ),
      { numRuns: 250 },
    );
    // A property that holds because nothing was ever issued says nothing.
    for (const count of Object.values(answered)) expect(count).toBeGreaterThan(50);
  });
});

async function walk(
  start: TokenRights,
  signedIn: boolean,
  steps: readonly Step[],
  answered: { created: number; refused: number; refreshed: number },
): Promise<void> {
  const user = await createUser(service.admin);
  // Two of three networks from the beginning: what is within a user's access may be beyond its token's.
  const networks = new Set(scopes.network.slice(0, 2));
  for (const id of networks) await change('put', `/user/${user.id}/network/${id}`);
  const present: Present = { role: 1, networks, deviceTypes: new Set(), allDeviceTypes: true };
  const placed = (rights: TokenRights): TokenRights => ({
    actions: rights.actions,
    networks: rights.networks?.map((place) => scopes.network[Number(place)] ?? '*'),
    deviceTypes: rights.deviceTypes?.map((place) => scopes.devicetype[Number(place)] ?? '*'),
  });
  const issued: Issued[] = [];
  const keep = (token: string, isRefresh: boolean) =>
    issued.push({ token, rights: rightsOf(token), isRefresh });
  if (signedIn) {
    const { body } = await service.client.signIn(user);
    keep(body.accessToken, false);
    keep(body.refreshToken, true);
  } else {
    // As from a time when the user had whatever this says.
    const { actions, networks, deviceTypes } = placed(start);
    const { body } = await service.client.signIn(user);
    const sid = String(claimsOf(body.accessToken)['sid']);
    const claims = { userId: user.id, sid, actions, networks, deviceTypes };
    keep(await sign(makeClaims(claims), false), false);
    keep(await sign(makeClaims({ ...claims, type: 0 }), true), true);
  }
  const first = issued[0]?.rights ?? { actions: [] };
  const pick = (isRefresh: boolean, index: number) => {
    const choices = issued.filter((token) => token.isRefresh === isRefresh);
    const chosen = choices[index % choices.length];
    if (!chosen) throw new Error('There is no such token');
    return chosen;
  };
  const expectWithin = (token: string, parent: TokenRights) => {
    const rights = rightsOf(token);
    const has = allOf(present);
    if (!within(rights, has)) throw new Error(`${show(rights)} is beyond the user's ${show(has)}`);
    if (!within(rights, parent)) throw new Error(`${show(rights)} is beyond the token's ${show(parent)}`);
    if (!within(rights, first)) throw new Error(`${show(rights)} is beyond the first ${show(first)}`);
  };

  for (const step of steps) {
    switch (step.kind) {
      case 'create': {
        const parent = pick(false, step.with);
        const { actions, networks: networkIds, deviceTypes: deviceTypeIds } = placed(step.wanted);
        const userId = step.forAnother ? anotherId : user.id;
        const { status, body, text } = await service.client
          .as(parent.token)
          .post('/token/create', { userId, actions, networkIds, deviceTypeIds });
        const mayAsk = carries(parent.rights.actions, present.role, [ACTIONS.ManageToken]);
        const target = step.forAnother ? ANOTHER : present;
        // `*` stands for every action of the user's role.
        const named = actions.includes(0) ? allOf(target).actions : actions;
        const wanted = { actions: named, networks: networkIds, deviceTypes: deviceTypeIds };
        const mayHave =
          (!step.forAnother || present.role === 0) &&
          [parent.rights, allOf(present), allOf(target)].every((most) => within(wanted, most));
        if (status !== (mayAsk && mayHave ? 201 : 403)) {
          throw new Error(
            `${show(wanted)} with ${show(parent.rights)} of ${show(allOf(present))}: ${status} ${text}`,
          );
        }
        if (status !== 201) {
          answered.refused += 1;
          break;
        }
        answered.created += 1;
        if (step.forAnother) break;
        for (const token of [body.accessToken, body.refreshToken] as string[]) {
          expectWithin(token, parent.rights);
        }
        keep(body.accessToken, false);
        keep(body.refreshToken, true);
        break;
      }
      case 'refresh': {
        const parent = pick(true, step.with);
        const { status, body, text } = await service.client.post('/token/refresh', {
          refreshToken: parent.token,
        });
        if (status !== 201) throw new Error(`The refresh was refused: ${text}`);
        answered.refreshed += 1;
        expectWithin(body.accessToken, parent.rights);
        keep(body.accessToken, false);
        break;
      }
      case 'role':
        await change('put', `/user/${user.id}`, { role: step.role });
        present.role = step.role;
        break;
      case 'all device types':
        await change('put', `/user/${user.id}`, { allDeviceTypesAvailable: step.all });
        present.allDeviceTypes = step.all;
        break;
      case 'assignment': {
        const { of: kind, index, assign } = step;
        // Refused, as all are the user's anyway (contract.md §3).
        if (kind === 'devicetype' && present.allDeviceTypes) break;
        const id = scopes[kind][index] ?? '';
        await change(assign ? 'put' : 'delete', `/user/${user.id}/${kind}/${id}`);
        present[kind === 'network' ? 'networks' : 'deviceTypes'][assign ? 'add' : 'delete'](id);
        break;
      }
    }
  }
}

async function change(method: 'put' | 'delete', path: string, body?: object): Promise<void> {
  const { status, text } = await service.admin.send(method.toUpperCase(), path, { body });
  if (status !== 204) throw new Error(`${method} ${path}: ${status} ${text}`);
}

const show = (rights: TokenRights) => JSON.stringify(rights);

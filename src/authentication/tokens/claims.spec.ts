import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Action, ACTIONS } from '../../authorization/action.js';
import type { Grant, Ids } from '../../authorization/grant.js';
import { type Claims, grantOf, parseClaims, TokenType, toPayload, withoutIds } from './claims.js';

/** Milliseconds since 1970, a whole number of seconds. */
const NOW = Math.floor(Date.now() / 1000) * 1000;

const CLAIMS = {
  payload: {
    u: 7,
    a: [Action.GetNetwork, Action.GetCurrentUser],
    n: ['1', '2'],
    dt: ['*'],
    e: NOW + 1_800_000,
    t: TokenType.Access,
  },
  iss: 'hivegate',
  sub: '7',
  iat: NOW / 1000,
  exp: NOW / 1000 + 1800,
  jti: 'b7f0',
  sid: '0b5a1e2c-93d4-4f6e-8f3c-6a2d1b7c9e10',
} satisfies Claims;
const withPayload = (differences: object) => ({ ...CLAIMS, payload: { ...CLAIMS.payload, ...differences } });
const without = (name: string, from: object = CLAIMS) =>
  Object.fromEntries(Object.entries(from).filter(([key]) => key !== name));

const id = fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER });
const ids: fc.Arbitrary<Ids> = fc.oneof(fc.constant('*' as const), fc.array(id));
const grants: fc.Arbitrary<Grant> = fc.record(
  { actions: fc.array(fc.constantFrom(...ACTIONS)), networks: ids, deviceTypes: ids },
  { requiredKeys: ['actions'] },
);
const inOrder = (set: Ids) => (set === '*' ? set : [...new Set(set)].sort((a, b) => a - b));

describe('the claims of a grant', () => {
  it('give the same grant back, each right once and in order', () => {
    fc.assert(
      fc.property(grants, (grant) => {
        const { networks, deviceTypes } = grant;
        const { n: _n, dt: _dt, ...rest } = CLAIMS.payload;
        expect(grantOf({ ...CLAIMS, payload: { ...rest, ...toPayload(grant) } })).toEqual({
          actions: inOrder(grant.actions),
          ...(networks && { networks: inOrder(networks) }),
          ...(deviceTypes && { deviceTypes: inOrder(deviceTypes) }),
        });
      }),
    );
  });

  it('are claims that we take', () => {
    fc.assert(
      fc.property(grants, (grant) => {
        expect(parseClaims(JSON.parse(JSON.stringify(withPayload(toPayload(grant)))))).toBeDefined();
      }),
    );
  });

  it('have the form of the original: ids as strings, * as the only one, what is not named left out', () => {
    expect(toPayload({ actions: [Action.Any], networks: '*', deviceTypes: [10, 9] })).toEqual({
      a: [0],
      n: ['*'],
      dt: ['9', '10'],
    });
    expect(toPayload({ actions: [Action.None] })).toEqual({ a: [1] });
  });

  it('mean every one when * is among the ids', () => {
    expect(grantOf({ ...CLAIMS, payload: { ...CLAIMS.payload, n: ['3', '*'] } }).networks).toBe('*');
  });
});

describe('claims without lists of ids', () => {
  const OF_SESSION: Grant = { actions: [Action.Any], networks: [7, 8], deviceTypes: [9] };

  it('have the ids of the session for these lists alone', () => {
    const { actions } = grantOf(CLAIMS);
    for (const [lists, networks, deviceTypes] of [
      [['n'], [7, 8], '*'],
      [['dt'], [1, 2], [9]],
      [['n', 'dt'], [7, 8], [9]],
      [[], [1, 2], '*'],
    ] as const) {
      const left = withoutIds(CLAIMS, lists);
      expect(parseClaims(JSON.parse(JSON.stringify(left)))).toEqual(left);
      expect(left.payload.x).toEqual(lists.length > 0 ? lists : undefined);
      expect(grantOf(left, OF_SESSION)).toEqual({ actions, networks, deviceTypes });
    }
  });

  it('grant none of a list that the session does not have, or that is absent without being named', () => {
    expect(grantOf(withoutIds(CLAIMS, ['n', 'dt']), { actions: [] })).toEqual({ actions: CLAIMS.payload.a });
    expect(grantOf(withoutIds(CLAIMS, ['n', 'dt']))).toEqual({ actions: CLAIMS.payload.a });
    const { n: _n, dt: _dt, ...payload } = CLAIMS.payload;
    expect(grantOf({ ...CLAIMS, payload }, OF_SESSION)).toEqual({ actions: payload.a });
  });
});

describe('verified claims', () => {
  it('that are ours are taken as they are', () => {
    expect(parseClaims(CLAIMS)).toEqual(CLAIMS);
    const refresh = { ...withPayload({ t: TokenType.Refresh }), rot: 3 };
    expect(parseClaims(refresh)).toEqual(refresh);
    expect(parseClaims({ ...CLAIMS, payload: without('n', without('dt', CLAIMS.payload)) })).toBeDefined();
  });

  it('may come from a clock that is up to a minute ahead', () => {
    expect(parseClaims({ ...CLAIMS, iat: NOW / 1000 + 50 })).toBeDefined();
  });

  it.each(Object.keys(CLAIMS))('without %s are not ours', (name) => {
    expect(parseClaims(without(name))).toBeUndefined();
  });

  it.each(['u', 'a', 'e', 't'])('without payload.%s are not ours', (name) => {
    expect(parseClaims({ ...CLAIMS, payload: without(name, CLAIMS.payload) })).toBeUndefined();
  });

  it.each([
    ['another subject', { ...CLAIMS, sub: '8' }],
    ['the subject in another spelling', { ...CLAIMS, sub: '07' }],
    ['a user of 0', { ...withPayload({ u: 0 }), sub: '0' }],
    ['a user as text', withPayload({ u: '7' })],
    ['an action that there is not', withPayload({ a: [19] })],
    ['an action by name', withPayload({ a: ['ManageUser'] })],
    ['actions that are no list', withPayload({ a: '*' })],
    ['a third type', withPayload({ t: 2 })],
    ['a type by name', withPayload({ t: 'Access' })],
    ['a network as number', withPayload({ n: [1] })],
    ['a network that is no id', withPayload({ n: ['-1'] })],
    ['networks that are null', withPayload({ n: null })],
    ['device types that are no list', withPayload({ dt: '*' })],
    ['a list that is there and left out', withPayload({ x: ['n'] })],
    ['another list left out', withPayload({ x: ['a'] })],
    ['lists left out that are none', withPayload({ x: [] })],
    ['lists left out that are no list', withPayload({ x: 'n' })],
    ['an issue more than a minute ahead', { ...CLAIMS, iat: NOW / 1000 + 70 }],
    ['an issue with a fraction', { ...CLAIMS, iat: NOW / 1000 - 0.5 }],
    ['an issue as text', { ...CLAIMS, iat: String(NOW / 1000) }],
    ['an expiry in the payload that has passed', withPayload({ e: NOW - 1 })],
    ['an expiry in the payload with a fraction', withPayload({ e: NOW + 1000.5 })],
    ['an expiry in the payload in seconds', withPayload({ e: NOW / 1000 + 1800 })],
    ['an expiry with a fraction', { ...CLAIMS, exp: 1.5 }],
    ['a rotation as text', { ...CLAIMS, rot: '1' }],
    ['nothing', {}],
    ['null', null],
    ['a text', 'claims'],
  ])('with %s are not ours', (_, claims) => {
    expect(parseClaims(claims)).toBeUndefined();
  });
});

import { expect, it } from 'vitest';
import { Action, ACTIONS, ACTIONS_OF, nameOfAction, parseAction } from './action.js';
import { Role } from './role.js';

/** contract.md §1: each action at the place of its number, as tokens carry it and requests name it. */
const NAMES = [
  '*',
  'None',
  'GetNetwork',
  'GetDevice',
  'GetDeviceNotification',
  'GetDeviceCommand',
  'RegisterDevice',
  'CreateDeviceCommand',
  'UpdateDeviceCommand',
  'CreateDeviceNotification',
  'GetCurrentUser',
  'UpdateCurrentUser',
  'ManageUser',
  'ManageConfiguration',
  'ManageNetwork',
  'ManageToken',
  'ManagePlugin',
  'GetDeviceType',
  'ManageDeviceType',
];

it('there are the actions of the contract, under its numbers', () => {
  expect(ACTIONS.map(nameOfAction)).toEqual(NAMES);
  expect(ACTIONS).toEqual(NAMES.map((_, number) => number));
});

it.each(NAMES.map((name, number) => [name, number] as const))(
  '%s is known by its name and its number, as number and as text',
  (name, number) => {
    expect([name, number, String(number)].map(parseAction)).toEqual([number, number, number]);
  },
);

it.each([
  'GetUser',
  // The name of the constant. Requests call it `*`.
  'Any',
  'getnetwork',
  ' GetNetwork',
  '19',
  '-1',
  '02',
  '2.0',
  '',
  19,
  -1,
  2.5,
  NaN,
  null,
  undefined,
  true,
  [],
  [2],
  {},
  'toString',
  '__proto__',
])('%j is no action', (unknown) => {
  expect(parseAction(unknown)).toBeUndefined();
});

it('administrators may carry every action', () => {
  expect(ACTIONS_OF[Role.Administrator]).toEqual(ACTIONS);
});

it('clients may carry all but *, none, and those that manage users, configuration, networks and device types', () => {
  expect(ACTIONS.filter((action) => !ACTIONS_OF[Role.Client].includes(action))).toEqual([
    Action.Any,
    Action.None,
    Action.ManageUser,
    Action.ManageConfiguration,
    Action.ManageNetwork,
    Action.ManageDeviceType,
  ]);
});

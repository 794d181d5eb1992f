import { describe, expect, it } from 'vitest';
import { Network } from '../access-scopes/networks/network.entity.js';
import { toScopeView } from '../access-scopes/scope.view.js';
import { Role } from '../authorization/role.js';
import { namesWhere } from '../fields/field.js';
import { stringify } from '../text/json-text.js';
import { User } from './user.entity.js';
import { USER_FIELDS, type UserViewName } from './user.fields.js';
import { toListed, toPublished, toSubmitted } from './user.view.js';
import { UserStatus } from './user-status.js';

const user = Object.assign(new User(), {
  id: 7,
  login: 'Ada',
  loginKey: 'ada',
  passwordHash: 'a hash that nobody may see',
  role: Role.Client,
  status: UserStatus.LockedOut,
  data: '{"b": 1, "a": [1e2]}',
  introReviewed: true,
  allDeviceTypesAvailable: false,
  lastLogin: new Date(Date.UTC(2026, 0, 31, 12)),
  loginAttempts: 3,
  blockedUntil: new Date(0),
  passwordVersion: 2,
  version: 5,
});
const network = Object.assign(new Network(), { id: 2, name: 'Home', nameKey: 'home', description: null });

const VIEWS = { listed: toListed, published: toPublished, submitted: toSubmitted };
const sent = (view: UserViewName, of: User = user) =>
  stringify(VIEWS[view](of, { networks: [toScopeView(network)] }));

describe.each(['listed', 'published', 'submitted'] as const)('view %s', (view) => {
  it('shows the fields that are declared for it, in their order, and nothing else', () => {
    expect(Object.keys(JSON.parse(sent(view)))).toEqual(
      namesWhere(USER_FIELDS, ({ shownIn }) => shownIn.includes(view)),
    );
  });

  it('shows the data as they were sent, and the time in UTC with milliseconds', () => {
    expect(sent(view)).toContain('"lastLogin":"2026-01-31T12:00:00.000Z","data":{"b": 1, "a": [1e2]},');
    expect(sent(view, { ...user, data: null, lastLogin: null })).toContain('"lastLogin":null,"data":null,');
  });
});

it('a published user has its networks, as they are shown everywhere', () => {
  expect(JSON.parse(sent('published')).networks).toEqual([{ id: 2, name: 'Home', description: null }]);
});

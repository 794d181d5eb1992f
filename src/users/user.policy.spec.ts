import { describe, expect, it } from 'vitest';
import { judge, type Verdict } from '../authorization/field-policy.js';
import { namesWhere } from '../fields/field.js';
import { readSettings } from '../settings/read-settings.js';
import { CLIENT_WRITABLE } from '../settings/settings.js';
import { USER_FIELDS } from './user.fields.js';
import { whoMayChange, WRITABLE_FIELDS } from './user.policy.js';

const administrator = { administrator: true };
const client = { administrator: false };
const own = { own: true };
const another = { own: false };

const policyOf = (CLIENT_WRITABLE_FIELDS = '') => whoMayChange(readSettings({ CLIENT_WRITABLE_FIELDS }));

/** contract.md §3, cell by cell: of each field, what is said to an administrator and to a client. */
// prettier-ignore
const TABLE: readonly [field: string, ofAdministrators: Verdict, ofOwn: Verdict, ofAnother: Verdict][] = [
  // field                      administrator   client, own       client, another's
  ['login',                     'allowed',      'field denied',   'record denied'],
  ['role',                      'allowed',      'field denied',   'record denied'],
  ['status',                    'allowed',      'field denied',   'record denied'],
  ['password',                  'allowed',      'allowed',        'record denied'],
  ['oldPassword',               'allowed',      'allowed',        'record denied'],
  ['data',                      'allowed',      'allowed',        'record denied'],
  ['introReviewed',             'allowed',      'field denied',   'record denied'],
  ['allDeviceTypesAvailable',   'allowed',      'field denied',   'record denied'],
  // Read-only: accepted and ignored.
  ['id',                        'allowed',      'allowed',        'record denied'],
  ['lastLogin',                 'allowed',      'allowed',        'record denied'],
  ['networks',                  'allowed',      'allowed',        'record denied'],
  // Not declared: an omission is denied.
  ['passwordHash',              'field denied', 'field denied',   'record denied'],
  ['__proto__',                 'field denied', 'field denied',   'record denied'],
];

describe('who may change which field', () => {
  it.each(TABLE)('%s', (field, ofAdministrators, ofOwn, ofAnother) => {
    const verdict = (caller: { administrator: boolean; own: boolean }) => judge(policyOf(), caller, [field]);
    expect({
      administrator: [verdict({ ...administrator, ...own }), verdict({ ...administrator, ...another })],
      client: [verdict({ ...client, ...own }), verdict({ ...client, ...another })],
    }).toEqual({ administrator: [ofAdministrators, ofAdministrators], client: [ofOwn, ofAnother] });
  });

  it('the table names every field', () => {
    expect(TABLE.map(([field]) => field)).toEqual(expect.arrayContaining([...Object.keys(USER_FIELDS)]));
  });

  it('a request of a client that names no field at all changes its own record, and no other', () => {
    expect(judge(policyOf(), { ...client, ...own }, [])).toBe('allowed');
    expect(judge(policyOf(), { ...client, ...another }, [])).toBe('record denied');
  });

  it('one forbidden field refuses the allowed ones beside it', () => {
    expect(judge(policyOf(), { ...client, ...own }, ['password', 'data', 'role'])).toBe('field denied');
  });

  it.each([
    ['password,data,introReviewed', ['password', 'data', 'introReviewed', 'oldPassword']],
    ['password', ['password', 'oldPassword']],
    // Without the right to change the password there is none to prove.
    ['data', ['data']],
  ])('CLIENT_WRITABLE_FIELDS=%s opens and closes fields of the own record alone', (setting, open) => {
    const policy = policyOf(setting);
    const allowed = WRITABLE_FIELDS.filter(
      (field) => judge(policy, { ...client, ...own }, [field]) === 'allowed',
    );
    expect([...allowed].sort()).toEqual([...open].sort());
    expect(judge(policy, { ...client, ...another }, open)).toBe('record denied');
    expect(judge(policy, { ...administrator, ...another }, WRITABLE_FIELDS)).toBe('allowed');
  });
});

describe('who sees which field', () => {
  const LISTED = [
    'id',
    'login',
    'role',
    'status',
    'lastLogin',
    'data',
    'introReviewed',
    'allDeviceTypesAvailable',
  ];

  const shownIn = (view: string) => namesWhere(USER_FIELDS, (field) => field.shownIn.includes(view));

  it('is what the contract says of each view', () => {
    expect(shownIn('listed')).toEqual(LISTED);
    expect(shownIn('published')).toEqual([...LISTED, 'networks']);
    expect(shownIn('submitted')).toEqual([
      'id',
      'lastLogin',
      'data',
      'introReviewed',
      'allDeviceTypesAvailable',
    ]);
  });

  it('no view shows a password', () => {
    expect(namesWhere(USER_FIELDS, ({ shownIn: views }) => views.length > 0).join()).not.toMatch(/password/i);
  });
});

it('CLIENT_WRITABLE_FIELDS accepts the fields that are declared writable by clients, and no others', () => {
  const declared = namesWhere(USER_FIELDS, ({ writableBy }) => writableBy === 'clients');
  expect([...CLIENT_WRITABLE, 'oldPassword'].sort()).toEqual([...declared].sort());
});

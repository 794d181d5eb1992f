import fc from 'fast-check';
import { expect, it } from 'vitest';
import { judge, leavesUnchanged, type WritableFields, type WritePolicy } from './field-policy.js';

const FIELDS = ['login', 'role', 'data'];
const IGNORED = ['id'];

const writable: fc.Arbitrary<WritableFields> = fc.oneof(fc.constant('nothing' as const), fc.subarray(FIELDS));
const cells = fc.record({ own: writable, another: writable });
const policies: fc.Arbitrary<WritePolicy> = fc.record({
  ignored: fc.constant(IGNORED),
  administrator: cells,
  client: cells,
});
const callers = fc.record({ administrator: fc.boolean(), own: fc.boolean() });
const names = fc.array(fc.oneof(fc.constantFrom(...FIELDS, ...IGNORED), fc.string()));

const cellOf = (policy: WritePolicy, caller: { administrator: boolean; own: boolean }) =>
  policy[caller.administrator ? 'administrator' : 'client'][caller.own ? 'own' : 'another'];

it('a caller is judged by its own cell of the table alone', () => {
  fc.assert(
    fc.property(policies, callers, names, (policy, caller, fields) => {
      const cell = cellOf(policy, caller);
      const alone = { own: cell, another: cell };
      expect(judge(policy, caller, fields)).toBe(
        judge({ ...policy, administrator: alone, client: alone }, caller, fields),
      );
    }),
  );
});

it('naming more fields never allows more', () => {
  fc.assert(
    fc.property(policies, callers, names, names, (policy, caller, some, more) => {
      const [few, many] = [judge(policy, caller, some), judge(policy, caller, [...some, ...more])];
      expect(few === 'allowed' || few === many).toBe(true);
    }),
  );
});

it('a field is allowed only if the cell lists it or the policy ignores it: an omission is denied', () => {
  fc.assert(
    fc.property(policies, callers, names, (policy, caller, fields) => {
      const cell = cellOf(policy, caller);
      const denied = fields.filter((field) => !IGNORED.includes(field) && !cell.includes(field));
      const expected = cell === 'nothing' ? 'record denied' : denied.length > 0 ? 'field denied' : 'allowed';
      expect(judge(policy, caller, fields)).toBe(expected);
    }),
  );
});

it('a field outside the cell is allowed with its current value alone, and every field is asked', () => {
  const records = fc.dictionary(fc.constantFrom(...FIELDS), fc.boolean());
  fc.assert(
    fc.property(policies, callers, names, records, (policy, caller, named, current) => {
      const cell = cellOf(policy, caller);
      const values = Object.fromEntries(named.map((name) => [name, true]));
      const isUnchanged = ({ name, sent }: { name: string; sent: unknown }) =>
        sent === true && Object.hasOwn(current, name) && current[name] === true;
      const outside = named.filter((name) => !IGNORED.includes(name) && !cell.includes(name));
      const expected = cell !== 'nothing' && outside.every((name) => isUnchanged({ name, sent: true }));
      const sent = { named, values, method: 'replace' } as const;
      expect(leavesUnchanged(policy, caller, sent, { isUnchanged })).toBe(expected);
    }),
  );
});

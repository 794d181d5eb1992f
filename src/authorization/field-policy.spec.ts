import fc from 'fast-check';
import { expect, it } from 'vitest';
import { judge, type WritableFields, type WritePolicy } from './field-policy.js';

const FIELDS = ['login', 'role', 'data'];

const writable: fc.Arbitrary<WritableFields> = fc.oneof(
  fc.constant('every writable field' as const),
  fc.constant('nothing' as const),
  fc.subarray(FIELDS),
);
const cells = fc.record({ own: writable, another: writable });
const policies: fc.Arbitrary<WritePolicy> = fc.record({
  writable: fc.constant(FIELDS),
  administrator: cells,
  client: cells,
});
const callers = fc.record({ administrator: fc.boolean(), own: fc.boolean() });
const names = fc.array(fc.oneof(fc.constantFrom(...FIELDS), fc.string()));

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

it('one field that may not be changed is enough to refuse, and nothing else is', () => {
  fc.assert(
    fc.property(policies, callers, names, (policy, caller, fields) => {
      const cell = cellOf(policy, caller);
      const refused = fields.filter((field) => FIELDS.includes(field) && !cell.includes(field));
      const expected =
        cell === 'every writable field'
          ? 'allowed'
          : cell === 'nothing'
            ? 'record denied'
            : refused.length > 0
              ? 'field denied'
              : 'allowed';
      expect(judge(policy, caller, fields)).toBe(expected);
    }),
  );
});

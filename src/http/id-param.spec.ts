import fc from 'fast-check';
import { expect, it } from 'vitest';
import { parseId } from './id-param.js';

it('every positive integer that a number holds exactly is an id', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }), (id) => {
      expect(parseId(String(id), 'id')).toBe(id);
    }),
  );
});

it.each([
  undefined,
  '',
  '0',
  '-1',
  '+1',
  '1.0',
  '1e3',
  '0x10',
  ' 1',
  '1\n',
  'current',
  'NaN',
  'Infinity',
  '١',
  '1,2',
  '9007199254740992',
  '99999999999999999999',
])('%j is none: 400 that names the parameter', (value) => {
  expect(() => parseId(value, 'networkId')).toThrow(
    expect.objectContaining({
      status: 400,
      message: 'Invalid request parameters',
      details: [{ field: 'networkId', message: 'networkId must be a positive integer' }],
    }),
  );
});

it('no text makes anything but a positive integer or a 400', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(...'0123456789+-.e x') }), (text) => {
      let id: number;
      try {
        id = parseId(text, 'id');
      } catch (error) {
        expect(error).toMatchObject({ status: 400 });
        return;
      }
      expect(id).toBeGreaterThan(0);
      expect(BigInt(text)).toBe(BigInt(id));
    }),
  );
});

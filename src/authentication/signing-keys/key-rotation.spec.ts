import { describe, expect, it } from 'vitest';
import { signerAt } from './key-rotation.js';

const from = (...moments: number[]) => moments.map((moment) => ({ createdAt: new Date(moment) }));

describe('which key signs', () => {
  it.each([
    ['the only one', from(10), 20, 0],
    ['the only one, though it has not begun', from(10), 5, 0],
    ['the first, where none has begun', from(10, 20), 5, 0],
    ['the one that has begun', from(10, 20), 19, 0],
    ['the next one from its moment on', from(10, 20), 20, 1],
    ['the last that has begun', from(10, 20, 30, 40), 35, 2],
    ['of two of one moment the second', from(10, 20, 20), 20, 2],
  ])('%s', (_, keys, moment, index) => {
    expect(signerAt(keys, moment)).toBe(index);
  });
});

import { expect, it } from 'vitest';
import { Batch } from './batch.js';

it('hands each number over once and in order, when it is read or holds as many as it may', () => {
  const taken: number[] = [];
  const batch = new Batch((value) => taken.push(value));
  const sent = Array.from({ length: 2500 }, (_, index) => index);
  for (const value of sent.slice(0, 1200)) batch.add(value);
  expect(taken).toEqual(sent.slice(0, 1000));
  batch.flush();
  batch.flush();
  for (const value of sent.slice(1200)) batch.add(value);
  batch.flush();
  expect(taken).toEqual(sent);
});

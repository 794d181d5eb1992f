import { describe, expect, it } from 'vitest';
import { mostConnections } from './connection-limits.js';

describe('the most connections', () => {
  it.each([
    [100, 50],
    [256, 128],
    [1024, 896],
    [20_000, 19_872],
    [1_048_576, 20_000],
    [Infinity, 20_000],
  ])('of a process that may hold %i descriptors leave some for the service: %i', (descriptors, most) => {
    expect(mostConnections(descriptors)).toBe(most);
  });
});

import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { statusOf } from './status-of.js';

it('of a path that is not there is undefined, and of one through a file an error, on every Node', () => {
  expect(statusOf(tmpdir())?.isDirectory()).toBe(true);
  expect(statusOf(join(tmpdir(), 'no-such-file'))).toBeUndefined();
  expect(() => statusOf(join(import.meta.filename, 'below'))).toThrow(/ENOTDIR/);
});

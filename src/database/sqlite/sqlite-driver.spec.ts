import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { SQLITE_PACKAGE } from './sqlite-driver.js';

/** Prepares statements and drops them. Each `await` lets the garbage collector run outside of any JavaScript. */
const DROP_STATEMENTS = `
  const Sqlite = require(process.argv[1]);
  const database = new Sqlite(':memory:');
  void (async () => {
    for (let count = 0; count < 50_000; count += 1) {
      database.prepare('SELECT 1').get();
      await null;
    }
    process.stdout.write('done');
  })();
`;

describe('the SQLite driver', () => {
  // better-sqlite3 12 aborts here on Node 24.19 and later.
  it('survives the garbage collection of its statements', () => {
    // A small young generation: the collector runs often.
    const parameters = ['--max-semi-space-size=1', '--eval', DROP_STATEMENTS, SQLITE_PACKAGE];
    expect(execFileSync(process.execPath, parameters, { encoding: 'utf8' })).toBe('done');
  });
});

import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { load, SQLITE_PACKAGE } from './sqlite-driver.js';

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
  it.each([
    ['not built', new Error('Could not locate the bindings file. Tried:\n -> /a\n -> /b')],
    [
      'of another version of Node',
      Object.assign(new Error('The module was compiled against another version\nof Node'), {
        code: 'ERR_DLOPEN_FAILED',
      }),
    ],
    [
      'not in the package',
      Object.assign(new Error("Cannot find module './better_sqlite3.node'"), { code: 'MODULE_NOT_FOUND' }),
    ],
  ])('whose binary is %s names the command that builds it, in one line', (_, cause) => {
    const Driver = function () {
      throw cause;
    };
    expect(() => load(() => Driver)).toThrow(
      expect.objectContaining({
        cause,
        message: expect.stringMatching(
          new RegExp(
            `^the SQLite driver for Node \\S+ cannot load its binary: run \`npm rebuild ${SQLITE_PACKAGE}\` \\(.*\\)$`,
          ),
        ),
      }),
    );
  });

  it('that is not installed says how to install it', () => {
    const cause = Object.assign(new Error(`Cannot find module '${SQLITE_PACKAGE}'`), {
      code: 'MODULE_NOT_FOUND',
    });
    expect(() =>
      load(() => {
        throw cause;
      }),
    ).toThrow(/ is not installed: .*`npm ci`/);
  });

  // better-sqlite3 12 aborts here on Node 24.19 and later.
  it('survives the garbage collection of its statements', () => {
    // A small young generation: the collector runs often.
    const parameters = ['--max-semi-space-size=1', '--eval', DROP_STATEMENTS, SQLITE_PACKAGE];
    expect(execFileSync(process.execPath, parameters, { encoding: 'utf8' })).toBe('done');
  });
});

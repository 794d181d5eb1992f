import { join } from 'node:path';
import { testClient } from './harness/suite.js';
import { prepareTypeScript, run } from './typescript/generate.js';

testClient({
  name: 'orval, with zod',
  missing: () => undefined,
  prepare: () =>
    prepareTypeScript('orval', () =>
      run('orval', '--config', join(import.meta.dirname, 'drivers/orval/orval.config.mjs')),
    ),
});

import { join } from 'node:path';
import { testClient } from './harness/suite.js';
import { prepareTypeScript, run } from './typescript/generate.js';

testClient({
  name: '@hey-api/openapi-ts',
  missing: () => undefined,
  prepare: () =>
    prepareTypeScript('hey-api', () =>
      run('openapi-ts', '--file', join(import.meta.dirname, 'drivers/hey-api/openapi-ts.config.mjs')),
    ),
});

import { join } from 'node:path';
import { testClient } from './harness/suite.js';
import { prepareTypeScript, run } from './typescript/generate.js';

testClient({
  name: 'openapi-typescript and openapi-fetch',
  missing: () => undefined,
  prepare: () =>
    prepareTypeScript('openapi-fetch', (document, directory) =>
      run('openapi-typescript', document, '--output', join(directory, 'schema.ts')),
    ),
});

import { testClient } from './harness/suite.js';
import { prepareTypeScript, run } from './typescript/generate.js';

testClient({
  name: '@hey-api/openapi-ts',
  missing: () => undefined,
  prepare: () =>
    prepareTypeScript('hey-api', (document, directory) =>
      run(
        'openapi-ts',
        ...['--input', document, '--output', directory],
        ...['--plugins', '@hey-api/typescript', '@hey-api/sdk', '@hey-api/client-fetch'],
      ),
    ),
});

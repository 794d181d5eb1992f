import { resolve } from 'node:path';

/** A client that calls `fetch`, with constants for the values of enumerations. */
export default {
  input: resolve('openapi/openapi.json'),
  output: resolve('test/clients/generated/hey-api'),
  logs: { file: false },
  plugins: [
    { name: '@hey-api/typescript', enums: { mode: 'javascript', case: 'PascalCase' } },
    '@hey-api/sdk',
    '@hey-api/client-fetch',
  ],
};

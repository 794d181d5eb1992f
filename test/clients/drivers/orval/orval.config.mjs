import { resolve } from 'node:path';

const input = resolve('openapi/openapi.json');
const target = (file) => resolve('test/clients/generated/orval', file);

/** A client that calls `fetch`, and the zod schemas of what it sends and receives. */
export default {
  client: {
    input,
    output: {
      client: 'fetch',
      target: target('client.ts'),
      baseUrl: { runtime: 'process.argv[2]' },
      // Without these, the client has no conditional headers and does not escape what it puts into a path.
      headers: true,
      urlEncodeParameters: true,
    },
  },
  schemas: { input, output: { client: 'zod', target: target('schemas.ts') } },
};

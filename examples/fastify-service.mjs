/**
 * The same service as plain-service.mjs, on Fastify.
 *
 *   npm install @hivegate/verify fastify
 *   ISSUER=http://127.0.0.1:8080 FEED_TOKEN=... PORT=9000 node fastify-service.mjs
 */
import fastify from 'fastify';
import { createVerifier } from '@hivegate/verify';
import { bearer, principalOf, requires } from '@hivegate/verify/fastify';

const { ISSUER = 'http://127.0.0.1:8080', FEED_TOKEN = '', PORT = '9000' } = process.env;

const verifier = createVerifier({
  issuer: ISSUER,
  feed: () => FEED_TOKEN,
  onStatus: ({ feed, reason = '' }) => console.error(`feed of revocations: ${feed} ${reason}`),
});

const app = fastify();
await app.register(bearer(verifier));
app.get(
  '/networks/:networkId/devices',
  { onRequest: requires('GetDevice', { network: 'networkId' }) },
  (request) => ({ network: request.params.networkId, user: principalOf(request).userId, devices: [] }),
);
console.log(await app.listen({ host: '127.0.0.1', port: Number(PORT) }));

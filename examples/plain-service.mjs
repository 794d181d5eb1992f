/**
 * A service on node:http that trusts Hivegate's tokens by their issuer alone: it verifies them offline, and learns of
 * revocations within a second.
 *
 *   npm install @hivegate/verify
 *   ISSUER=http://127.0.0.1:8080 FEED_TOKEN=... PORT=9000 node plain-service.mjs
 *   curl localhost:9000/networks/1/devices -H "Authorization: Bearer $TOKEN"
 */
import { createServer } from 'node:http';
import { authenticate, createVerifier, VerifyError } from '@hivegate/verify';

const { ISSUER = 'http://127.0.0.1:8080', FEED_TOKEN = '', PORT = '9000' } = process.env;

const verifier = createVerifier({
  issuer: ISSUER,
  // A token of a service account: `hivegate tokens create`. It is asked for again when it expires.
  feed: () => FEED_TOKEN,
  onStatus: ({ feed, reason = '' }) => console.error(`feed of revocations: ${feed} ${reason}`),
});

async function respond(request) {
  const [, network] = /^\/networks\/(\d+)\/devices$/.exec(request.url) ?? [];
  if (!network) return { status: 404, body: { message: 'Not found' } };
  const principal = await authenticate(verifier, request);
  if (!principal.can('GetDevice', { network })) throw new VerifyError('denied', 'Access is denied');
  return { status: 200, body: { network, user: principal.userId, devices: [] } };
}

const server = createServer(async (request, response) => {
  const { status, headers, body } = await respond(request).catch((error) => {
    if (error instanceof VerifyError) {
      const { status, headers, message } = error;
      return { status, headers, body: { message } };
    }
    console.error(error);
    return { status: 500, body: { message: 'Internal server error' } };
  });
  response.writeHead(status, { 'Content-Type': 'application/json', ...headers }).end(JSON.stringify(body));
});
server.listen(Number(PORT), '127.0.0.1', () => {
  console.log(`http://127.0.0.1:${server.address().port}`);
});

/**
 * A service that verifies tokens with the published keys and jose alone, for the trial of key rotation: it knows no
 * discovery and no revocations. JWKS_COOLDOWN: milliseconds between two requests for the keys.
 */
import { createServer } from 'node:http';
import { createRemoteJWKSet, errors, jwtVerify } from 'jose';

const {
  JWKS_URL = 'http://127.0.0.1:8080/.well-known/jwks.json',
  JWKS_COOLDOWN = '5000',
  ISSUER = 'hivegate',
  PORT = '9000',
} = process.env;

const keys = createRemoteJWKSet(new URL(JWKS_URL), {
  cacheMaxAge: 10 * 60_000,
  cooldownDuration: Number(JWKS_COOLDOWN),
  timeoutDuration: 5000,
});

const ANY = 0;
const GET_DEVICE = 3;

class Refusal extends Error {
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

/**
 * What a token says of its bearer: user id, actions by number, network ids as strings or ["*"].
 *
 * The algorithm is pinned: a token must not choose how it is verified. So is the type: only access tokens are at+jwt.
 */
async function verify({ headers }) {
  const [, token] = /^Bearer (\S+)$/i.exec(headers.authorization ?? '') ?? [];
  if (!token) throw new Refusal(401, 'A token is needed');
  let claims;
  try {
    ({ payload: claims } = await jwtVerify(token, keys, {
      algorithms: ['ES256'],
      typ: 'at+jwt',
      issuer: ISSUER,
    }));
  } catch (error) {
    if (!saysSomethingOfTheToken(error)) throw new Refusal(503, 'The keys cannot be fetched');
    throw new Refusal(401, error instanceof errors.JWTExpired ? 'Token expired' : 'Unauthorized');
  }
  const { u, a, n = [], x = [] } = claims.payload ?? {};
  // The networks of this token did not fit into it: only Hivegate knows them (online-service.mjs).
  if (x.includes('n')) throw new Refusal(403, 'The token does not name its networks');
  return { userId: u, actions: a, networks: n };
}

/** Whether the token is at fault, and not the way to the keys. */
const saysSomethingOfTheToken = (error) =>
  error instanceof errors.JOSEError && !['ERR_JWKS_TIMEOUT', 'ERR_JOSE_GENERIC'].includes(error.code);

/** Whether the bearer may do `action` in the network. */
const may = ({ actions, networks }, action, network) =>
  (actions.includes(ANY) || actions.includes(action)) &&
  (networks.includes('*') || networks.includes(network));

const server = createServer(async (request, response) => {
  const answer = (status, body) => {
    response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(body));
  };
  try {
    const [, network] = /^\/networks\/(\d+)\/devices$/.exec(request.url) ?? [];
    if (!network) throw new Refusal(404, 'Not found');
    const bearer = await verify(request);
    if (!may(bearer, GET_DEVICE, network)) throw new Refusal(403, 'Access is denied');
    answer(200, { network, user: bearer.userId, devices: [] });
  } catch (error) {
    answer(error.status ?? 500, {
      message: error instanceof Refusal ? error.message : 'Internal server error',
    });
  }
});
server.listen(Number(PORT), '127.0.0.1', () => {
  console.log(`http://127.0.0.1:${server.address().port}`);
});

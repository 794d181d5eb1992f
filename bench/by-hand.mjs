/**
 * The yardstick: the same routes as a good engineer would write them without a framework. node:http, jsonwebtoken
 * with a KeyObject, prepared statements, the same JSON out, the same durability. It keeps no sessions, no events, no
 * logs, no request ids and no documentation, and answers no errors but those of the token.
 *
 * node bench/by-hand.mjs <SQLite file that the service has made>; prints its port.
 */
import { createPrivateKey, createPublicKey, createSecretKey, randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import jwt from 'jsonwebtoken';
import { loadSqlite } from '../dist/database/sqlite/sqlite-driver.js';

const database = new (loadSqlite())(process.argv[2]);
database.pragma('journal_mode = WAL');
database.pragma('synchronous = FULL');

const stored = database.prepare('SELECT kid, public_jwk, private_key, refresh_key FROM signing_keys').get();
const publicKey = createPublicKey({ key: JSON.parse(stored.public_jwk), format: 'jwk' });
const privateKey = createPrivateKey(stored.private_key);
const refreshKey = createSecretKey(stored.refresh_key, 'base64url');
/** How tokens are verified, by type (1: access, 0: refresh). */
const VERIFYING = [
  { key: refreshKey, algorithms: ['HS256'], issuer: 'hivegate' },
  { key: publicKey, algorithms: ['ES256'], issuer: 'hivegate' },
];

const findUser = database.prepare('SELECT * FROM users WHERE id = ?');
const networksOf = database.prepare(
  'SELECT n.id, n.name, n.description FROM networks n JOIN user_networks a ON a.network_id = n.id WHERE a.user_id = ? ORDER BY n.id',
);
const networkIdsOf = database.prepare(
  'SELECT network_id FROM user_networks WHERE user_id = ? ORDER BY network_id',
);
const updateData = database.prepare('UPDATE users SET data = ?, version = version + 1 WHERE id = ?');
const updateLogin = database.prepare('UPDATE users SET last_login = ? WHERE id = ?');

/** The active user of a token of this type (1: access, 0: refresh), and its claims. */
function authenticate(token, type) {
  const { key, ...options } = VERIFYING[type];
  const { payload } = jwt.verify(token, key, options);
  const user = findUser.get(payload.u);
  if (payload.t !== type || user?.status !== 0) throw new Error('Unauthorized');
  return { user, payload };
}

const bearerOf = ({ headers }) => headers.authorization?.slice('Bearer '.length) ?? '';

function getCurrent(request, response) {
  const { user } = authenticate(bearerOf(request), 1);
  answer(
    response,
    200,
    {
      id: user.id,
      login: user.login,
      role: user.role,
      status: user.status,
      lastLogin: user.last_login === null ? null : new Date(user.last_login).toISOString(),
      data: user.data === null ? null : JSON.parse(user.data),
      introReviewed: user.intro_reviewed === 1,
      allDeviceTypesAvailable: user.all_device_types_available === 1,
      networks: networksOf.all(user.id),
    },
    { ETag: `"${user.version}"` },
  );
}

function putCurrent(request, response, body) {
  const { user, payload } = authenticate(bearerOf(request), 1);
  if (!payload.a.includes(11)) return answer(response, 403, { error: 403, message: 'Access is denied' });
  const { data, ...others } = body;
  if (Object.keys(others).length > 0 || typeof data !== 'object' || Array.isArray(data)) {
    return answer(response, 400, { error: 400, message: 'Invalid request parameters' });
  }
  updateData.run(data === null ? null : JSON.stringify(data), user.id);
  response.writeHead(204).end();
}

function refresh(_request, response, { refreshToken }) {
  const { user, payload } = authenticate(refreshToken, 0);
  const networks = networkIdsOf.all(user.id).map(({ network_id }) => String(network_id));
  const now = Date.now();
  const expiry = now + 1_800_000;
  updateLogin.run(now, user.id);
  const claims = {
    payload: {
      u: user.id,
      a: payload.a,
      n: payload.n?.filter((id) => networks.includes(id)),
      dt: payload.dt,
      e: expiry,
      t: 1,
    },
    iss: 'hivegate',
    sub: String(user.id),
    iat: Math.floor(now / 1000),
    exp: Math.floor(expiry / 1000),
    jti: randomUUID(),
  };
  answer(response, 201, {
    accessToken: jwt.sign(claims, privateKey, {
      algorithm: 'ES256',
      header: { alg: 'ES256', typ: 'at+jwt', kid: stored.kid },
    }),
  });
}

const ROUTES = {
  'GET /user/current': getCurrent,
  'PUT /user/current': putCurrent,
  'POST /token/refresh': refresh,
};

function answer(response, status, body, headers) {
  const json = JSON.stringify(body);
  response.writeHead(status, {
    'Content-Type': 'application/json',
    'Content-Length': Buffer.byteLength(json),
    ...headers,
  });
  response.end(json);
}

const server = createServer((request, response) => {
  const route = ROUTES[`${request.method} ${request.url}`];
  if (!route) return answer(response, 404, { error: 404, message: 'Not found' });
  const chunks = [];
  request.on('data', (chunk) => chunks.push(chunk));
  request.on('end', () => {
    try {
      route(request, response, chunks.length > 0 ? JSON.parse(Buffer.concat(chunks)) : {});
    } catch {
      answer(response, 401, { error: 401, message: 'Unauthorized' });
    }
  });
});
server.listen(0, '127.0.0.1', () => {
  console.log(`by hand: http://127.0.0.1:${server.address().port}`);
});

import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { createHmac, generateKeyPairSync } from 'node:crypto';
import { calculateJwkThumbprint } from 'jose';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { claimsOf, Client } from '../support/client.js';
import { encodePart, foreignKey, forge, stolenKey } from '../support/forge.js';
import { ADMINISTRATOR, TestService } from '../support/service.js';

let service: TestService;
beforeAll(async () => {
  service = await TestService.start();
});
afterAll(() => service.stop());

const children: ChildProcess[] = [];
afterEach(async () => {
  for (const child of children.splice(0)) {
    if (child.exitCode === null) {
      const ended = new Promise((done) => child.once('close', done));
      child.kill();
      await ended;
    }
  }
});

/** Starts an example that serves, and waits until it says where. */
async function serve(file: string, environment: Record<string, string>): Promise<Client> {
  const child = spawn(process.execPath, [`examples/${file}`], {
    env: { PATH: process.env['PATH'], PORT: '0', ...environment },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  children.push(child);
  const url = await new Promise<string>((found, failed) => {
    child.stdout.setEncoding('utf8').once('data', (line: string) => {
      found(line.trim());
    });
    child.once('close', (code) => {
      failed(new Error(`${file} ended with ${String(code)}`));
    });
  });
  return new Client(url);
}

/** Runs an example that ends by itself. */
function runToEnd(
  program: string,
  parameters: readonly string[],
  environment: Record<string, string>,
): Promise<{ code: number | null; output: string }> {
  return new Promise((done) => {
    const child = spawn(program, parameters, { env: { PATH: process.env['PATH'], ...environment } });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => (output += text));
    }
    child.once('close', (code) => {
      done({ code, output });
    });
  });
}

const hasCurl = spawnSync('curl', ['--version']).status === 0;

// Where there is no curl this one is skipped: it comes with Debian's package of that name.
describe.skipIf(!hasCurl)('examples/walk-through.sh', () => {
  const walk = (environment: Record<string, string>) =>
    runToEnd('bash', ['examples/walk-through.sh'], { BASE_URL: service.client.baseUrl, ...environment });

  it('goes through to its end, and leaves nothing behind', async () => {
    const before = (await service.admin.get('/user/count')).body;
    const { code, output } = await walk({
      ADMIN_LOGIN: ADMINISTRATOR.login,
      ADMIN_PASSWORD: ADMINISTRATOR.password,
    });
    expect({ code, output }).toMatchObject({ code: 0, output: expect.stringMatching(/\nDone\.\n$/) });
    expect(output).toContain('"data":{"theme": "dark"}');
    expect((await service.admin.get('/user/count')).body).toEqual(before);
  });

  it('stops at the first response that is not as expected', async () => {
    const { code, output } = await walk({ ADMIN_LOGIN: ADMINISTRATOR.login, ADMIN_PASSWORD: 'a wrong one' });
    expect(code).toBe(1);
    expect(output).toMatch(/POST \/token: 401\nexpected 201: .*Invalid credentials/);
  });
});

describe('examples/client.mjs', () => {
  it('goes through to its end, and leaves nothing behind', async () => {
    const before = (await service.admin.get('/user/count')).body;
    const { code, output } = await runToEnd(process.execPath, ['examples/client.mjs'], {
      HIVEGATE_URL: service.client.baseUrl,
      ADMIN_LOGIN: ADMINISTRATOR.login,
      ADMIN_PASSWORD: ADMINISTRATOR.password,
    });
    expect({ code, output }).toMatchObject({ code: 0, output: expect.stringMatching(/\nDone\.\n$/) });
    expect(output).toMatch(/-1\n.*-2\n.*-3\n.*-4\n.*-5\n\{ visits: 10 \}\n/);
    expect(output).toContain("{ visits: 10, theme: 'dark' } 0 networks");
    expect(output).toContain('403 Admin permissions required for this action');
    expect((await service.admin.get('/user/count')).body).toEqual(before);
  });

  it('says why it fails, and not the password', async () => {
    const { code, output } = await runToEnd(process.execPath, ['examples/client.mjs'], {
      HIVEGATE_URL: service.client.baseUrl,
      ADMIN_LOGIN: ADMINISTRATOR.login,
      ADMIN_PASSWORD: 'a wrong one',
    });
    expect({ code, output }).toEqual({ code: 1, output: 'response 401: Invalid credentials\n' });
  });
});

describe('examples/offline-service.mjs', () => {
  const PATH = '/networks/1/devices';
  const start = (environment: Record<string, string> = {}) =>
    serve('offline-service.mjs', {
      JWKS_URL: `${service.client.baseUrl}/.well-known/jwks.json`,
      ...environment,
    });

  it('lets in whoever may read the devices of the network, and tells it who that is', async () => {
    const offline = await start();
    const user = await service.createUser();
    await service.admin.put(`/user/${user.id}/network/1`);
    const { body } = await service.client.signIn(user);
    const answer = await offline.as(body.accessToken).get(PATH);
    expect(answer.status).toBe(200);
    expect(answer.body).toEqual({ network: '1', user: user.id, devices: [] });
    expect((await offline.as(service.admin.token).get(PATH)).status).toBe(200);
  });

  it('refuses another network, and a token without the action', async () => {
    const offline = await start();
    const user = await service.createUser();
    expect((await offline.as(user.accessToken).get(PATH)).status).toBe(403);
    const { accessToken } = await service.createToken(1, { actions: ['GetNetwork'], networkIds: [1] });
    expect((await offline.as(accessToken).get(PATH)).status).toBe(403);
  });

  it('refuses what is no good access token', async () => {
    const offline = await start();
    const good = service.admin.token ?? '';
    const claims = claimsOf(good);
    const [header = '', payload = '', signature = ''] = good.split('.');
    const own = await stolenKey(service.database);
    const foreign = await foreignKey();
    const jwks = (await service.client.get('/.well-known/jwks.json')).text;
    const unsigned = (alg: string) => `${encodePart({ alg, typ: 'at+jwt', kid: own.kid })}.${payload}`;
    const confused = unsigned('HS256');
    const { refreshToken } = (await service.client.signIn(ADMINISTRATOR)).body;
    const past = Math.floor(Date.now() / 1000) - 60;
    const bad: Record<string, string> = {
      nothing: '',
      nonsense: 'nonsense',
      tampered: `${header}.${encodePart({ ...claims, payload: { ...claims.payload, u: 2 } })}.${signature}`,
      'a refresh token': refreshToken,
      'no algorithm': `${unsigned('none')}.`,
      'the public key as a secret': `${confused}.${createHmac('sha256', jwks).update(confused).digest('base64url')}`,
      'another key': await forge(claims, foreign.privateKey, { kid: foreign.kid }),
      'another key under our id': await forge(claims, foreign.privateKey, { kid: own.kid }),
      'another issuer': await forge({ ...claims, iss: 'somebody' }, own.privateKey, { kid: own.kid }),
    };
    for (const [what, token] of Object.entries(bad)) {
      expect({ what, status: (await offline.as(token).get(PATH)).status }).toEqual({ what, status: 401 });
    }
    const expired = await forge({ ...claims, exp: past }, own.privateKey, { kid: own.kid });
    expect((await offline.as(expired).get(PATH)).body).toEqual({ message: 'Token expired' });
    expect((await offline.get(PATH)).status).toBe(401);
    expect((await offline.as(good).get(PATH)).status, 'and still lets in a good one').toBe(200);
  });

  it('takes tokens of a new key without a restart, and those of the old one still', async () => {
    const offline = await start({ JWKS_COOLDOWN: '0' });
    const old = service.admin.token;
    expect((await offline.as(old).get(PATH)).status).toBe(200);

    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const jwk = publicKey.export({ format: 'jwk' });
    const kid = await calculateJwkThumbprint(jwk);
    await service.database.query(
      'INSERT INTO signing_keys (kid, public_jwk, private_key, created_at) VALUES (?, ?, ?, ?)',
      [
        kid,
        JSON.stringify({ ...jwk, kid, alg: 'ES256', use: 'sig' }),
        privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
        Date.now() + 1000,
      ],
    );
    const token = await forge(claimsOf(old ?? ''), privateKey, { kid });
    // The service looks for keys that it does not know every few seconds at most.
    await expect
      .poll(async () => (await service.client.as(token).get('/user/current')).status, { timeout: 20_000 })
      .toBe(200);
    expect((await offline.as(token).get(PATH)).status).toBe(200);
    expect((await offline.as(old).get(PATH)).status).toBe(200);
  });

  it('returns 503 while the keys cannot be had', async () => {
    const offline = await start({ JWKS_URL: `${service.client.baseUrl}/nowhere` });
    expect((await offline.as(service.admin.token).get(PATH)).status).toBe(503);
    const alone = await start({ JWKS_URL: 'http://127.0.0.1:1/' });
    expect((await alone.as(service.admin.token).get(PATH)).status).toBe(503);
  });
});

describe('examples/online-service.mjs', () => {
  const start = (url = service.client.baseUrl) => serve('online-service.mjs', { HIVEGATE_URL: url });

  it('knows its caller as it is now, and refuses it as soon as it is disabled', async () => {
    const online = await start();
    const user = await service.createUser();
    await service.admin.put(`/user/${user.id}/network/1`);
    const { status, body } = await online.as(user.accessToken).get('/hello');
    expect({ status, body }).toEqual({
      status: 200,
      body: { message: `Hello ${user.login}`, networks: ['Default network'] },
    });
    await service.admin.put(`/user/${user.id}`, { status: 2 });
    expect((await online.as(user.accessToken).get('/hello')).status).toBe(401);
  });

  it('refuses no token, a bad one, and one that may not read its user', async () => {
    const online = await start();
    expect((await online.get('/hello')).status).toBe(401);
    expect((await online.as('nonsense').get('/hello')).status).toBe(401);
    const { accessToken } = await service.createToken(1, { actions: ['GetNetwork'] });
    expect((await online.as(accessToken).get('/hello')).status).toBe(403);
  });

  it('returns 503 while there is nobody to ask', async () => {
    const { status, headers } = await (await start('http://127.0.0.1:1')).as('a.b.c').get('/hello');
    expect(status).toBe(503);
    expect(headers.get('retry-after')).toBe('1');
  });
});

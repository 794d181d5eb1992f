import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { copyFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { calculateJwkThumbprint } from 'jose';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { installVerifyPackage } from '../packages/install-verify.js';
import { claimsOf, Client } from '../support/client.js';
import { forge } from '../support/forge.js';
import { Front } from '../support/front.js';
import { ADMINISTRATOR, TestService } from '../support/service.js';
import { until } from '../support/until.js';

let service: TestService;
beforeAll(async () => {
  service = await TestService.start();
});
afterAll(() => service.stop());

const children: ChildProcess[] = [];
afterEach(() => endAll(children));

async function endAll(list: ChildProcess[]): Promise<void> {
  for (const child of list.splice(0)) {
    if (child.exitCode === null) {
      const ended = new Promise((done) => child.once('close', done));
      child.kill();
      await ended;
    }
  }
}

/** Starts an example that serves, and waits until it says where. It ends with the test, or with those of `among`. */
async function serve(
  file: string,
  environment: Record<string, string>,
  among: ChildProcess[] = children,
): Promise<Client> {
  const child = spawn(process.execPath, [file], {
    env: { PATH: process.env['PATH'], PORT: '0', ...environment },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  among.push(child);
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

describe('the examples of services that verify offline, with the package as it is packed', () => {
  const PATH = '/networks/1/devices';
  let front: Front;
  let issuer: TestService;
  let directory: string;
  let links: Record<'plain' | 'fastify' | 'nest', Client>;
  beforeAll(async () => {
    front = await Front.start();
    issuer = await TestService.start({ JWT_ISSUER: front.url });
    front.to(issuer.client.baseUrl);
    directory = await installVerifyPackage([
      ...['fastify', 'reflect-metadata', 'rxjs'],
      ...['@nestjs/common', '@nestjs/core', '@nestjs/platform-fastify'],
    ]);
    const { accessToken: FEED_TOKEN } = await issuer.createToken(1, { actions: ['None'] });
    const start = async (name: string) => {
      await copyFile(`examples/${name}-service.mjs`, join(directory, `${name}-service.mjs`));
      return serve(join(directory, `${name}-service.mjs`), { ISSUER: front.url, FEED_TOKEN }, everyone);
    };
    links = { plain: await start('plain'), fastify: await start('fastify'), nest: await start('nest') };
  });
  afterAll(async () => {
    await endAll(everyone);
    await issuer.stop();
    front.close();
    await rm(directory, { recursive: true });
  });
  const everyone: ChildProcess[] = [];
  const statusAt = async (name: keyof typeof links, token: string | undefined, path = PATH) =>
    (await links[name].as(token).get(path)).status;

  it.each(['plain', 'fastify', 'nest'] as const)('%s: lets in who may read the devices', async (name) => {
    const user = await issuer.createUser();
    await issuer.admin.put(`/user/${user.id}/network/1`);
    const { accessToken } = (await issuer.client.signIn(user)).body as { accessToken: string };
    const { status, body } = await links[name].as(accessToken).get(PATH);
    expect({ status, body }).toEqual({ status: 200, body: { network: '1', user: user.id, devices: [] } });
    expect(await statusAt(name, issuer.admin.token)).toBe(200);
    expect(await statusAt(name, accessToken, '/networks/2/devices')).toBe(403);
    const other = await issuer.createToken(1, { actions: ['GetNetwork'], networkIds: [1] });
    expect(await statusAt(name, other.accessToken)).toBe(403);
    expect(await statusAt(name, undefined)).toBe(401);
    expect(await statusAt(name, user.refreshToken)).toBe(401);
  });

  it.each(['plain', 'fastify', 'nest'] as const)(
    '%s: rejects a user who has signed out, and says 503 while the feed is cut',
    async (name) => {
      const user = await issuer.createUser({ role: 0 });
      // The test before this one has cut the feed of all.
      await until(async () => (await statusAt(name, user.accessToken)) === 200);
      await issuer.client.post('/token/revoke', { token: user.refreshToken });
      await until(async () => (await statusAt(name, user.accessToken)) === 401);
      front.cut('refused');
      await until(async () => (await statusAt(name, issuer.admin.token)) === 503);
      front.cut(undefined);
      await until(async () => (await statusAt(name, issuer.admin.token)) === 200);
      expect(await statusAt(name, user.accessToken)).toBe(401);
    },
  );

  it('README: its lines let in who has a good token, and reject who has signed out', async () => {
    const [, block = ''] =
      /^```js\n(import \{ createServer.*?)^```$/ms.exec(readFileSync('README.md', 'utf8')) ?? [];
    expect(block.trim().split('\n').filter(Boolean).length).toBeLessThanOrEqual(10);
    const told =
      "listen(0, '127.0.0.1', function () { console.log('http://127.0.0.1:' + this.address().port); })";
    await writeFile(join(directory, 'readme.mjs'), block.replace('listen(9000)', told));
    const { accessToken: FEED_TOKEN } = await issuer.createToken(1, { actions: ['None'] });
    const readme = await serve(join(directory, 'readme.mjs'), { ISSUER: front.url, FEED_TOKEN });
    const user = await issuer.createUser();
    const get = (token?: string) => readme.as(token).get('/');
    expect(await get(user.accessToken)).toMatchObject({ status: 200, text: `Hello, user ${user.id}\n` });
    expect((await get()).status).toBe(401);
    expect((await get('nonsense')).status).toBe(401);
    await issuer.client.post('/token/revoke', { token: user.refreshToken });
    await until(async () => (await get(user.accessToken)).status === 401);
  });

  it('take tokens of a new key without a restart, and those of the old one still', async () => {
    const old = issuer.admin.token ?? '';
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const jwk = publicKey.export({ format: 'jwk' });
    const kid = await calculateJwkThumbprint(jwk);
    await issuer.database.query(
      'INSERT INTO signing_keys (kid, public_jwk, private_key, created_at) VALUES (?, ?, ?, ?)',
      [
        kid,
        JSON.stringify({ ...jwk, kid, alg: 'ES256', use: 'sig' }),
        privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
        Date.now() + 1000,
      ],
    );
    const token = await forge(claimsOf(old), privateKey, { kid });
    // The service and the verifiers look for keys that they do not know every few seconds at most.
    await until(async () => (await issuer.client.as(token).get('/user/current')).status === 200);
    for (const name of ['plain', 'fastify', 'nest'] as const) {
      await until(async () => (await statusAt(name, token)) === 200);
      await until(async () => (await statusAt(name, old)) === 200);
    }
  });
});

describe('examples/online-service.mjs', () => {
  const start = (url = service.client.baseUrl) => serve('examples/online-service.mjs', { HIVEGATE_URL: url });

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

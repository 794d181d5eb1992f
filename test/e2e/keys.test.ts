import {
  calculateJwkThumbprint,
  createLocalJWKSet,
  createRemoteJWKSet,
  decodeProtectedHeader,
  errors,
  jwtVerify,
} from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createService } from '../../src/create-app.js';
import { readSettings } from '../../src/settings/read-settings.js';
import { claimsOf, Client } from '../support/client.js';
import type { TestDatabase } from '../support/database.js';
import { foreignKey, forge, forgeRefresh, stolenKey } from '../support/forge.js';
import { ServiceProcess } from '../support/process.js';
import { ADMINISTRATOR, TestService } from '../support/service.js';
import { temporaryDatabase } from '../support/temporary.js';

const JWKS = '/.well-known/jwks.json';
const SECRET = 'the secret of the signing keys';

describe('GET /.well-known/jwks.json', () => {
  let service: TestService;
  beforeAll(async () => {
    service = await TestService.start();
  });
  afterAll(() => service.stop());

  it('publishes the public key to anyone, and no private part', async () => {
    const { status, body } = await service.client.get(JWKS);
    expect(status).toBe(200);
    expect(body).toEqual({
      keys: [
        {
          kty: 'EC',
          crv: 'P-256',
          x: expect.any(String),
          y: expect.any(String),
          kid: expect.any(String),
          alg: 'ES256',
          use: 'sig',
        },
      ],
    });
    expect(body.keys[0].kid).toBe(await calculateJwkThumbprint(body.keys[0]));
  });

  it('is all that another service needs to verify an access token, and verifies no refresh token', async () => {
    const user = await service.createUser();
    const { body } = await service.client.get(JWKS);
    const options = { issuer: 'hivegate', algorithms: ['ES256'] };
    for (const keys of [
      createLocalJWKSet(body),
      createRemoteJWKSet(new URL(`${service.client.baseUrl}${JWKS}`)),
    ]) {
      const { payload, protectedHeader } = await jwtVerify(user.accessToken, keys, options);
      expect(payload['payload']).toMatchObject({ u: user.id, t: 1 });
      expect(protectedHeader).toEqual({ alg: 'ES256', typ: 'at+jwt', kid: body.keys[0].kid });
      await expect(jwtVerify(user.refreshToken, keys, { issuer: 'hivegate' })).rejects.toThrow(
        errors.JOSENotSupported,
      );
    }
  });

  it('takes up a key that another process has made, and signs with the newest', async () => {
    const early = service.admin.token ?? '';
    const { kid, privateKey, publicKey } = await foreignKey();
    const jwk = { ...publicKey.export({ format: 'jwk' }), kid, alg: 'ES256', use: 'sig' };
    const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
    await service.database.query(
      'INSERT INTO signing_keys (kid, public_jwk, private_key, created_at) VALUES (?, ?, ?, ?)',
      [kid, JSON.stringify(jwk), pem, Date.now()],
    );
    const token = await forge(claimsOf(early), privateKey, { kid });
    await expect
      .poll(async () => (await service.client.as(token).get('/user/current')).status, { timeout: 20_000 })
      .toBe(200);
    expect((await service.admin.get('/user/current')).status, 'the older key still holds').toBe(200);
    const { body } = await service.client.get(JWKS);
    expect(body.keys).toHaveLength(2);
    expect(body.keys).toContainEqual(jwk);
    const { body: signedIn } = await service.client.signIn(ADMINISTRATOR);
    await jwtVerify(signedIn.accessToken, createLocalJWKSet({ keys: [jwk] }));
    // It was stored as an earlier version stores keys: without one for refresh tokens.
    expect(decodeProtectedHeader(signedIn.refreshToken)).toEqual({ alg: 'HS256', typ: 'rt+jwt', kid });
    expect((await service.client.refresh(signedIn.refreshToken)).status).toBe(201);
  });
});

describe('The signing key', () => {
  it('survives a restart: tokens from before are good after', async () => {
    const first = await TestService.start();
    try {
      const user = await first.createUser();
      const before = (await first.client.get(JWKS)).body;
      await first.app.close();
      const second = await TestService.start({}, first.database);
      try {
        expect((await second.client.get(JWKS)).body).toEqual(before);
        expect((await second.client.as(user.accessToken).get('/user/current')).body.id).toBe(user.id);
        expect((await second.client.refresh(user.refreshToken)).status).toBe(201);
      } finally {
        await second.stop();
      }
    } finally {
      await first.database.remove();
    }
  });

  it('is kept in the clear without KEY_ENCRYPTION_SECRET, and encrypted when one appears', async () => {
    const database = await temporaryDatabase();
    const plain = await TestService.start({}, database);
    const { kid } = (await plain.client.get(JWKS)).body.keys[0];
    const clear = await storedKeys(database);
    expect(clear.privateKey).toMatch(/^-----BEGIN PRIVATE KEY-----/);
    expect(Buffer.from(clear.refreshKey, 'base64url'), '256 bits').toHaveLength(32);
    const { refreshToken } = (await plain.client.signIn(ADMINISTRATOR)).body;
    await plain.stop();

    const secured = await TestService.start({ KEY_ENCRYPTION_SECRET: SECRET }, database);
    expect((await secured.client.get(JWKS)).body.keys[0].kid).toBe(kid);
    await expectEncrypted(database, clear.refreshKey);
    expect((await secured.client.as(plain.admin.token).get('/user/current')).status).toBe(200);
    expect((await secured.client.refresh(refreshToken)).status).toBe(201);
    await secured.stop();
  });

  it('is encrypted from the first with KEY_ENCRYPTION_SECRET, and needs it from then on', async () => {
    const database = await temporaryDatabase();
    const service = await TestService.start({ KEY_ENCRYPTION_SECRET: SECRET }, database);
    await expectEncrypted(database);
    expect((await service.admin.get('/user/current')).status).toBe(200);
    const { refreshToken } = (await service.client.signIn(ADMINISTRATOR)).body;
    await service.stop();

    for (const secret of ['', 'another secret altogether']) {
      const start = createService(settingsFor(database, { KEY_ENCRYPTION_SECRET: secret }));
      const error = await start.then(
        () => undefined,
        (reason: unknown) => reason as Error,
      );
      expect(error?.message).toMatch(/^KEY_ENCRYPTION_SECRET is not valid: [^\n]+$/);
      expect(error?.message).not.toContain('another secret');
    }
    const again = await TestService.start({ KEY_ENCRYPTION_SECRET: SECRET }, database);
    expect((await again.client.as(service.admin.token).get('/user/current')).status).toBe(200);
    expect((await again.client.refresh(refreshToken)).status).toBe(201);
    await again.stop();
  });

  it('signs the same refresh token again for the same claims', async () => {
    const service = await TestService.start();
    try {
      const { refreshToken } = await service.createUser();
      const key = await stolenKey(service.database);
      expect(await forgeRefresh(claimsOf(refreshToken), key)).toBe(refreshToken);
    } finally {
      await service.stop();
    }
  });
});

describe('A database of an earlier version, whose keys sign access tokens alone', () => {
  /** A database as the earlier version left it: its pair of keys has no refresh key. */
  async function earlier(environment: Record<string, string> = {}) {
    const database = await temporaryDatabase();
    const service = await TestService.start(environment, database);
    await service.stop();
    await database.query('UPDATE signing_keys SET refresh_key = NULL');
    return { database, accessToken: service.admin.token ?? '' };
  }

  it.each([
    ['no', {}],
    ['its', { KEY_ENCRYPTION_SECRET: SECRET }],
  ])('gets a refresh key at the start, with %s KEY_ENCRYPTION_SECRET', async (_, environment) => {
    const { database, accessToken } = await earlier(environment);
    const service = await TestService.start(environment, database);
    try {
      const user = await service.createUser();
      expect((await service.client.refresh(user.refreshToken)).status).toBe(201);
      expect((await service.client.as(accessToken).get('/user/current')).status, 'as before').toBe(200);
      if ('KEY_ENCRYPTION_SECRET' in environment) await expectEncrypted(database);
      else expect(await stolenKey(database)).toHaveProperty('refreshKey');
      const stored = await storedKeys(database);
      const again = await TestService.start(environment, database);
      expect((await again.client.refresh(user.refreshToken)).status).toBe(201);
      await again.stop();
      expect(await storedKeys(database), 'once').toEqual(stored);
    } finally {
      await service.stop();
    }
  });

  it('gets one key from several processes that start at once', async () => {
    const { database } = await earlier();
    const services = await Promise.all([1, 2, 3].map(() => TestService.start({}, database)));
    for (const { client } of services) {
      const { refreshToken } = (await client.signIn(ADMINISTRATOR)).body;
      for (const other of services) expect((await other.client.refresh(refreshToken)).status).toBe(201);
    }
    await Promise.all(services.map((service) => service.stop()));
  });

  it.each([
    ['no', ''],
    ['another', 'another secret altogether'],
  ])('gets none that is encrypted with %s secret, or in the clear', async (_, secret) => {
    const { database } = await earlier({ KEY_ENCRYPTION_SECRET: SECRET });
    await expect(createService(settingsFor(database, { KEY_ENCRYPTION_SECRET: secret }))).rejects.toThrow(
      /^KEY_ENCRYPTION_SECRET is not valid: /,
    );
    const [row] = await database.query('SELECT refresh_key FROM signing_keys');
    expect(row).toEqual({ refresh_key: null });
  });
});

describe('Several processes that start at once on an empty database', () => {
  it('make one administrator, one key and one schema', async () => {
    const database = await temporaryDatabase();
    const environment = { DATABASE_URL: database.url, ADMIN_LOGIN: ADMINISTRATOR.login };
    const processes = await Promise.all(Array.from({ length: 4 }, () => ServiceProcess.spawn(environment)));
    try {
      const clients = await Promise.all(processes.map((process) => process.listening()));
      expect(await count(database, 'users')).toBe(1);
      expect(await count(database, 'signing_keys')).toBe(1);
      expect(await count(database, 'networks')).toBe(1);
      const migrations = await database.query('SELECT name FROM migrations');
      expect(new Set(migrations.map(({ name }) => name)).size).toBe(migrations.length);

      const shown = processes.flatMap(({ output }) => [...output.matchAll(/Password: +(\S+)/g)]);
      expect(shown, 'one of them has a password to show').toHaveLength(1);
      const { body } = await new Client(clients[0]?.baseUrl ?? '').signIn({
        login: ADMINISTRATOR.login,
        password: shown[0]?.[1],
      });
      for (const client of clients) {
        expect((await client.as(body.accessToken).get('/user/current')).status).toBe(200);
      }
    } finally {
      await Promise.all(processes.map((process) => process.remove()));
    }
  });
});

function settingsFor(database: TestDatabase, environment: Record<string, string>) {
  return readSettings({
    DATABASE_URL: database.url,
    ADMIN_LOGIN: ADMINISTRATOR.login,
    ADMIN_PASSWORD: ADMINISTRATOR.password,
    BCRYPT_COST: '4',
    LOG_LEVEL: 'silent',
    ...environment,
  });
}

async function count(database: TestDatabase, table: string): Promise<number> {
  const [row] = await database.query(`SELECT count(*) AS n FROM ${table}`);
  return Number(row?.['n']);
}

async function storedKeys(database: TestDatabase): Promise<{ privateKey: string; refreshKey: string }> {
  const [row] = await database.query('SELECT private_key, refresh_key FROM signing_keys');
  return { privateKey: String(row?.['private_key']), refreshKey: String(row?.['refresh_key']) };
}

/** Expects that both secret keys are compact JWE, and no form of a key in the clear. */
async function expectEncrypted(database: TestDatabase, clear?: string): Promise<void> {
  for (const stored of Object.values(await storedKeys(database))) {
    expect(stored).toMatch(/^(?:[\w-]+\.){4}[\w-]+$/);
    const parts = stored.split('.').map((part) => Buffer.from(part, 'base64url').toString('latin1'));
    for (const text of [stored, parts.join()]) {
      expect(text).not.toContain('PRIVATE KEY');
      if (clear !== undefined) expect(text).not.toContain(clear);
    }
  }
}

import { createSecretKey } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { claimsOf } from '../support/client.js';
import { forge, forgeRefresh, makeClaims, stolenKey } from '../support/forge.js';
import { sendRaw } from '../support/raw.js';
import { TestService, type TestUser } from '../support/service.js';

/* Discovery and `JWT_AUDIENCE` (contract.md §5). */

const NAMES = ['oauth-authorization-server', 'openid-configuration'];
const SECRET = 'wE3-fp9Qz_Lk2vTn7RbYx5HsUd8GjMaC';
const ISSUER = 'https://id.test/auth/rest/';
const AUDIENCE = 'https://apps.test';

let service: TestService;
let secret: TestService;
beforeAll(async () => {
  service = await TestService.start({
    JWT_ISSUER: ISSUER,
    API_PREFIX: '/rest',
    JWT_AUDIENCE: AUDIENCE,
    REFRESH_ROTATION: 'on',
  });
  secret = await TestService.start({
    JWT_ISSUER: 'http://id.test',
    JWT_SECRET: SECRET,
    JWT_AUDIENCE: AUDIENCE,
  });
});
afterAll(async () => {
  await service.stop();
  await secret.stop();
});
const originOf = ({ client }: TestService) => new URL(client.baseUrl).origin;

describe('discovery', () => {
  it('has one document at every place where a client may look for it, whatever Host says', async () => {
    const base = 'https://id.test/auth/rest';
    const document = {
      issuer: ISSUER,
      jwks_uri: `${base}/.well-known/jwks.json`,
      token_endpoint: `${base}/token`,
      token_endpoint_auth_methods_supported: ['none'],
      introspection_endpoint: `${base}/token/introspect`,
      introspection_endpoint_auth_methods_supported: ['Bearer'],
      revocation_endpoint: `${base}/token/revoke`,
      revocation_endpoint_auth_methods_supported: ['none'],
      revocation_feed_endpoint: `${base}/revocation`,
      response_types_supported: [],
      grant_types_supported: [],
      subject_types_supported: ['public'],
      id_token_signing_alg_values_supported: ['ES256'],
    };
    for (const name of NAMES)
      for (const path of [
        `/rest/.well-known/${name}`,
        `/.well-known/${name}`,
        `/auth/rest/.well-known/${name}`,
        `/.well-known/${name}/auth/rest`,
      ]) {
        const headers = {
          'x-forwarded-host': 'evil.test',
          'x-forwarded-proto': 'http',
          forwarded: 'host=evil.test',
        };
        const response = await fetch(originOf(service) + path, { headers });
        expect([path, response.status, await response.json()]).toEqual([path, 200, document]);
        expect(response.headers.get('cache-control')).toBe('public, max-age=300');
        const { status, headers: sent } = await fetch(originOf(service) + path, { method: 'POST' });
        expect([status, sent.get('allow')]).toEqual([405, 'GET, HEAD']);
      }
    const raw = await sendRaw(
      originOf(service),
      'GET /.well-known/openid-configuration HTTP/1.1\r\nHost: evil.test\r\nConnection: close\r\n\r\n',
    );
    expect(raw.text).toContain(base);
    expect(raw.text).not.toContain('evil.test');
  });

  it('names no keys where one secret signs, which is never published', async () => {
    const { status, body, text } = await secret.client.get(`/.well-known/${NAMES[0] ?? ''}`);
    expect(status).toBe(200);
    expect(body).toMatchObject({
      issuer: 'http://id.test',
      token_endpoint: 'http://id.test/token',
      id_token_signing_alg_values_supported: ['HS256'],
    });
    expect(body).not.toHaveProperty('jwks_uri');
    expect(text).not.toContain(SECRET);
  });
});

describe('JWT_AUDIENCE', () => {
  it('is in every token, created and refreshed ones too', async () => {
    for (const { client, createUser } of [service, secret].map((each) => ({
      client: each.client,
      createUser: () => each.createUser(),
    }))) {
      const user = await createUser();
      const created = await user.client.post('/token/create', {
        userId: user.id,
        actions: ['GetCurrentUser'],
      });
      const refreshed = await client.refresh(user.refreshToken);
      const tokens = [user, created.body, refreshed.body].flatMap((pair) =>
        Object.values(pair as TestUser).filter(
          (token) => typeof token === 'string' && token.startsWith('ey'),
        ),
      );
      expect(tokens.length).toBeGreaterThan(4);
      expect(tokens.map((token) => claimsOf(String(token))['aud'])).toEqual(tokens.map(() => AUDIENCE));
      expect((await client.as(user.accessToken).get('/user/current')).status).toBe(200);
    }
  });

  it('is required of access and refresh tokens, and of those that are to be revoked', async () => {
    const key = await stolenKey(service.database);
    const hmac = createSecretKey(Buffer.from(SECRET));
    for (const each of [service, secret]) {
      const isSecret = each === secret;
      const user = await each.createUser();
      const { sid, iss } = claimsOf(user.accessToken);
      const sign = (type: 0 | 1, aud: unknown) => {
        const claims = {
          ...makeClaims({ userId: user.id, actions: [10], type, sid: String(sid) }),
          iss,
          aud,
        };
        if (isSecret) return forge(claims, hmac, { alg: 'HS256', typ: undefined });
        return type === 1 ? forge(claims, key.privateKey, { kid: key.kid }) : forgeRefresh(claims, key);
      };
      for (const aud of [
        undefined,
        '',
        'https://apps.test/',
        'HTTPS://APPS.TEST',
        [],
        ['other'],
        [[AUDIENCE]],
        null,
        7,
      ]) {
        const access = await sign(1, aud);
        const refresh = await sign(0, aud);
        // Twice: what has been refused is not remembered.
        for (let time = 0; time < 2; time += 1)
          expect([aud, (await each.client.as(access).get('/user/current')).status]).toEqual([aud, 401]);
        expect([aud, (await each.client.refresh(refresh)).status]).toEqual([aud, 401]);
        for (const token of [access, refresh])
          expect((await each.client.post('/token/revoke', { token })).status).toBe(200);
      }
      expect((await user.client.get('/user/current')).status).toBe(200);
      for (const aud of [AUDIENCE, ['other', AUDIENCE]])
        expect((await each.client.as(await sign(1, aud)).get('/user/current')).status).toBe(200);
      await each.client.post('/token/revoke', { token: await sign(0, AUDIENCE) });
      expect((await user.client.get('/user/current')).status).toBe(401);
    }
  });
});

import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { createVerifier, type VerifierOptions, type VerifyError } from '../../packages/verify/src/index.js';
import { claimsOf } from '../support/client.js';
import { Front } from '../support/front.js';
import { TestService, type TestUser } from '../support/service.js';
import { until } from '../support/until.js';

/*
 * The package @hivegate/verify on a real service. What a service never does is in the specs of the package; the tokens
 * that it rejects are in verifiers.test.ts, its guards in test/packages.
 */

const AUDIENCE = 'devices';

let front: Front;
let service: TestService;
beforeAll(async () => {
  front = await Front.start();
  // The issuer has a path, which is also the prefix.
  service = await TestService.start({
    JWT_ISSUER: `${front.url}/dh/rest`,
    API_PREFIX: '/dh/rest',
    JWT_AUDIENCE: AUDIENCE,
  });
  front.to(new URL(service.client.baseUrl).origin);
});
afterAll(async () => {
  await service.stop();
  front.close();
});

function start(options: Partial<VerifierOptions> = {}) {
  const verifier = createVerifier({
    issuer: `${front.url}/dh/rest`,
    audience: AUDIENCE,
    feed: () => service.admin.token ?? '',
    ...options,
  });
  onTestFinished(() => {
    verifier.close();
  });
  return verifier;
}

const codeOf = (pending: Promise<unknown>) =>
  pending.then(
    () => 'accepted',
    (error: unknown) => (error as VerifyError).code,
  );

describe('a verifier, started from the URL of the issuer', () => {
  it('knows the bearer of a token', async () => {
    const verifier = start();
    const user = await service.createUser();
    const principal = await verifier.verify(user.accessToken);
    expect(principal).toMatchObject({ userId: user.id, networks: [], deviceTypes: '*' });
    expect(principal.session).toBe(claimsOf(user.accessToken)['sid']);
    expect(principal.login).toBeUndefined();
    expect([principal.can('GetDevice'), principal.can('ManageUser')]).toEqual([true, false]);
    const administrator = await verifier.verify(service.admin.token ?? '');
    expect(administrator.can('ManageUser', { network: 5, deviceType: 6 })).toBe(true);
    const { accessToken } = await service.createToken(user.id, { actions: ['GetDevice'] });
    expect(await verifier.verify(accessToken)).toMatchObject({ createdBy: 1, deviceTypes: [] });
    // What is known only to the issuer.
    expect((await verifier.introspect(user.accessToken)).login).toBe(user.login);
    expect(await codeOf(start({ audience: 'others' }).verify(user.accessToken))).toBe('invalid');
  });

  it.each<[string, (user: TestUser) => Promise<unknown>]>([
    ['signed out', (user) => service.client.post('/token/revoke', { token: user.refreshToken })],
    ['disabled', (user) => service.admin.put(`/user/${user.id}`, { status: 2 })],
    ['deleted', (user) => service.admin.delete(`/user/${user.id}`)],
    [
      'given a new password',
      (user) => service.admin.put(`/user/${user.id}`, { password: 'another password' }),
    ],
  ])('refuses a user who has been %s', async (_name, revoke) => {
    const verifier = start();
    const [user, other] = [await service.createUser(), await service.createUser()];
    expect(await codeOf(verifier.verify(user.accessToken))).toBe('accepted');
    await revoke(user);
    await until(async () => (await codeOf(verifier.verify(user.accessToken))) === 'revoked');
    expect(await codeOf(start().verify(user.accessToken)), 'by one that starts later').toBe('revoked');
    expect(await codeOf(verifier.verify(other.accessToken))).toBe('accepted');
  });

  it('asks the issuer of a user who has lost a network, and trusts its next token', async () => {
    const user = await service.createUser();
    await service.admin.put(`/user/${user.id}/network/1`);
    const { accessToken } = (await service.client.signIn(user)).body as { accessToken: string };
    const verifier = start();
    expect((await verifier.verify(accessToken)).can('GetDevice', { network: 1 })).toBe(true);
    await service.admin.delete(`/user/${user.id}/network/1`);
    await until(async () => !(await verifier.verify(accessToken)).can('GetDevice', { network: 1 }));
    expect((await verifier.verify(accessToken)).login, 'introspected').toBe(user.login);
    const later = await service.createUser();
    expect((await verifier.verify(later.accessToken)).login).toBeUndefined();
  });

  it('asks the issuer of a token that is too long to name its networks', async () => {
    const user = await service.createUser();
    // Through the API this would take long.
    await service.database.query(
      `INSERT INTO networks (name, name_key) WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < 2000) SELECT 'many ' || n, 'many ' || n FROM numbers`,
    );
    await service.database.query(
      `INSERT INTO user_networks (user_id, network_id) SELECT ${user.id}, id FROM networks WHERE name LIKE 'many %'`,
    );
    const { accessToken } = (await service.client.signIn(user)).body as { accessToken: string };
    const principal = await start().verify(accessToken);
    expect(claimsOf(accessToken).payload['x']).toEqual(['n']);
    expect(principal.networks).toHaveLength(2000);
  });

  it('needs an issuer that publishes keys', async () => {
    const secret = await TestService.start({
      JWT_ISSUER: front.url,
      JWT_SECRET: 'a secret of tests that is long enough',
    });
    front.to(new URL(secret.client.baseUrl).origin);
    try {
      expect(await codeOf(start({ issuer: front.url }).ready())).toBe('misconfigured');
    } finally {
      await secret.stop();
      front.to(new URL(service.client.baseUrl).origin);
    }
  });
});

import { createHmac, createSecretKey, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { decodeProtectedHeader, jwtVerify } from 'jose';
import jwt from 'jsonwebtoken';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { claimsOf } from '../support/client.js';
import { expectError } from '../support/errors.js';
import {
  encodePart,
  foreignKey,
  forge,
  forgeRefresh,
  type ForgersKey,
  publicSecrets,
  stolenKey,
} from '../support/forge.js';
import { ADMINISTRATOR, TestService, type TestUser } from '../support/service.js';

let service: TestService;
let user: TestUser;
let key: ForgersKey;
beforeAll(async () => {
  service = await TestService.start();
  user = await service.createUser();
  key = await stolenKey(service.database);
});
afterAll(() => service.stop());

const seconds = () => Math.floor(Date.now() / 1000);

/** Expects that a request with these headers is refused (contract.md §2). */
async function expectRefused(headers: Record<string, string>, message = 'Unauthorized'): Promise<void> {
  expectError(await service.client.get('/user/current', headers), { status: 401, message });
}
const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
/** Signed by the service's own key, as the service would. */
const signed = (claims: Record<string, unknown>) => forge(claims, key.privateKey, { kid: key.kid });

describe('A request for what is not public', () => {
  it('is let in with an access token', async () => {
    expect((await user.client.get('/user/current')).status).toBe(200);
  });

  it.each([
    ['no Authorization', {}],
    ['an empty one', { authorization: '' }],
    ['another scheme', { authorization: 'Basic cm9vdDpyb290' }],
    ['a scheme alone', { authorization: 'Bearer' }],
    ['a scheme and a space', { authorization: 'Bearer ' }],
    ['no token', bearer('nonsense')],
    ['three empty parts', bearer('..')],
    ['three parts of nonsense', bearer('a.b.c')],
    ['the words null and undefined', bearer('null')],
    ['a token of 6 KB', bearer('a'.repeat(6000))],
  ])('is refused with %s', async (_what, headers) => {
    await expectRefused(headers);
  });

  it('is refused with more than a token', async () => {
    await expectRefused(bearer(`${user.accessToken} x`));
    await expectRefused({ authorization: `x Bearer ${user.accessToken}` });
  });

  it('is refused with a token that is not in the header', async () => {
    const { status } = await service.client.get(`/user/current?access_token=${user.accessToken}`);
    expect(status).toBe(401);
  });

  it('is refused with a refresh token (ASVS 9.2.2)', async () => {
    await expectRefused(bearer(user.refreshToken));
    const [, payload, signature] = user.refreshToken.split('.');
    const claims = claimsOf(user.refreshToken);
    for (const header of [
      { alg: 'HS256', typ: 'at+jwt', kid: key.kid },
      { alg: 'ES256', typ: 'at+jwt', kid: key.kid },
      { alg: 'none', typ: 'at+jwt', kid: key.kid },
    ])
      await expectRefused(bearer(`${encodePart(header)}.${payload}.${signature}`));
    // By somebody who has stolen one of the keys.
    await expectRefused(bearer(await forgeRefresh(claims, key, { typ: 'at+jwt' })));
    await expectRefused(bearer(await signed(claims)));
  });
});

describe('An access token that has been tampered with', () => {
  it('is refused in each of its parts (ASVS 9.1.1)', async () => {
    const [header, payload, signature] = user.accessToken.split('.') as [string, string, string];
    const other = (await service.createUser()).accessToken.split('.') as [string, string, string];
    const flipped = Buffer.from(signature, 'base64url');
    flipped[10] = (flipped[10] ?? 0) ^ 1;
    for (const parts of [
      [encodePart({ alg: 'ES256', kid: key.kid, typ: 'at+jwt' }), payload, signature],
      [encodePart({ alg: 'ES256', kid: key.kid, typ: 'rt+jwt' }), payload, signature],
      [encodePart({ alg: 'ES256', typ: 'at+jwt' }), payload, signature],
      [header, other[1], signature],
      [header, payload, other[2]],
      [header, payload, flipped.toString('base64url')],
      [header, payload, Buffer.alloc(64).toString('base64url')],
      [header, payload, ''],
      [header, payload],
      [header, payload, signature, signature],
    ]) {
      await expectRefused(bearer(parts.join('.')));
    }
  });

  it.each([
    ['u', 1],
    ['a', [0]],
    ['n', ['*']],
    ['dt', ['1']],
    ['e', 4102444800000],
    ['t', 0],
  ])('is refused with another payload.%s', async (name, value) => {
    const [header, , signature] = user.accessToken.split('.');
    const claims = claimsOf(user.accessToken);
    const changed = { ...claims, payload: { ...claims.payload, [name]: value } };
    await expectRefused(bearer(`${header}.${encodePart(changed)}.${signature}`));
  });

  it.each([
    ['iss', 'another'],
    ['sub', '1'],
    ['iat', 0],
    ['exp', 4102444800],
    ['jti', 'another'],
  ])('is refused with another %s', async (name, value) => {
    const [header, , signature] = user.accessToken.split('.');
    const changed = { ...claimsOf(user.accessToken), [name]: value };
    await expectRefused(bearer(`${header}.${encodePart(changed)}.${signature}`));
  });
});

describe('An access token that the service did not sign', () => {
  it.each(['none', 'None', 'NONE', 'nOnE', '', 'ES257'])(
    'is refused under the algorithm "%s" (ASVS 9.1.2)',
    async (alg) => {
      const claims = encodePart(claimsOf(user.accessToken));
      const signature = user.accessToken.split('.')[2];
      const header = encodePart({ alg, kid: key.kid, typ: 'at+jwt' });
      await expectRefused(bearer(`${header}.${claims}.`));
      await expectRefused(bearer(`${header}.${claims}.${signature}`));
    },
  );

  it.each([undefined, 'unknown', '', 7, null, {}])(
    'is refused when it has no signature and names the key %j (ASVS 9.1.1, 9.1.3)',
    async (kid) => {
      const payload = user.accessToken.split('.')[1];
      const token = `${encodePart({ alg: 'ES256', typ: 'at+jwt', kid })}.${payload}.`;
      await expectRefused(bearer(token));
      expectError(await service.client.refresh(token), { status: 401, message: 'Unauthorized' });
      // The process is still there.
      expect((await service.client.get('/health/live')).status).toBe(200);
    },
  );

  it('is refused when the public key was the secret of HS256 (ASVS 9.1.2)', async () => {
    for (const secret of await publicSecrets(service.client)) {
      for (const algorithm of ['HS256', 'HS384', 'HS512'] as const) {
        for (const typ of ['at+jwt', 'rt+jwt', 'JWT']) {
          const header = { alg: algorithm, typ, kid: key.kid };
          const token = jwt.sign(claimsOf(user.accessToken), createSecretKey(secret), { algorithm, header });
          await expectRefused(bearer(token));
        }
      }
    }
  });

  it('is refused when the key of refresh tokens has signed it (ASVS 9.1.3, 9.2.2)', async () => {
    const { kid, refreshKey } = key;
    const claims = claimsOf(user.accessToken);
    for (const typ of ['at+jwt', 'rt+jwt', 'JWT', undefined])
      await expectRefused(bearer(await forge(claims, refreshKey, { alg: 'HS256', kid, typ })));
  });

  it('is refused when another key has signed it, whatever the header says of it (ASVS 9.1.3)', async () => {
    const foreign = await foreignKey();
    const claims = claimsOf(user.accessToken);
    const jwk = foreign.publicKey.export({ format: 'jwk' });
    for (const header of [
      { kid: key.kid },
      { kid: foreign.kid },
      {},
      { kid: key.kid, jwk },
      { kid: foreign.kid, jwk, jku: 'http://127.0.0.1:9/jwks.json' },
      { kid: '../../../../dev/null' },
      { kid: "' OR 1=1 --" },
      { kid: '__proto__' },
    ]) {
      await expectRefused(bearer(await forge(claims, foreign.privateKey, header)));
    }
  });

  it('is refused under another algorithm with a key of that kind (ASVS 9.1.2)', async () => {
    const claims = claimsOf(user.accessToken);
    const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
    const p384 = generateKeyPairSync('ec', { namedCurve: 'P-384' }).privateKey;
    await expectRefused(bearer(await forge(claims, rsa, { alg: 'RS256', kid: key.kid })));
    await expectRefused(bearer(await forge(claims, rsa, { alg: 'PS256', kid: key.kid })));
    await expectRefused(bearer(await forge(claims, p384, { alg: 'ES384', kid: key.kid })));
  });
});

describe('An access token that is well signed', () => {
  it('is let in while its claims hold', async () => {
    expect(
      (await service.client.as(await signed(claimsOf(user.accessToken))).get('/user/current')).status,
    ).toBe(200);
  });

  it.each(['AT+JWT', 'application/at+jwt'])('is let in with the type %s (RFC 7515 §4.1.9)', async (typ) => {
    const { kid, privateKey } = key;
    const token = await forge(claimsOf(user.accessToken), privateKey, { kid, typ });
    expect((await service.client.as(token).get('/user/current')).status).toBe(200);
  });

  it.each([undefined, 'JWT', 'rt+jwt', 'at', '', null, 7, ['at+jwt']])(
    'is refused with the type %j (ASVS 9.2.2)',
    async (typ) => {
      const { kid, privateKey } = key;
      await expectRefused(bearer(await forge(claimsOf(user.accessToken), privateKey, { kid, typ })));
    },
  );

  it('is refused when it does not say which key signed it', async () => {
    await expectRefused(bearer(await forge(claimsOf(user.accessToken), key.privateKey, {})));
  });

  it('is told to have expired when it has (ASVS 9.2.1)', async () => {
    const claims = claimsOf(user.accessToken);
    await expectRefused(bearer(await signed({ ...claims, exp: seconds() - 1 })), 'Token expired');
    await expectRefused(bearer(await signed({ ...claims, exp: 1 })), 'Token expired');
  });

  it.each([
    ['another issuer', { iss: 'another' }],
    ['no issuer', { iss: undefined }],
    ['no end', { exp: undefined }],
    ['no moment of issue', { iat: undefined }],
    ['no id', { jti: undefined }],
    ['no subject', { sub: undefined }],
    ['another subject', { sub: '1' }],
    ['a beginning to come', { nbf: 4102444800 }],
    ['no payload', { payload: undefined }],
    ['a payload of null', { payload: null }],
    ['a payload that is a list', { payload: [] }],
  ])('is refused with %s', async (_what, changes) => {
    await expectRefused(bearer(await signed({ ...claimsOf(user.accessToken), ...changes })));
  });

  it.each([
    ['no user', { u: undefined }],
    ['a user that is a text', { u: '1' }],
    ['user 0', { u: 0 }],
    ['no actions', { a: undefined }],
    ['an unknown action', { a: [19] }],
    ['actions by name', { a: ['ManageUser'] }],
    ['networks that are numbers', { n: [1] }],
    ['networks of nonsense', { n: ['x'] }],
    ['an unknown type', { t: 2 }],
    ['no type', { t: undefined }],
    ['no moment of expiry', { e: undefined }],
  ])('is refused with %s in its payload', async (_what, changes) => {
    const claims = claimsOf(user.accessToken);
    await expectRefused(bearer(await signed({ ...claims, payload: { ...claims.payload, ...changes } })));
  });
});

/** What a header must not say (RFC 7515 §4.1.11, RFC 7797 §7), whether or not the signature fits. */
const EXTENSIONS = [
  { crit: ['exp'] },
  { crit: ['b64'], b64: true },
  { crit: ['b64'], b64: false },
  { crit: [] },
  { crit: null },
  { crit: 'exp' },
  { crit: ['http://example.com/extension'], 'http://example.com/extension': true },
  { b64: false },
] as const;

/** Signs a token under a header that a library would refuse to write. */
function signWith(secret: KeyObject, header: object, claims: object): string {
  const content = `${encodePart(header)}.${encodePart(claims)}`;
  const signature =
    secret.type === 'secret'
      ? createHmac('sha256', secret).update(content).digest('base64url')
      : sign('sha256', Buffer.from(content), { key: secret, dsaEncoding: 'ieee-p1363' }).toString(
          'base64url',
        );
  return `${content}.${signature}`;
}

/** Claims that have ended or not begun, whatever `exp` says. */
const untimely = (claims: ReturnType<typeof claimsOf>) =>
  [
    { ...claims, iat: seconds() + 75 },
    { ...claims, iat: seconds() + 400 * 86_400 },
    { ...claims, iat: (claims.iat ?? 0) + 0.5 },
    { ...claims, iat: String(claims.iat) },
    { ...claims, payload: { ...claims.payload, e: Date.now() - 1 } },
    { ...claims, payload: { ...claims.payload, e: 0 } },
    { ...claims, payload: { ...claims.payload, e: Date.now() + 60_000.5 } },
    { ...claims, payload: { ...claims.payload, e: String(Date.now() + 60_000) } },
  ] as const;

describe('A token that is well signed, of a header or claims that this service does not write', () => {
  const header = () => ({ alg: 'ES256', typ: 'at+jwt', kid: key.kid });
  const refreshHeader = () => ({ alg: 'HS256', typ: 'rt+jwt', kid: key.kid });
  /** Both tokens of a new session, and whether it is open. */
  async function signIn() {
    const { body } = await service.client.signIn(user);
    const isOpen = async () =>
      (await service.client.as(body.accessToken).get('/user/current')).status === 200;
    return { access: claimsOf(body.accessToken), refresh: claimsOf(body.refreshToken), isOpen };
  }
  const revoke = (token: string) => service.client.post('/token/revoke', { token });

  it.each(EXTENSIONS)('is refused with %j in its header, and revokes nothing', async (extension) => {
    const { access, refresh, isOpen } = await signIn();
    const forgedAccess = signWith(key.privateKey, { ...header(), ...extension }, access);
    const forgedRefresh = signWith(key.refreshKey, { ...refreshHeader(), ...extension }, refresh);
    await expectRefused(bearer(forgedAccess));
    expectError(await service.client.refresh(forgedRefresh), { status: 401, message: 'Unauthorized' });
    // Nor is it told that its type is the wrong one.
    expectError(await service.client.refresh(forgedAccess), { status: 401, message: 'Unauthorized' });
    for (const token of [forgedAccess, forgedRefresh]) expect((await revoke(token)).status).toBe(200);
    expect(await isOpen()).toBe(true);
    // The same signer is accepted without it.
    const plain = signWith(key.privateKey, header(), access);
    expect((await service.client.as(plain).get('/user/current')).status).toBe(200);
    expect((await service.client.refresh(signWith(key.refreshKey, refreshHeader(), refresh))).status).toBe(
      201,
    );
  });

  it('is refused when it was issued more than a minute ahead, or its payload.e has passed', async () => {
    const { access, refresh, isOpen } = await signIn();
    for (const claims of untimely(access)) {
      const token = signWith(key.privateKey, header(), claims);
      await expectRefused(bearer(token));
      expect((await revoke(token)).status).toBe(200);
    }
    for (const claims of untimely(refresh)) {
      const token = signWith(key.refreshKey, refreshHeader(), claims);
      expectError(await service.client.refresh(token), { status: 401, message: 'Unauthorized' });
      expect((await revoke(token)).status).toBe(200);
    }
    expect(await isOpen()).toBe(true);
  });

  it('is accepted from a clock that is less than a minute ahead', async () => {
    const { access, refresh } = await signIn();
    const iat = seconds() + 45;
    const token = signWith(key.privateKey, header(), { ...access, iat });
    expect((await service.client.as(token).get('/user/current')).status).toBe(200);
    const forged = signWith(key.refreshKey, refreshHeader(), { ...refresh, iat });
    expect((await service.client.refresh(forged)).status).toBe(201);
  });

  it('is refused from the moment of payload.e on, also after it has been used', async () => {
    const { access } = await signIn();
    const e = Date.now() + 1500;
    const token = signWith(key.privateKey, header(), { ...access, payload: { ...access.payload, e } });
    expect((await service.client.as(token).get('/user/current')).status).toBe(200);
    await expect
      .poll(async () => (await service.client.as(token).get('/user/current')).status, { timeout: 10_000 })
      .toBe(401);
    expect(Date.now()).toBeGreaterThanOrEqual(e);
    await expectRefused(bearer(token));
  });
});

describe('An ES256 signature in another spelling', () => {
  const ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;
  /** With n - s for s, and with the unused bits of the last letter. Both verify, so they are the same token. */
  function spellings(token: string): string[] {
    const [header, payload, signature = ''] = token.split('.');
    const bytes = Buffer.from(signature, 'base64url');
    const s = BigInt(`0x${bytes.subarray(32).toString('hex')}`);
    const other = Buffer.from((ORDER - s).toString(16).padStart(64, '0'), 'hex');
    const mirrored = Buffer.concat([bytes.subarray(0, 32), other]).toString('base64url');
    const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
    const last = letters[letters.indexOf(signature.at(-1) ?? '') + 1] ?? '';
    return [mirrored, `${signature.slice(0, -1)}${last}`].map((text) => `${header}.${payload}.${text}`);
  }

  it('is the same token: it is revoked with it, and revokes it', async () => {
    for (const index of [0, 1]) {
      const { body: one } = await service.client.signIn(user);
      const { body: two } = await service.client.signIn(user);
      const status = async (token: string) => (await service.client.as(token).get('/user/current')).status;
      const [ofOne = '', ofTwo = ''] = [one, two].map((pair) => spellings(pair.accessToken)[index]);
      expect(ofOne).not.toBe(one.accessToken);
      for (const token of [one.accessToken, ofOne, two.accessToken, ofTwo])
        expect(await status(token)).toBe(200);
      await service.client.post('/token/revoke', { token: one.accessToken });
      await service.client.post('/token/revoke', { token: ofTwo });
      for (const token of [one.accessToken, ofOne, two.accessToken, ofTwo])
        expect(await status(token)).toBe(401);
    }
  });
});

describe('With JWT_SECRET', () => {
  const secret = 'a secret that both services know of';

  it('tokens are HS256, verify with the secret alone, and no key is published', async () => {
    const other = await TestService.start({ JWT_SECRET: secret });
    try {
      const { body } = await other.client.signIn(ADMINISTRATOR);
      for (const token of [body.accessToken, body.refreshToken] as string[])
        expect(decodeProtectedHeader(token)).toEqual({ alg: 'HS256' });
      expect(jwt.verify(body.accessToken, secret)).toMatchObject({ payload: { u: 1, a: [0], t: 1 } });
      const { payload } = await jwtVerify(body.refreshToken, Buffer.from(secret), { algorithms: ['HS256'] });
      expect(payload['payload']).toMatchObject({ u: 1, a: [0], t: 0 });
      expect((await other.client.get('/.well-known/jwks.json')).body).toEqual({ keys: [] });
      expect((await other.client.as(body.accessToken).get('/user/current')).status).toBe(200);
      expect((await other.client.refresh(body.refreshToken)).status).toBe(201);
    } finally {
      await other.stop();
    }
  });

  it('the header need not name a type, but one that it names must fit (ASVS 9.2.2)', async () => {
    const other = await TestService.start({ JWT_SECRET: secret });
    try {
      const { body } = await other.client.signIn(ADMINISTRATOR);
      const key = Buffer.from(secret);
      const as = (token: string, typ: string | undefined) =>
        forge(claimsOf(token), key, { alg: 'HS256', typ });
      const access = async (token: string) => (await other.client.as(token).get('/user/current')).status;
      const refreshed = async (token: string) => {
        const { status, body } = await other.client.refresh(token);
        return [status, body.message];
      };
      for (const typ of [undefined, 'JWT', 'at+jwt', 'application/AT+JWT'])
        expect(await access(await as(body.accessToken, typ))).toBe(200);
      for (const typ of ['rt+jwt', 'logout+jwt'])
        expect(await access(await as(body.accessToken, typ))).toBe(401);
      for (const typ of [undefined, 'JWT', 'rt+jwt'])
        expect(await refreshed(await as(body.refreshToken, typ))).toEqual([201, undefined]);
      for (const typ of ['at+jwt', 'logout+jwt'])
        expect(await refreshed(await as(body.refreshToken, typ))).toEqual([401, 'Unauthorized']);
      // Whatever the header says, payload.t decides as well.
      for (const typ of [undefined, 'JWT', 'at+jwt', 'rt+jwt']) {
        expect(await access(await as(body.refreshToken, typ))).toBe(401);
        expect(await refreshed(await as(body.accessToken, typ))).toEqual([401, 'Invalid token type']);
      }
    } finally {
      await other.stop();
    }
  });

  it('the header and the claims are held to the same rules', async () => {
    const other = await TestService.start({ JWT_SECRET: secret });
    try {
      const { body } = await other.client.signIn(ADMINISTRATOR);
      const key = createSecretKey(Buffer.from(secret));
      const [access, refresh] = [claimsOf(body.accessToken), claimsOf(body.refreshToken)];
      const forgedWith = (header: object, of: { readonly access: object; readonly refresh: object }) => ({
        access: signWith(key, { alg: 'HS256', ...header }, of.access),
        refresh: signWith(key, { alg: 'HS256', ...header }, of.refresh),
      });
      const statuses = async (forged: { readonly access: string; readonly refresh: string }) => {
        return [
          (await other.client.as(forged.access).get('/user/current')).status,
          (await other.client.refresh(forged.refresh)).status,
        ];
      };
      expect(await statuses(forgedWith({}, { access, refresh }))).toEqual([200, 201]);
      for (const extension of [...EXTENSIONS, { typ: 'logout+jwt' }, { typ: '' }, { typ: null }, { typ: 7 }])
        expect(await statuses(forgedWith(extension, { access, refresh }))).toEqual([401, 401]);
      const lateRefresh = untimely(refresh);
      for (const [index, late] of untimely(access).entries())
        expect(await statuses(forgedWith({}, { access: late, refresh: lateRefresh[index] ?? {} }))).toEqual([
          401, 401,
        ]);
    } finally {
      await other.stop();
    }
  });

  it('tokens of another secret, another algorithm and of the key in the database are refused (ASVS 9.1.1, 9.1.2, 9.1.3)', async () => {
    const before = await TestService.start();
    const other = await TestService.start({ JWT_SECRET: secret }, before.database);
    try {
      const claims = claimsOf(other.admin.token ?? '');
      const buffer = Buffer.from(secret);
      const accepted = await forge(claims, buffer, { alg: 'HS256', typ: undefined });
      expect((await other.client.as(accepted).get('/user/current')).status).toBe(200);
      const stolen = await stolenKey(before.database);
      for (const token of [
        before.admin.token,
        await forge(claims, stolen.privateKey, { kid: stolen.kid }),
        await forge(claims, Buffer.from(`${secret}!`), { alg: 'HS256' }),
        await forge(claims, buffer, { alg: 'HS512' }),
        `${encodePart({ alg: 'none' })}.${encodePart(claims)}.`,
      ]) {
        expect((await other.client.as(token).get('/user/current')).status).toBe(401);
      }
      expect((await before.client.as(accepted).get('/user/current')).status).toBe(401);
    } finally {
      await other.stop();
      await before.stop();
    }
  });
});

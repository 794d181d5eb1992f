import { createSecretKey } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Answer, claimsOf } from '../support/client.js';
import { expectError } from '../support/errors.js';
import { encodePart, foreignKey, forge, forgeRefresh, publicSecrets, stolenKey } from '../support/forge.js';
import { TestService, type TestUser } from '../support/service.js';

/* POST /token/revoke (contract.md §5, RFC 7009). */

let service: TestService;
beforeAll(async () => {
  service = await TestService.start();
});
afterAll(() => service.stop());

const FORM = 'application/x-www-form-urlencoded';
const revoke = (token: unknown) => service.client.post('/token/revoke', { token });
/** Sends parameters as a form; a text as it is. */
const revokeByForm = (
  parameters: Readonly<Record<string, string>> | string,
  headers: Readonly<Record<string, string>> = {},
) =>
  service.client.post(
    '/token/revoke',
    typeof parameters === 'string' ? parameters : new URLSearchParams(parameters).toString(),
    { 'content-type': FORM, ...headers },
  );
const sidOf = ({ accessToken }: Pick<TestUser, 'accessToken'>) => claimsOf(accessToken)['sid'] as string;
const seconds = () => Math.floor(Date.now() / 1000);

/** Of the access and of the refresh token. */
async function statusesOf({ accessToken, refreshToken }: Pick<TestUser, 'accessToken' | 'refreshToken'>) {
  const access = await service.client.as(accessToken).get('/user/current');
  return [access.status, (await service.client.refresh(refreshToken)).status];
}
const OPEN = [200, 201];
const REVOKED = [401, 401];

async function expectRevoked(user: TestUser, { status, text }: Answer): Promise<void> {
  expect([status, text, await statusesOf(user)]).toEqual([200, '', REVOKED]);
}
/** The session and its events, as they are. */
async function stateOf(user: TestUser) {
  const rows = await service.database.query('SELECT * FROM sessions WHERE user_id = ?', [user.id]);
  const { body } = await service.admin.get(`/event?subject=user/${user.id}&take=1000`);
  return { rows, events: body as unknown };
}
async function expectUnchanged(user: TestUser, token: string): Promise<void> {
  const before = await stateOf(user);
  const { status, text } = await revoke(token);
  expect([token, status, text]).toEqual([token, 200, '']);
  const byForm = await revokeByForm({ token });
  expect([byForm.status, byForm.text]).toEqual([200, '']);
  expect(await stateOf(user)).toEqual(before);
}

describe('POST /token/revoke', () => {
  it.each(['accessToken', 'refreshToken'] as const)('revokes the session of an %s', async (kind) => {
    const asJson = await service.createUser();
    await expectRevoked(asJson, await revoke(asJson[kind]));
    const asForm = await service.createUser();
    await expectRevoked(asForm, await revokeByForm({ token: asForm[kind] }));
  });

  it('revokes one session, with its children', async () => {
    const user = await service.createUser();
    const { body: second } = await service.client.signIn(user);
    const { body: child } = await user.client.post('/token/create', {
      userId: user.id,
      actions: ['GetCurrentUser'],
    });
    const { body: given } = await service.admin.post('/token/create', {
      userId: user.id,
      actions: ['GetCurrentUser'],
    });
    await revoke(child.accessToken);
    expect([await statusesOf(child), await statusesOf(user)]).toEqual([REVOKED, OPEN]);
    const { body: another } = await user.client.post('/token/create', {
      userId: user.id,
      actions: ['GetCurrentUser'],
    });
    await revoke(user.refreshToken);
    expect(await Promise.all([user, another, second, given].map(statusesOf))).toEqual([
      REVOKED,
      REVOKED,
      OPEN,
      OPEN,
    ]);
  });

  it('revokes by an access token that a refresh gave', async () => {
    const user = await service.createUser();
    const { body } = await service.client.refresh(user.refreshToken);
    await expectRevoked(user, await revoke(body.accessToken));
  });

  it('needs no token of the caller, and does not look at one that comes along', async () => {
    const user = await service.createUser();
    const other = await service.createUser();
    await expectRevoked(user, await other.client.post('/token/revoke', { token: user.accessToken }));
    expect(await statusesOf(other)).toEqual(OPEN);
    await expectRevoked(
      other,
      await service.client.as('nonsense').post('/token/revoke', { token: other.accessToken }),
    );
  });

  it('records who, from where and why, once', async () => {
    const user = await service.createUser();
    await service.client.post(
      '/token/revoke',
      { token: user.refreshToken },
      { 'x-request-id': 'the-revocation' },
    );
    await revoke(user.refreshToken);
    const { body } = await service.admin.get(`/event?subject=user/${user.id}&type=hivegate.session.revoked`);
    expect(body.map(({ data }: { data: unknown }) => data)).toEqual([
      {
        actor: user.id,
        session: sidOf(user),
        sessionId: sidOf(user),
        address: '127.0.0.1',
        requestId: 'the-revocation',
        reason: 'request',
      },
    ]);
  });

  it.each(['access_token', 'refresh_token', 'id_token', '', 7, null, ['access_token'], {}])(
    'ignores the hint %j, whatever the token is',
    async (hint) => {
      for (const kind of ['accessToken', 'refreshToken'] as const) {
        const user = await service.createUser();
        const sent = { token: user[kind], token_type_hint: hint };
        await expectRevoked(user, await service.client.post('/token/revoke', sent));
        if (typeof hint !== 'string') continue;
        const another = await service.createUser();
        await expectRevoked(another, await revokeByForm({ token: another[kind], token_type_hint: hint }));
      }
    },
  );

  it('ignores other parameters', async () => {
    const [asJson, asForm] = [await service.createUser(), await service.createUser()];
    const others = { client_id: 'c', client_secret: 's', __proto__x: 'y', constructor: 'z' };
    await expectRevoked(
      asJson,
      await service.client.post('/token/revoke', { token: asJson.accessToken, ...others, deep: [{}] }),
    );
    await expectRevoked(
      asForm,
      await revokeByForm({ token: asForm.accessToken, ...others, __proto__: 'p', '': '' }),
    );
    const proto = await service.createUser();
    await expectRevoked(proto, await revokeByForm(`__proto__=x&token=${proto.accessToken}`));
  });

  it.each([
    ['nothing', {}],
    ['null', { token: null }],
    ['an empty text', { token: '' }],
    ['a number', { token: 7 }],
    ['true', { token: true }],
    ['a list', { token: ['a.b.c'] }],
    ['an object', { token: {} }],
    ['another name', { refreshToken: 'a.b.c' }],
  ])('is 400 for %s in the place of the token', async (_what, body) => {
    expectError(await service.client.post('/token/revoke', body), { status: 400, fields: ['token'] });
  });

  it.each([
    '',
    'token=',
    'token',
    'Token=a.b.c',
    'token_type_hint=access_token',
    '{"token":"a.b.c"}',
    '%00=x',
    '&&=',
  ])('is 400 for the form %j', async (form) => {
    expectError(await revokeByForm(form), { status: 400, fields: ['token'] });
  });

  it('ignores other parameters, as many as a body may have', async () => {
    const many = Array.from({ length: 15 }, (_, index): [string, string] => [String(index), '0']);
    for (const body of [Object.fromEntries(many), new URLSearchParams(many).toString()]) {
      const user = await service.createUser();
      const answer =
        typeof body === 'string'
          ? await revokeByForm(`token=${user.accessToken}&${body}`)
          : await service.client.post('/token/revoke', { token: user.accessToken, ...body });
      await expectRevoked(user, answer);
    }
  });

  it('is 400 for a parameter that comes twice in a form, and revokes nothing', async () => {
    const user = await service.createUser();
    const token = `token=${user.accessToken}`;
    for (const [form, named] of [
      [`${token}&${token}`, ['token']],
      [`${token}&token=`, ['token']],
      [`${token}&a=1&a=1`, ['a']],
      [`a=1&${token}&a=2&b=1&%62=2`, ['a', 'b']],
    ] as const)
      expectError(await revokeByForm(form), { status: 400, fields: named });
    expect(await statusesOf(user)).toEqual(OPEN);
    const long = await revokeByForm(`${'x'.repeat(5000)}=1&${'x'.repeat(5000)}=1`);
    expect([long.status, long.text.length < 1000]).toEqual([400, true]);
  });

  it.each([FORM, FORM.toUpperCase(), `${FORM};charset=UTF-8`, `${FORM} ; charset="utf-8"`, `${FORM};x=y`])(
    'takes a form as %s',
    async (type) => {
      const user = await service.createUser();
      await expectRevoked(user, await revokeByForm({ token: user.accessToken }, { 'content-type': type }));
    },
  );

  it.each([
    [{ 'content-type': `${FORM}; charset=latin1` }],
    [{ 'content-type': `${FORM};charset="utf-16"` }],
    [{ 'content-type': `${FORM}x` }],
    [{ 'content-type': 'multipart/form-data; boundary=x' }],
    [{ 'content-type': 'text/plain' }],
    [{ 'content-encoding': 'gzip' }],
  ])('is 415 for a form with %j, and revokes nothing', async (headers) => {
    const user = await service.createUser();
    expectError(await revokeByForm({ token: user.accessToken }, headers), { status: 415 });
    expect(await statusesOf(user)).toEqual(OPEN);
  });

  it('reads a form as forms are written: + and % stand for others', async () => {
    const user = await service.createUser();
    const written = user.accessToken.replaceAll('.', '%2E');
    expect(written).not.toBe(user.accessToken);
    await expectRevoked(user, await revokeByForm(`%74oken=${written}`));
    expect((await revokeByForm('token=%FF%ZZ+%00')).status).toBe(200);
  });

  it('is the only route that takes a form', async () => {
    const user = await service.createUser();
    const headers = { 'content-type': FORM };
    for (const [method, path, body] of [
      ['POST', '/token', `login=${user.login}&password=x`],
      ['POST', '/token/refresh', `refreshToken=${user.refreshToken}`],
      ['POST', '/token/create', `userId=${user.id}`],
      ['POST', '/user', 'login=somebody'],
      ['PUT', '/user/current', 'introReviewed=true'],
      ['PUT', '/configuration/x', 'value=1'],
    ] as const)
      expectError(await service.admin.send(method, path, { body, headers }), { status: 415 });
    expect(await statusesOf(user)).toEqual(OPEN);
  });

  it('is 413 for a body over 16 KiB, of a form too', async () => {
    for (const answer of [
      await revoke('a'.repeat(16_384)),
      await revokeByForm(`token=${'a'.repeat(16_384)}`),
    ])
      expectError(answer, { status: 413 });
  });
});

describe('200, and nothing changes', () => {
  it.each([
    'nonsense',
    'a.b.c',
    '..',
    'eyJhbGciOiJub25lIn0.e30.',
    ' ',
    '\u0000',
    'é🚪',
    'null',
    'x'.repeat(10_000),
  ])('for %j', async (token) => {
    await expectUnchanged(await service.createUser(), token);
  });

  it('for a token that has expired', async () => {
    const user = await service.createUser();
    const key = await stolenKey(service.database);
    const past = { exp: seconds() - 1 };
    const { kid, privateKey } = key;
    await expectUnchanged(user, await forge({ ...claimsOf(user.accessToken), ...past }, privateKey, { kid }));
    await expectUnchanged(user, await forgeRefresh({ ...claimsOf(user.refreshToken), ...past }, key));
    expect(await statusesOf(user)).toEqual(OPEN);
  });

  it('for one that is revoked already, whose user is gone, or whose session has no row', async () => {
    const user = await service.createUser();
    await revoke(user.accessToken);
    for (const token of [user.accessToken, user.refreshToken]) await expectUnchanged(user, token);
    const deleted = await service.createUser();
    await service.admin.delete(`/user/${deleted.id}`);
    for (const token of [deleted.accessToken, deleted.refreshToken]) await expectUnchanged(deleted, token);
    const disabled = await service.createUser();
    await service.admin.put(`/user/${disabled.id}`, { status: 2 });
    await expectUnchanged(disabled, disabled.accessToken);
  });

  it('for a forged token', async () => {
    const user = await service.createUser();
    const other = await service.createUser();
    const key = await stolenKey(service.database);
    const foreign = await foreignKey();
    const [access, refresh] = [claimsOf(user.accessToken), claimsOf(user.refreshToken)];
    const [header, payload, signature] = user.accessToken.split('.');
    const { kid, privateKey } = key;
    const forged = [
      `${header}.${payload}.`,
      `${header}.${payload}`,
      `${header}.${payload}.${other.accessToken.split('.')[2]}`,
      `${header}.${other.accessToken.split('.')[1]}.${signature}`,
      `${encodePart({ alg: 'none', typ: 'at+jwt', kid })}.${payload}.`,
      `${encodePart({ alg: 'none', typ: 'at+jwt' })}.${payload}.${signature}`,
      await forge(access, foreign.privateKey, { kid }),
      await forge(access, foreign.privateKey, { kid: foreign.kid }),
      await forge(access, key.refreshKey, { alg: 'HS256', kid }),
      await forge(access, privateKey, { kid, typ: 'JWT' }),
      await forgeRefresh(refresh, { ...foreign, kid }),
      await forgeRefresh(refresh, key, { typ: 'at+jwt' }),
      await forge(refresh, privateKey, { kid, typ: 'rt+jwt' }),
      // With the right key: claims that do not fit each other.
      await forge({ ...access, iss: 'another' }, privateKey, { kid }),
      await forge({ ...access, sub: String(other.id) }, privateKey, { kid }),
      await forge(
        { ...access, payload: { ...access.payload, u: other.id }, sub: String(other.id) },
        privateKey,
        { kid },
      ),
      await forge({ ...access, sid: undefined }, privateKey, { kid }),
      ...(await Promise.all(
        (await publicSecrets(service.client)).map((secret) =>
          forge(access, createSecretKey(secret), { alg: 'HS256', kid }),
        ),
      )),
    ];
    for (const token of forged) await expectUnchanged(user, token);
    expect(await Promise.all([user, other].map(statusesOf))).toEqual([OPEN, OPEN]);
    // The same claims, truly signed, do.
    await expectRevoked(user, await revoke(await forge(access, privateKey, { kid })));
  });
});

describe('With JWT_SECRET', () => {
  it('it revokes by both tokens, too, and not by one of another secret', async () => {
    const secret = 'the secret of a service of the test';
    const own = await TestService.start({ JWT_SECRET: secret });
    try {
      for (const kind of ['accessToken', 'refreshToken'] as const) {
        const user = await own.createUser();
        const forged = await forge(
          claimsOf(user[kind]),
          Buffer.from('another secret of that length, or so'),
          {
            alg: 'HS256',
            typ: undefined,
          },
        );
        expect((await own.client.post('/token/revoke', { token: forged })).status).toBe(200);
        expect((await user.client.get('/user/current')).status).toBe(200);
        expect((await own.client.post('/token/revoke', { token: user[kind] })).status).toBe(200);
        expect((await user.client.get('/user/current')).status).toBe(401);
      }
    } finally {
      await own.stop();
    }
  });
});

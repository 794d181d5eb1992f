import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ACTIONS_OF, nameOfAction } from '../../src/authorization/action.js';
import { type Answer, claimsOf, type Client, visiblePart } from '../support/client.js';
import { encodePart, foreignKey, forge, forgeRefresh, makeClaims, stolenKey } from '../support/forge.js';
import { originalToken, WITH_ORIGINAL_TOKENS } from '../support/original-tokens.js';
import { assign, createScope, KINDS } from '../support/scopes.js';
import { HOME, TestService, type TestUser } from '../support/service.js';

/* POST /token/introspect (contract.md §5, RFC 7662). */

let service: TestService;
beforeAll(async () => {
  service = await TestService.start({ REFRESH_ROTATION: 'on', JWT_AUDIENCE: 'apps' });
});
afterAll(() => service.stop());

const FORM = 'application/x-www-form-urlencoded';
const INACTIVE = { active: false };
const ask = (client: Client, token: unknown) => client.post('/token/introspect', { token });
const stateOf = async (client: Client, token: unknown) => {
  const { status, body } = await ask(client, token);
  expect(status).toBe(200);
  return body as Record<string, unknown>;
};
const allActionsOf = (role: 0 | 1) =>
  ACTIONS_OF[role]
    .map(nameOfAction)
    .filter((name) => name !== '*' && name !== 'None')
    .join(' ');
const sidOf = ({ accessToken }: Pick<TestUser, 'accessToken'>) => claimsOf(accessToken)['sid'] as string;

describe('an introspection', () => {
  it('tells what an access and a refresh token are, and what they grant', async () => {
    const user = await service.createUser();
    const { iat, exp, jti, sid } = claimsOf(user.accessToken);
    const common = {
      active: true,
      sub: String(user.id),
      username: user.login,
      iss: 'hivegate',
      aud: 'apps',
      sid,
    };
    const rights = { scope: allActionsOf(1), role: 1, networks: [], deviceTypes: ['*'] };
    expect(await stateOf(user.client, user.accessToken)).toEqual({
      ...common,
      ...{ iat, exp, jti },
      token_type: 'access_token',
      ...rights,
    });
    const refresh = claimsOf(user.refreshToken);
    expect(await stateOf(user.client, user.refreshToken)).toEqual({
      ...common,
      ...{ iat: refresh.iat, exp: refresh.exp, jti: refresh.jti },
      token_type: 'refresh_token',
      ...rights,
    });
    expect(await stateOf(service.admin, service.admin.token)).toMatchObject({
      scope: allActionsOf(0),
      role: 0,
      networks: ['*'],
      deviceTypes: ['*'],
    });
    // By a form; other parameters count for nothing; a response that nobody else may keep.
    const parameters = { token: user.accessToken, token_type_hint: 'refresh_token', resource: 'x' };
    const form = await user.client.post('/token/introspect', new URLSearchParams(parameters).toString(), {
      'content-type': FORM,
    });
    expect(form.body).toMatchObject({ active: true, token_type: 'access_token' });
    expect(form.headers.get('cache-control')).toBe('private, max-age=1');
    expect((await ask(user.client, parameters)).status).toBe(400);
    const missing = await ask(user.client, '');
    expect([missing.status, missing.headers.get('cache-control')]).toEqual([400, 'no-store']);
    expect((await service.client.post('/token/introspect', { token: user.accessToken })).status).toBe(401);
    expect((await ask(service.client.as(user.refreshToken), user.accessToken)).status).toBe(401);
  });

  it('narrows to what the user may now', async () => {
    const user = await service.createUser({ allDeviceTypesAvailable: false });
    const scopes: number[][] = [];
    for (const kind of KINDS) {
      const ids = [
        await createScope(service, kind),
        await createScope(service, kind),
        await createScope(service, kind),
      ];
      for (const id of ids) await assign(service, kind, user.id, id);
      scopes.push(ids);
    }
    const [networks = [], deviceTypes = []] = scopes;
    const [kept = 0, other = 0, lost = 0] = networks;
    const { body: pair } = await service.client.signIn(user, HOME);
    const token = pair.accessToken as string;
    expect(await stateOf(user.client, token)).toMatchObject({ networks, deviceTypes });
    const { accessToken: some } = await service.createToken(user.id, {
      actions: ['GetNetwork', 'ManageToken'],
      networkIds: [lost, kept],
    });
    expect(await stateOf(user.client, some)).toMatchObject({
      scope: 'GetNetwork ManageToken',
      networks: [kept, lost].sort((a, b) => a - b),
      act: { sub: '1' },
    });
    await service.admin.delete(`/user/${user.id}/network/${lost}`);
    expect(await stateOf(user.client, token)).toMatchObject({ networks: [kept, other] });
    expect(await stateOf(user.client, some)).toMatchObject({ networks: [kept] });
    // More rights than it was issued with a token never has.
    await service.admin.put(`/user/${user.id}`, { role: 0 });
    expect(await stateOf(user.client, some)).toMatchObject({
      role: 0,
      networks: [lost, kept].sort((a, b) => a - b),
    });
    expect(await stateOf(user.client, token)).toMatchObject({ scope: allActionsOf(1), role: 0, networks });
    await service.admin.put(`/user/${user.id}`, { role: 1 });
    const { accessToken: nothing } = await service.createToken(user.id, {});
    expect(await stateOf(service.admin, nothing)).toMatchObject({ scope: '', networks: [], deviceTypes: [] });
  });

  it('reads what the session has where the token leaves ids out', async () => {
    const user = await service.createUser();
    const network = await createScope(service, KINDS[0]);
    await assign(service, KINDS[0], user.id, network);
    const { body } = await service.client.signIn(user, HOME);
    const key = await stolenKey(service.database);
    const claims = { ...claimsOf(body.accessToken as string) };
    const { n: _, ...payload } = claims.payload;
    const token = await forge({ ...claims, payload: { ...payload, x: ['n'] } }, key.privateKey, {
      kid: key.kid,
    });
    expect(await stateOf(user.client, token)).toMatchObject({
      active: true,
      networks: [network],
      deviceTypes: ['*'],
    });
    const without = await forge({ ...claims, payload }, key.privateKey, { kid: key.kid });
    expect(await stateOf(user.client, without)).toMatchObject({ active: true, networks: [] });
  });

  it('shows another user’s token to an administrator with ManageToken or ManageUser alone', async () => {
    const [owner, other, second] = [
      await service.createUser(),
      await service.createUser(),
      await service.createUser({ role: 0 }),
    ];
    const made = async (id: number, ...actions: string[]) =>
      service.client.as((await service.createToken(id, { actions })).accessToken);
    const may = [second.client, await made(second.id, 'ManageToken'), await made(second.id, 'ManageUser')];
    const mayNot = [
      other.client,
      await made(other.id, 'ManageToken'),
      await made(second.id, 'GetCurrentUser', 'ManageNetwork'),
      await made(second.id),
    ];
    for (const token of [owner.accessToken, owner.refreshToken]) {
      for (const client of may)
        expect(await stateOf(client, token)).toMatchObject({ active: true, username: owner.login });
      for (const client of mayNot) expect(await stateOf(client, token)).toEqual(INACTIVE);
      // Its own user's, with no right at all.
      expect(await stateOf(await made(owner.id), token)).toMatchObject({ active: true });
    }
    // Nothing tells a valid token of another from one that is not valid, nor is it used by the question.
    const valid = await ask(other.client, owner.accessToken);
    expect(visiblePart(await ask(other.client, 'garbage'))).toBe(visiblePart(valid));
    await service.admin.put(`/user/${second.id}`, { role: 1 });
    expect(await stateOf(second.client, owner.accessToken)).toEqual(INACTIVE);
  });

  it('is inactive for everything that no route would accept', async () => {
    const user = await service.createUser();
    const sid = sidOf(user);
    const [key, foreign] = [await stolenKey(service.database), await foreignKey()];
    const claims = (more: object = {}, type: 0 | 1 = 1) => ({
      ...makeClaims({ userId: user.id, actions: [0], sid, type }),
      aud: 'apps',
      ...more,
    });
    const kid = { kid: key.kid };
    const sign = (more?: object, header: Record<string, unknown> = kid, type?: 0 | 1) =>
      forge(claims(more, type), key.privateKey, header);
    const [head = '', body = '', signature = ''] = user.accessToken.split('.');
    // What the others are made of is accepted.
    expect(await stateOf(service.admin, await sign())).toMatchObject({ active: true });
    const now = Math.floor(Date.now() / 1000);
    const payload = (more: object) => ({
      payload: { ...(claims() as unknown as { payload: object }).payload, ...more },
    });
    const tokens: unknown[] = [
      ...[' ', '.', '..', '\0', 'a.b.c', 'é'.repeat(50), '{}', `${head}.${body}`, `${head}.${body}.`],
      ...[
        `${user.accessToken} `,
        `Bearer ${user.accessToken}`,
        `${head}.${body}.${signature.slice(0, -4)}AAAA`,
      ],
      ...['x'.repeat(100_000), `${head}.${'A'.repeat(30_000)}.${signature}`],
      `${encodePart({ alg: 'none', typ: 'at+jwt', kid: key.kid })}.${encodePart(claims())}.`,
      await forge(claims(), foreign.privateKey, kid),
      await forge(claims(), foreign.privateKey, { kid: foreign.kid }),
      await sign({ iss: 'another' }),
      ...[await sign({ aud: 'others' }), await sign({ aud: undefined })],
      ...[await sign({ exp: now - 1 }), await sign(payload({ e: Date.now() - 1 }))],
      ...[await sign({ sid: randomUUID() }), await sign({ sid: undefined }), await sign({ sub: '1' })],
      ...[await sign(payload({ u: 1 })), await sign({ ...payload({ u: 1 }), sub: '1' })],
      // A refresh token by the key of access tokens, and the other way round.
      ...[
        await sign({}, kid, 0),
        await sign({}, { ...kid, typ: 'rt+jwt' }),
        await forgeRefresh(claims(), key),
      ],
      await forgeRefresh(claims({ rot: 1, jti: `${sid}.1` }, 0), key),
      await sign({}, { ...kid, b64: true }),
    ];
    for (const token of tokens)
      for (const client of [service.admin, user.client])
        expect([token, await stateOf(client, token)]).toEqual([token, INACTIVE]);
    expect((await user.client.get('/user/current')).status).toBe(200);
  });

  it('is inactive once a refresh token has been replaced, its session revoked or its user barred', async () => {
    const [user, barred, locked, gone] = [
      await service.createUser(),
      await service.createUser(),
      await service.createUser(),
      await service.createUser(),
    ];
    const { body } = await service.client.refresh(user.refreshToken);
    expect(await stateOf(service.admin, user.refreshToken)).toEqual(INACTIVE);
    expect(await stateOf(service.admin, body.refreshToken)).toMatchObject({ active: true });
    expect(await stateOf(service.admin, user.accessToken)).toMatchObject({ active: true });
    // Failed logins keep nobody's sessions from going on.
    await service.database.query('UPDATE users SET status = 1, locked_by_failed_logins = true WHERE id = ?', [
      user.id,
    ]);
    expect(await stateOf(service.admin, body.accessToken)).toMatchObject({ active: true });

    await service.client.post('/token/revoke', { token: user.accessToken });
    await service.admin.put(`/user/${barred.id}`, { status: 2 });
    await service.admin.put(`/user/${locked.id}`, { status: 1 });
    await service.admin.delete(`/user/${gone.id}`);
    for (const token of [
      ...[user.accessToken, body.accessToken, body.refreshToken],
      ...[barred, locked, gone].flatMap(({ accessToken, refreshToken }) => [accessToken, refreshToken]),
    ])
      expect(await stateOf(service.admin, token)).toEqual(INACTIVE);
  });

  it('with one secret for all tokens, tells access from refresh tokens by what they say', async () => {
    const secret = await TestService.start(WITH_ORIGINAL_TOKENS);
    try {
      const user = await secret.createUser();
      for (const [token, type] of [
        [user.accessToken, 'access_token'],
        [user.refreshToken, 'refresh_token'],
      ])
        for (let time = 0; time < 2; time += 1)
          expect(await stateOf(user.client, token)).toMatchObject({ active: true, token_type: type });

      // A token of the original is one of its user, as everywhere.
      const original = originalToken(user.id);
      const other = await secret.createUser();
      const sessions = () => secret.database.query('SELECT id FROM sessions WHERE user_id = ?', [user.id]);
      const before = (await sessions()).length;
      expect(await stateOf(other.client, original)).toEqual(INACTIVE);
      expect(await stateOf(secret.admin, originalToken(1))).toEqual(INACTIVE);
      expect(await sessions()).toHaveLength(before);
      const state = await stateOf(secret.admin, original);
      expect(state).toMatchObject({
        active: true,
        username: user.login,
        token_type: 'access_token',
        role: 1,
      });
      for (const name of ['iat', 'jti', 'aud', 'act']) expect(state).not.toHaveProperty(name);
      expect(await sessions()).toHaveLength(before + 1);
      await secret.client.post('/token/revoke', { token: original });
      expect(await stateOf(secret.admin, original)).toEqual(INACTIVE);
      expect(await stateOf(user.client, original)).toEqual(INACTIVE);
    } finally {
      await secret.stop();
    }
  });

  it('cannot be asked by a page of another origin', async () => {
    const answers: Answer[] = [];
    for (const headers of [{ origin: 'https://evil.test' }, { 'sec-fetch-site': 'cross-site' }])
      answers.push(await service.admin.post('/token/introspect', { token: 'x' }, headers));
    expect(answers.map(({ status }) => status)).toEqual([403, 403]);
  });
});

import { createHash } from 'node:crypto';
import bcrypt from 'bcrypt';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectError } from '../support/errors.js';
import { PASSWORD, TestService } from '../support/service.js';

const RANGE = 'Password can contain only from 8 to 128 symbols!';
const COMMON = 'Password is too common';

let service: TestService;
/** With other rules than the default ones. */
let lenient: TestService;
beforeAll(async () => {
  service = await TestService.start();
  lenient = await TestService.start({
    PASSWORD_MIN_LENGTH: '6',
    PASSWORD_BLOCKLIST: 'off',
    REQUIRE_OLD_PASSWORD: 'true',
  });
});
afterAll(async () => {
  await service.stop();
  await lenient.stop();
});

const signIn = async (login: string, password: string, at = service) =>
  (await at.client.signIn({ login, password })).status;

describe('a password', () => {
  it.each([
    ['of 8 characters', 'eight_ch'],
    ['of 128 characters', 'x1'.repeat(64)],
    ['of 8 characters outside the basic plane', '😀'.repeat(8)],
    ['of 128 characters outside the basic plane, 512 bytes', '😀😁'.repeat(64)],
    ['with spaces around it', '  padded  '],
    ['with NUL', 'before\u0000after'],
    ['of control characters', '\u0001\t\n\r\u007f\u001b[0'],
    ['of quotes and backslashes', `"'\\";--'`],
    ['of 72 bytes', 'b'.repeat(71) + '!'],
    ['of 73 bytes', 'b'.repeat(72) + '!'],
  ])('may be one %s, and is taken as it is (ASVS 6.2.5, 6.2.8, 6.2.9)', async (_, password) => {
    const created = await service.createUser({ password });
    expect(created.accessToken).toBeDefined();
    const updated = await service.createUser();
    const answer = await service.admin.put(`/user/${updated.id}`, { password });
    expect([answer.status, answer.text]).toEqual([204, '']);
    for (const { login } of [created, updated]) expect(await signIn(login, password)).toBe(201);
    expect(await signIn(updated.login, PASSWORD)).toBe(401);
  });

  it.each([
    ['', RANGE],
    ['sevench', RANGE],
    ['😀'.repeat(7), RANGE],
    ['é'.repeat(7), RANGE],
    ['x1'.repeat(64) + 'x', RANGE],
    ['😀😁'.repeat(64) + '😀', RANGE],
    ['password', COMMON],
    ['PassWord', COMMON],
    ['12345678', COMMON],
    ['password1', COMMON],
    ['qwertyuiop', COMMON],
  ])('is refused when it is %j (ASVS 6.2.1, 6.2.4)', async (password, message) => {
    const user = await service.createUser();
    const wanted = { status: 400, message, fields: ['password'] };
    const login = `refused-${user.login}`;
    for (const answer of [
      await service.admin.post('/user', { login, role: 1, password }),
      await service.admin.put(`/user/${user.id}`, { password, introReviewed: true }),
      await user.client.put('/user/current', { password, data: { applied: true } }),
    ]) {
      expectError(answer, wanted);
      // The name of the field is in every one of them.
      if (!'password'.includes(password)) expect(answer.text).not.toContain(password);
    }
    expect((await service.admin.get(`/user/${user.id}`)).body).toMatchObject({
      introReviewed: false,
      data: null,
    });
    expect((await service.admin.get(`/user?login=${login}`)).body).toEqual([]);
    expect(await signIn(user.login, PASSWORD)).toBe(201);
  });

  it('is refused when it is the login, in any case, the new one if both change (ASVS 6.2.11)', async () => {
    const user = await service.createUser();
    const wanted = { status: 400, fields: ['password'] };
    const login = `New.${user.login}`;
    for (const password of [login, login.toUpperCase(), login.toLowerCase()]) {
      expectError(await service.admin.post('/user', { login, role: 1, password }), wanted);
      expectError(await service.admin.post('/user', { login: ` ${login} `, role: 1, password }), wanted);
      expectError(await service.admin.put(`/user/${user.id}`, { login, password }), wanted);
    }
    for (const caller of [service.admin, user.client]) {
      expectError(await caller.put(`/user/${user.id}`, { password: user.login.toUpperCase() }), wanted);
    }
    expect((await service.admin.put(`/user/${user.id}`, { login, password: user.login })).status).toBe(204);
    expect(await signIn(login, user.login)).toBe(201);
  });

  it('is compared as a whole, whatever its length in bytes (ASVS 6.2.8)', async () => {
    for (const [password, others] of [
      [`${'a'.repeat(72)}one`, [`${'a'.repeat(72)}two`, 'a'.repeat(72), `${'a'.repeat(72)}on`]],
      [`${'é'.repeat(36)}1`, [`${'é'.repeat(36)}2`, 'é'.repeat(36)]],
      ['a'.repeat(72), ['a'.repeat(73), 'a'.repeat(71)]],
      ['before\u0000after', ['before\u0000other', 'before', 'before\u0000', 'beforeafter']],
      // bcrypt alone takes these for the same: it repeats a password and the NUL behind it.
      ['repeated\u0000repeated', ['repeated', 'repeated\u0000repeated\u0000repeated']],
      ['repeated', ['repeated\u0000repeated']],
      ['\u0000'.repeat(8), ['\u0000'.repeat(9), '\u0000'.repeat(7)]],
      ['  padded  ', ['padded', 'padded  ', '  padded']],
      ['CaseMatters!', ['casematters!', 'CASEMATTERS!']],
    ] as const) {
      const { login } = await service.createUser({ password });
      for (const other of others) expect(await signIn(login, other)).toBe(401);
      expect(await signIn(login, password)).toBe(201);
    }
  });

  it('of which bcrypt would hash a digest is not that digest', async () => {
    for (const password of ['p'.repeat(73), 'before\u0000after', '\u0000'.repeat(8)]) {
      const { login, id } = await service.createUser({ password });
      const digest = createHash('sha256').update(password).digest('base64');
      for (const other of [digest, `\u00ff${digest}`, `\ufffd${digest}`])
        expect(await signIn(login, other)).toBe(401);
      expectError(await service.admin.put(`/user/${id}`, { oldPassword: digest }), {
        status: 403,
        message: 'Invalid credentials',
      });
      expect(await signIn(login, password)).toBe(201);
      // Nor the other way round: whoever sets a digest as password has set that one.
      const reversed = await service.createUser({ password: digest });
      expect(await signIn(reversed.login, password)).toBe(401);
      expect(await signIn(reversed.login, digest)).toBe(201);
    }
  });

  it.each(['\ud800', '\udfff', '\udc1d\ud83d'])(
    'is refused when it has the lone surrogate %j, wherever it is sent',
    async (lone) => {
      const password = `half ${lone} a pair`;
      const user = await service.createUser({ password: 'half \ufffd a pair' });
      const login = `lone-${user.login}`;
      const wanted = { status: 400, message: 'password must be well-formed Unicode', fields: ['password'] };
      expectError(await service.admin.post('/user', { login, role: 1, password }), wanted);
      expectError(await service.admin.put(`/user/${user.id}`, { password, introReviewed: true }), wanted);
      expectError(await user.client.put('/user/current', { password, data: { applied: true } }), wanted);
      expectError(await service.client.signIn({ login: user.login, password }), wanted);
      expectError(await service.client.signIn({ login: 'nobody', password }), wanted);
      for (const caller of [service.admin, user.client])
        expectError(await caller.put(`/user/${user.id}`, { oldPassword: password, password: PASSWORD }), {
          status: 400,
          message: 'oldPassword must be well-formed Unicode',
          fields: ['oldPassword'],
        });
      // None of it has been taken for the character that stands for a lone surrogate, nor counted.
      expect(await signIn(user.login, 'half \ufffd a pair')).toBe(201);
      const [row] = await service.database.query('SELECT login_attempts AS n FROM users WHERE id = ?', [
        user.id,
      ]);
      expect(Number(row?.['n'])).toBe(0);
    },
  );

  it('is the same in every normal form of Unicode', async () => {
    // NFC, NFD, and neither of them.
    const forms = ['n\u1ee3\u0300 password', 'no\u031b\u0323\u0300 password', 'n\u01a1\u0300\u0323 password'];
    for (const password of forms) {
      const user = await service.createUser({ password });
      for (const oldPassword of forms) {
        expect(await signIn(user.login, oldPassword)).toBe(201);
        expect((await user.client.put('/user/current', { oldPassword })).status).toBe(204);
      }
      expect(await signIn(user.login, 'no password')).toBe(401);
    }
    // Blanks are blanks in every form.
    const { login } = await service.createUser({ password: '\u2000'.repeat(8) });
    expect(await signIn(login, '\u2002'.repeat(8))).toBe(201);
    expect(await signIn(login, '\u2000'.repeat(7))).toBe(400);
  });

  it('counts its characters in NFC', async () => {
    const create = async (password: string) => {
      const { id } = await service.createUser();
      return (await service.admin.put(`/user/${id}`, { password })).status;
    };
    expect(await create('e\u0301'.repeat(7))).toBe(400);
    expect(await create('e\u0301'.repeat(8))).toBe(204);
    expect(await create('e\u0301'.repeat(128))).toBe(204);
    expect(await create('e\u0301'.repeat(129))).toBe(400);
    expect(await create('\u212aawasaki')).toBe(await create('kawasaki'));
    expect(await create('kawasaki')).toBe(400);
  });

  it('that was hashed before it was normalised, or comes from DeviceHive, still signs in and is replaced', async () => {
    const [nfc, nfd] = ['p\u00e9t\u00e9 au soleil', 'pe\u0301te\u0301 au soleil'] as const;
    const hashes: ((typed: string) => string)[] = [
      (typed) => `hivegate-0.1${bcrypt.hashSync(typed, 4)}`,
      (typed) => `devicehive-sha256$salt$${createHash('sha256').update(`salt${typed}`).digest('base64')}`,
    ];
    for (const hashOf of hashes) {
      for (const [set, typed] of [
        [nfc, nfc],
        [nfc, nfd],
        [nfd, nfc],
        [nfd, nfd],
      ] as const) {
        const { id, login, client } = await service.createUser();
        const hash = hashOf(set);
        await service.database.query('UPDATE users SET password_hash = ? WHERE id = ?', [hash, id]);
        const stored = async () => {
          const rows = await service.database.query('SELECT password_hash AS h FROM users WHERE id = ?', [
            id,
          ]);
          return String(rows[0]?.['h']);
        };
        expect(await signIn(login, 'pete au soleil')).toBe(401);
        expect((await client.put('/user/current', { oldPassword: typed })).status).toBe(204);
        expect(await stored()).toBe(hash);
        expect(await signIn(login, typed)).toBe(201);
        expect(await bcrypt.compare(nfc, await stored())).toBe(true);
        expect(await signIn(login, nfc)).toBe(201);
        expect(await signIn(login, nfd)).toBe(201);
      }
    }
  });

  it('is kept as a bcrypt hash and nowhere as it is (ASVS 11.4.2)', async () => {
    const password = 'found nowhere at all';
    const { id } = await service.createUser({ password });
    const [row] = await service.database.query('SELECT * FROM users WHERE id = ?', [id]);
    expect(row?.['password_hash']).toMatch(/^\$2[aby]\$04\$.{53}$/);
    expect(JSON.stringify(row)).not.toContain(password);
    const events = await service.admin.get(`/event?subject=user/${id}`);
    expect(events.body).not.toEqual([]);
    expect(events.text).not.toContain(password);
  });

  it('may be shorter by PASSWORD_MIN_LENGTH and well known by PASSWORD_BLOCKLIST=off', async () => {
    const { login } = await lenient.createUser({ password: 'qwerty' });
    expect(await signIn(login, 'qwerty', lenient)).toBe(201);
    expectError(await lenient.admin.post('/user', { login: 'short', role: 1, password: 'five5' }), {
      status: 400,
      message: 'Password can contain only from 6 to 128 symbols!',
      fields: ['password'],
    });
  });
});

describe('oldPassword', () => {
  it('must be right when it is present, with or without a new one (ASVS 6.2.3)', async () => {
    const user = await service.createUser();
    for (const caller of [user.client, service.admin]) {
      for (const body of [
        { oldPassword: 'not the old one', password: 'quite another password' },
        { oldPassword: '', password: 'quite another password' },
        { oldPassword: 'not the old one', data: { applied: true } },
        { oldPassword: 'not the old one' },
      ]) {
        const answer = await caller.put(`/user/${user.id}`, body);
        expectError(answer, { status: 403, message: 'Invalid credentials' });
      }
    }
    expect((await user.client.get('/user/current')).body.data).toBeNull();
    expect((await user.client.put('/user/current', { oldPassword: PASSWORD })).status).toBe(204);
    const body = { oldPassword: PASSWORD, password: 'quite another password', data: { a: 1 } };
    expect((await user.client.put('/user/current', body)).status).toBe(204);
    expect(await signIn(user.login, 'quite another password')).toBe(201);
    expectError(await user.client.put('/user/current', { oldPassword: PASSWORD }), {
      status: 403,
      message: 'Invalid credentials',
    });
  });

  it('is the password of the user that is changed, not of the one who asks', async () => {
    const user = await service.createUser();
    const change = (oldPassword: string) =>
      service.admin.put(`/user/${user.id}`, { oldPassword, password: 'quite another password' });
    expectError(await change('the administrator of tests'), { status: 403, message: 'Invalid credentials' });
    expect((await change(PASSWORD)).status).toBe(204);
  });

  it('is a string', async () => {
    const { client } = await service.createUser();
    for (const oldPassword of [null, 1, ['a'], { a: 1 }])
      expectError(await client.put('/user/current', { oldPassword }), {
        status: 400,
        fields: ['oldPassword'],
      });
  });

  it('may be left out, unless REQUIRE_OLD_PASSWORD=true: then only for another user (ASVS 6.2.3, 7.5.1)', async () => {
    const password = 'quite another password';
    const free = await service.createUser();
    expect((await free.client.put('/user/current', { password })).status).toBe(204);

    const user = await lenient.createUser();
    expectError(await user.client.put('/user/current', { password, data: { applied: true } }), {
      status: 400,
      fields: ['oldPassword'],
    });
    expect((await user.client.put('/user/current', { data: { a: 1 } })).status).toBe(204);
    expect((await user.client.put('/user/current', { password, oldPassword: user.password })).status).toBe(
      204,
    );
    expect((await lenient.admin.put(`/user/${user.id}`, { password: PASSWORD })).status).toBe(204);
    expect(await signIn(user.login, PASSWORD, lenient)).toBe(201);
    const administrator = await lenient.createUser({ role: 0 });
    for (const id of ['current', administrator.id])
      expectError(await administrator.client.put(`/user/${id}`, { password }), {
        status: 400,
        fields: ['oldPassword'],
      });
    expect(await signIn(administrator.login, PASSWORD, lenient)).toBe(201);
    expect(
      (await administrator.client.put('/user/current', { password, oldPassword: PASSWORD })).status,
    ).toBe(204);
    expect(await signIn(administrator.login, password, lenient)).toBe(201);
  });
});

describe('a new password', () => {
  const refresh = async (refreshToken: string) => (await service.client.refresh(refreshToken)).status;

  const ask = async (token: string) => (await service.client.as(token).get('/user/current')).status;
  /** The responses to both tokens of a session. */
  const both = async ({ accessToken, refreshToken }: { accessToken: string; refreshToken: string }) => [
    await ask(accessToken),
    await refresh(refreshToken),
  ];
  const OPEN = [200, 201];
  const REVOKED = [401, 401];

  it('ends every session but the caller’s, and nothing that starts after (ASVS 7.4.3)', async () => {
    for (const byAdministrator of [true, false]) {
      const user = await service.createUser();
      const { body: elsewhere } = await service.client.signIn(user);
      const minted = await service.createToken(user.id, { actions: ['GetCurrentUser'] });
      for (const session of [user, elsewhere, minted]) expect(await both(session)).toEqual(OPEN);
      const caller = byAdministrator ? service.admin : user.client;
      const password = 'quite another password';

      // All of this within one second or so: the moment of issue alone could not tell.
      expect((await caller.put(`/user/${user.id}`, { password })).status).toBe(204);
      const { body } = await service.client.signIn({ login: user.login, password });
      expect(await both(user)).toEqual(byAdministrator ? REVOKED : OPEN);
      expect(await both(elsewhere)).toEqual(REVOKED);
      expect(await both(minted)).toEqual(REVOKED);
      expect(await both(body)).toEqual(OPEN);
    }
  });

  it('ends them even when it is the old one again', async () => {
    const user = await service.createUser();
    const { body: elsewhere } = await service.client.signIn(user);
    expect((await user.client.put('/user/current', { password: user.password })).status).toBe(204);
    expect(await both(elsewhere)).toEqual(REVOKED);
    expect(await both(user)).toEqual(OPEN);
  });

  it('of an administrator ends what that one has created for others', async () => {
    const [administrator, other] = [await service.createUser({ role: 0 }), await service.createUser()];
    const rights = { userId: other.id, actions: ['GetCurrentUser'] };
    const { body: minted } = await administrator.client.post('/token/create', rights);
    expect(await both(minted)).toEqual(OPEN);
    const password = 'quite another password';
    expect((await administrator.client.put('/user/current', { password })).status).toBe(204);
    expect(await both(minted)).toEqual(REVOKED);
    expect(await both(other)).toEqual(OPEN);
    expect(await both(administrator)).toEqual(OPEN);
    await service.admin.delete(`/user/${administrator.id}`);
  });

  it('is the only change that does, and only for its user', async () => {
    const [user, other] = [await service.createUser(), await service.createUser()];
    await service.admin.put(`/user/${user.id}`, {
      login: `other-${user.login}`,
      data: {},
      introReviewed: true,
      role: 0,
    });
    await service.admin.put(`/user/${user.id}`, { password: 'short' });
    expect(await refresh(user.refreshToken)).toBe(201);
    await service.admin.put(`/user/${user.id}`, { password: 'quite another password' });
    expect(await refresh(other.refreshToken)).toBe(201);
  });
});

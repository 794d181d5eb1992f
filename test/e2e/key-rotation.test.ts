import { decodeProtectedHeader } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { encryptKey } from '../../src/authentication/signing-keys/key-encryption.js';
import { commandOutput, runCommand } from '../support/command.js';
import { createDatabase } from '../support/database.js';
import { expectFailure } from '../support/errors.js';
import { foreignKey } from '../support/forge.js';
import { ServiceProcess } from '../support/process.js';
import { ADMINISTRATOR, TestService } from '../support/service.js';
import { temporaryDatabase } from '../support/temporary.js';

/** As src/authentication/signing-keys/key-rotation.ts has it, in seconds. */
const LEAD = 900;

const kidsOf = (list: string) =>
  list
    .split('\n')
    .map((line) => line.slice(0, 43))
    .filter(Boolean);

/** The id of the pair of keys that signs what `service` issues. */
async function signerOf({ client }: TestService): Promise<string | undefined> {
  const { accessToken, refreshToken } = (await client.signIn(ADMINISTRATOR)).body;
  const [kid, ofRefresh] = [accessToken, refreshToken].map((token) => decodeProtectedHeader(token).kid);
  expect(ofRefresh, 'both keys of a pair sign from the same moment on').toBe(kid);
  return kid;
}
const publishedBy = async ({ client }: TestService): Promise<string[]> =>
  (await client.get('/.well-known/jwks.json')).body.keys.map(({ kid }: { kid: string }) => kid);

describe('keys', () => {
  // Two services that know nothing of each other but the database.
  let service: TestService;
  let other: TestService;
  beforeAll(async () => {
    service = await TestService.start();
    other = await TestService.start({}, service.database);
  });
  afterAll(async () => {
    await other.stop();
    await service.stop();
  });
  const keys = (...parameters: string[]) =>
    commandOutput('keys', parameters, { DATABASE_URL: service.database.url });
  const refused = async (...parameters: string[]) => {
    const { code, stderr } = await runCommand('keys', parameters, { DATABASE_URL: service.database.url });
    expectFailure({ code, stderr }, /./);
    return stderr;
  };
  const eventsOf = async (kid: string) => {
    // The key of an older token may have been revoked.
    const { accessToken } = (await service.client.signIn(ADMINISTRATOR)).body;
    const { body } = await service.client.as(accessToken as string).get(`/event?subject=key/${kid}`);
    return (body as { type: string; data: object }[]).map(({ type, data }) => ({ type, data }));
  };
  const eventOf = (type: string, command: string) => ({
    type: `hivegate.key.${type}`,
    data: { actor: null, session: null, address: null, requestId: null, command },
  });
  const eventually = <T>(what: () => Promise<T>) => expect.poll(what, { timeout: 20_000 });

  it('rotate publishes a key in every process long before it signs', async () => {
    const [first = ''] = await publishedBy(service);
    const before = Date.now();
    const said = await keys('rotate');
    const kid = said.slice(0, 43);
    const from = Date.parse(/from (\S+) on/.exec(said)?.[1] ?? '');
    expect(from - before).toBeGreaterThanOrEqual(LEAD * 1000);
    expect(from - Date.now()).toBeLessThanOrEqual(LEAD * 1000);
    for (const process of [service, other]) {
      await eventually(() => publishedBy(process)).toEqual([first, kid]);
      expect(await signerOf(process)).toBe(first);
    }
    expect(await eventsOf(kid)).toEqual([eventOf('created', 'keys rotate')]);
    expect(await keys('list')).toMatch(
      new RegExp(`^${first}  signs since \\S+Z\n${kid}  published, signs from \\S+Z on\n$`),
    );
    expect(await refused('rotate')).toMatch(/^A rotation is under way: /);
    // Nothing has been signed with it: it goes without a trace but for the record.
    await keys('revoke', kid);
    await eventually(() => publishedBy(other)).toEqual([first]);
  });

  it('rotate --now and revoke: the new key signs everywhere, tokens of the old one live until it is revoked', async () => {
    const [old = ''] = await publishedBy(service);
    const user = await service.createUser();
    const kid = (await keys('rotate', '--now')).slice(0, 43);
    for (const process of [service, other]) await eventually(() => signerOf(process)).toBe(kid);
    const answers = async () => {
      const { refreshToken } = user;
      const statuses = [];
      for (const { client } of [service, other])
        statuses.push(
          (await client.as(user.accessToken).get('/user/current')).status,
          (await client.refresh(refreshToken)).status,
        );
      return statuses;
    };
    expect(await answers()).toEqual([200, 201, 200, 201]);
    expect(await keys('list')).toMatch(
      new RegExp(`^${old}  accepted; [^\n]+ end by \\S+Z\n${kid}  signs since `),
    );

    expect(await refused('revoke', kid)).toMatch(/^\S+ signs, and no newer key would take its place/);
    await keys('revoke', old);
    await eventually(answers).toEqual([401, 401, 401, 401]);
    expect(await publishedBy(service)).toEqual([kid]);
    expect((await eventsOf(old)).at(-1)).toEqual(eventOf('revoked', 'keys revoke'));
    expect(await refused('revoke', old)).toBe(`There is no key ${old}\n`);
    expect(await refused('revoke', '--force')).toMatch(/^Argument 1 is no option of this command/);
    expect(await refused('revoke', kid)).toMatch(/^\S+ signs, and no newer key would take its place/);
  });

  it('revoke of the key that signs hands over to the next one at once', async () => {
    const [old = ''] = await publishedBy(service);
    const kid = (await keys('rotate')).slice(0, 43);
    await eventually(() => publishedBy(other)).toContain(kid);
    await keys('revoke', old);
    for (const process of [service, other]) await eventually(() => signerOf(process)).toBe(kid);
    expect(await keys('list')).toMatch(new RegExp(`^${kid}  signs since `));
  });

  it('rotate by several at once makes one key', async () => {
    const before = kidsOf(await keys('list'));
    const outcomes = await Promise.all(
      Array.from({ length: 3 }, () =>
        runCommand('keys', ['rotate', '--in', '600'], { DATABASE_URL: service.database.url }),
      ),
    );
    expect(outcomes.map(({ code }) => code).sort()).toEqual([0, 1, 1]);
    expect(kidsOf(await keys('list'))).toHaveLength(before.length + 1);
  });

  it.each([
    [['list', 'all'], 'Argument 1 is one too many', 'list'],
    [['rotate', 'soon'], 'Argument 1 is one too many', 'rotate [--now | --in <seconds>]'],
    [
      ['rotate', '--in', '-1'],
      '--in needs a value; one that begins with - is given as --in=<value>',
      'rotate [--now | --in <seconds>]',
    ],
    [
      ['rotate', '--in=-1'],
      '--in is not a number of seconds from 0 to 31536000',
      'rotate [--now | --in <seconds>]',
    ],
    [
      ['rotate', '--now', '--in', '60'],
      '--now and --in exclude each other',
      'rotate [--now | --in <seconds>]',
    ],
    [['revoke'], '<kid> is missing', 'revoke <kid>'],
    [[], 'A command is missing after "keys"', 'list | rotate | revoke'],
  ])('with the parameters %j says what is wrong, and how it is used', async (parameters, fault, usage) => {
    expect(await refused(...parameters)).toBe(`${fault}. Usage: hivegate keys ${usage}\n`);
  });
});

describe('keys of a service with KEY_ENCRYPTION_SECRET', () => {
  it('are made with the same secret, or not at all', async () => {
    const secret = 'the secret of the signing keys';
    const service = await TestService.start({ KEY_ENCRYPTION_SECRET: secret });
    try {
      const { url } = service.database;
      for (const wrong of ['', 'another secret altogether']) {
        const environment = { DATABASE_URL: url, KEY_ENCRYPTION_SECRET: wrong };
        const { code, stderr } = await runCommand('keys', ['rotate', '--now'], environment);
        expect({ code, stderr }).toEqual({
          code: 1,
          stderr: expect.stringMatching(/^KEY_ENCRYPTION_SECRET is not valid: [^\n]+\n$/),
        });
      }
      const environment = { DATABASE_URL: url, KEY_ENCRYPTION_SECRET: secret };
      const { refreshToken } = (await service.client.signIn(ADMINISTRATOR)).body;
      const kid = (await commandOutput('keys', ['rotate', '--now'], environment)).slice(0, 43);
      await expect.poll(() => signerOf(service), { timeout: 20_000 }).toBe(kid);
      const stored = await service.database.query('SELECT private_key, refresh_key FROM signing_keys');
      expect(stored).toHaveLength(2);
      for (const key of stored.flatMap((row) => Object.values(row)))
        expect(key).toMatch(/^(?:[\w-]+\.){4}[\w-]+$/);
      // A process that starts now decrypts the older key when it is needed.
      const later = await TestService.start({ KEY_ENCRYPTION_SECRET: secret }, service.database);
      expect((await later.client.refresh(refreshToken)).status).toBe(201);
      await later.stop();
    } finally {
      await service.stop();
    }
  });

  it('that cannot be decrypted are named in the log, and their refresh tokens refused', async () => {
    const secret = 'the secret of the signing keys';
    const database = await temporaryDatabase();
    const first = await TestService.start({ KEY_ENCRYPTION_SECRET: secret }, database);
    const { refreshToken } = (await first.client.signIn(ADMINISTRATOR)).body;
    await first.stop();
    const [row] = await database.query('SELECT kid FROM signing_keys');
    await database.query('UPDATE signing_keys SET created_at = 1, refresh_key = ?', [
      await encryptKey('A'.repeat(43), 'another secret altogether'),
    ]);
    const environment = { DATABASE_URL: database.url, KEY_ENCRYPTION_SECRET: secret };
    await commandOutput('keys', ['rotate', '--now'], environment);
    // The older key no longer signs by then, so the start does not need it.
    await database.query('UPDATE signing_keys SET created_at = 2 WHERE kid <> ?', [String(row?.['kid'])]);
    const { service, client } = await ServiceProcess.start(environment);
    try {
      expect((await client.refresh(refreshToken)).status).toBe(401);
      await service.written(
        /A refresh key cannot be read: KEY_ENCRYPTION_SECRET is not valid: it is not the one/,
      );
    } finally {
      await service.remove();
    }
  });

  it('of an earlier version that cannot be completed do not keep a revoked key alive', async () => {
    const service = await TestService.start();
    try {
      const environment = { DATABASE_URL: service.database.url };
      const { refreshToken } = (await service.client.signIn(ADMINISTRATOR)).body;
      const [old = ''] = await publishedBy(service);
      const kid = (await commandOutput('keys', ['rotate', '--now'], environment)).slice(0, 43);
      await expect.poll(() => signerOf(service), { timeout: 20_000 }).toBe(kid);
      // Encrypted with a secret that the service does not have.
      const foreign = await foreignKey();
      await service.database.query(
        'INSERT INTO signing_keys (kid, public_jwk, private_key, created_at) VALUES (?, ?, ?, ?)',
        [
          foreign.kid,
          JSON.stringify(foreign.publicKey.export({ format: 'jwk' })),
          await encryptKey('a key', 'another secret altogether'),
          Date.now() + 3_600_000,
        ],
      );
      await commandOutput('keys', ['revoke', old], environment);
      await expect
        .poll(async () => (await service.client.refresh(refreshToken)).status, { timeout: 20_000 })
        .toBe(401);
      expect(await publishedBy(service)).toEqual([kid]);
    } finally {
      await service.stop();
    }
  });

  it('and none of a service without: it could not read them', async () => {
    const service = await TestService.start();
    try {
      const { code, stderr } = await runCommand('keys', ['rotate'], {
        DATABASE_URL: service.database.url,
        KEY_ENCRYPTION_SECRET: 'a secret of the operator alone',
      });
      expect(code).toBe(1);
      expect(stderr).toMatch(/^KEY_ENCRYPTION_SECRET is not valid: [^\n]+ is not encrypted[^\n]+\n$/);
    } finally {
      await service.stop();
    }
  });
});

describe('keys where there are none', () => {
  it('with JWT_SECRET says how that is changed', async () => {
    const { code, stderr } = await runCommand('keys', ['rotate'], { JWT_SECRET: 'xy'.repeat(16) });
    expect(code).toBe(1);
    expect(stderr).toMatch(/^JWT_SECRET is set: [^\n]+ restart every process[^\n]+\n$/);
  });

  it('says so of a database in which the service has never been started, and makes none', async () => {
    const database = await createDatabase();
    try {
      const { code, stderr } = await runCommand('keys', ['list'], { DATABASE_URL: database.url });
      expect(code).toBe(1);
      expect(stderr).toMatch(/^DATABASE_URL cannot be used: [^\n]+\n$/);
      const tables = database.url.startsWith('sqlite')
        ? 'SELECT name FROM sqlite_master'
        : "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'";
      expect(await database.query(tables)).toEqual([]);
    } finally {
      await database.remove();
    }
  });
});

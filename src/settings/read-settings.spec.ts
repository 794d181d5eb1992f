import { execFileSync } from 'node:child_process';
import { chmod, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readServiceSettings } from '../compatibility/service-settings.js';
import { readSettings } from './read-settings.js';
import { SettingsError } from './settings.js';
import { SettingsProblems } from './settings-problems.js';
import { readDotEnv, textOf } from './sources.js';

const SECRET = 'wE3-fp9Qz_Lk2vTn7RbYx5HsUd8GjMaC';

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'hivegate-settings-'));
});
afterAll(() => rm(directory, { recursive: true }));

/** Writes a file of a name that no other has, and returns its path. */
async function file(content: string | Uint8Array, mode = 0o600): Promise<string> {
  const path = join(await mkdtemp(join(directory, 'one-')), 'file');
  await writeFile(path, content, { mode });
  return path;
}

/** The lines with which settings are refused. */
function refusal(environment: Record<string, string>): readonly string[] {
  try {
    readServiceSettings(environment);
  } catch (error) {
    if (error instanceof SettingsError) return error.lines;
    throw error;
  }
  return [];
}

describe('wrong settings', () => {
  it('are all told at once, a line for each, without their values', () => {
    const lines = refusal({
      PORT: 'eighty-eighty',
      TRUST_PROXY: 'true',
      JWT_SECRET: 'a-weak-secret',
      ADMIN_PASSWORD: 'short',
      JWT_ISSUER: 'fine',
      ACCEPT_ORIGINAL_TOKENS_UNTIL: '2030-01-01',
    });
    expect(lines).toEqual([
      'PORT is not valid: it accepts an integer from 0 to 65535',
      expect.stringMatching(/^TRUST_PROXY is not valid: it accepts the number of proxies /),
      'ACCEPT_ORIGINAL_TOKENS_UNTIL is not valid: it needs COMPATIBILITY=devicehive',
      'JWT_SECRET is not valid: it accepts a secret of 32 to 4096 characters',
      'ADMIN_PASSWORD is not valid: it accepts from 8 to 128 characters',
    ]);
    expect(lines.join()).not.toMatch(/eighty|a-weak-secret|short|2030/);
  });

  it('of the compatible mode are among them', () => {
    expect(
      refusal({
        COMPATIBILITY: 'devicehive',
        REFRESH_ROTATION: 'on',
        JWT_SECRET: 'devicehive',
        PASSWORD_MIN_LENGTH: '5',
      }),
    ).toEqual([
      expect.stringMatching(/^PASSWORD_MIN_LENGTH is not valid: /),
      'REFRESH_ROTATION is not valid: with COMPATIBILITY=devicehive it accepts off',
      expect.stringMatching(/^JWT_SECRET is not valid: with COMPATIBILITY=devicehive it accepts /),
    ]);
  });

  it('contradict each other where one requires an audience, and the other accepts tokens that have none', () => {
    const together = {
      COMPATIBILITY: 'devicehive',
      JWT_SECRET: SECRET,
      ACCEPT_ORIGINAL_TOKENS_UNTIL: '2030-01-01',
    };
    expect(refusal(together)).toEqual([]);
    expect(refusal({ ...together, JWT_AUDIENCE: 'apps' })).toEqual([
      'JWT_AUDIENCE is not valid: tokens of a DeviceHive have no audience, so only one of JWT_AUDIENCE and ACCEPT_ORIGINAL_TOKENS_UNTIL may be set',
    ]);
  });

  it('are not told of where they follow from another one that is wrong', () => {
    const until = { ACCEPT_ORIGINAL_TOKENS_UNTIL: '2030-01-01' };
    // Valid with COMPATIBILITY=devicehive: the key has 18 bytes.
    const jwtSecret = { JWT_SECRET: 'fhovh8sb2jsd1lom167dtpcs1d' };
    expect(
      refusal({ COMPATIBILITY: 'the original', REFRESH_ROTATION: 'on', ...jwtSecret, ...until }),
    ).toEqual(['COMPATIBILITY is not valid: it accepts devicehive']);
    expect(refusal({ COMPATIBILITY: 'devicehive', JWT_SECRET: 'x'.repeat(4097), ...until })).toEqual([
      'JWT_SECRET is not valid: it accepts a secret of 32 to 4096 characters',
    ]);
    expect(refusal({ PASSWORD_MIN_LENGTH: '200', ADMIN_PASSWORD: 'seven77' })).toEqual([
      'PASSWORD_MIN_LENGTH is not valid: it accepts an integer from 6 to 128',
    ]);
  });

  it('are told of where another one that is wrong makes no difference', () => {
    const compatibility = 'COMPATIBILITY is not valid: it accepts devicehive';
    expect(refusal({ COMPATIBILITY: 'the original', JWT_SECRET: 'short', ADMIN_PASSWORD: 'short' })).toEqual([
      compatibility,
      'JWT_SECRET is not valid: it accepts a secret of 32 to 4096 characters',
      'ADMIN_PASSWORD is not valid: it accepts from 8 to 128 characters',
    ]);
    expect(refusal({ COMPATIBILITY: 'on', ACCEPT_ORIGINAL_TOKENS_UNTIL: '2030-01-01' })).toEqual([
      compatibility,
      'ACCEPT_ORIGINAL_TOKENS_UNTIL is not valid: it needs JWT_SECRET',
    ]);
    expect(refusal({ PASSWORD_MIN_LENGTH: 'six', ADMIN_PASSWORD: 'five5' })).toEqual([
      expect.stringMatching(/^PASSWORD_MIN_LENGTH is not valid: /),
      'ADMIN_PASSWORD is not valid: it accepts from 6 to 128 characters',
    ]);
  });
});

describe('an issuer that is a URL', () => {
  it.each([
    ['https://id.test?a=1', 1],
    ['https://id.test/#a', 1],
    ['https://user@id.test', 1],
    ['https:id.test', 1],
    ['https://id.test/a b', 1],
    ['https://id.test/a/', 0],
    ['http://127.0.0.1:8080', 0],
    ['the gate?', 0],
  ])('%s: %d warnings', (JWT_ISSUER, count) => {
    expect(readServiceSettings({ JWT_ISSUER }).warnings).toHaveLength(count);
  });
});

describe('a variable with _FILE', () => {
  it.each([
    [SECRET, SECRET],
    [`${SECRET}\n`, SECRET],
    [`${SECRET}\r\n`, SECRET],
    [`\uFEFF${SECRET}`, SECRET],
    [` ${SECRET} \n`, ` ${SECRET} `],
    ['grüße 🐝 und mehr als das\n', 'grüße 🐝 und mehr als das'],
  ])('is read from the file: %j', async (content, secret) => {
    const settings = readSettings({ KEY_ENCRYPTION_SECRET_FILE: await file(content) });
    expect(settings.keyEncryptionSecret).toBe(secret);
  });

  it('may be any, and is parsed as its own text would be', async () => {
    const settings = readSettings({
      PORT_FILE: await file('0\n'),
      CORS_ORIGINS_FILE: await file('https://a.test, https://b.test'),
      DATABASE_URL_FILE: await file('postgres://u:p@h/d\n'),
    });
    expect(settings).toMatchObject({
      port: 0,
      corsOrigins: ['https://a.test', 'https://b.test'],
      database: { kind: 'postgres', url: 'postgres://u:p@h/d' },
    });
    expect(refusal({ PORT_FILE: await file('eighty') })).toEqual([
      'PORT is not valid: it accepts an integer from 0 to 65535',
    ]);
  });

  it('loses one line end and no more', async () => {
    expect(refusal({ JWT_SECRET_FILE: await file(`${SECRET}\n\n`) })).toEqual([
      'JWT_SECRET is not valid: it accepts no line ends, tabs or other control characters',
    ]);
  });

  it('may be a link, as Kubernetes makes them', async () => {
    const link = join(directory, 'link');
    await symlink(await file(SECRET), link);
    expect(readSettings({ JWT_SECRET_FILE: link }).jwtSecret).toBe(SECRET);
  });

  it.each(['', '\n', '\r\n', ' ', ' \n\t\n', '\uFEFF'])(
    'is refused where the file holds %j',
    async (content) => {
      expect(
        refusal({
          PORT: 'eighty',
          JWT_SECRET_FILE: await file(content),
          ADMIN_PASSWORD_FILE: await file(content),
        }),
      ).toEqual([
        expect.stringMatching(/^PORT is not valid: /),
        'ADMIN_PASSWORD_FILE is not valid: it accepts the path of a readable file of at most 64 KiB in UTF-8; it is empty',
        'JWT_SECRET_FILE is not valid: it accepts the path of a readable file of at most 64 KiB in UTF-8; it is empty',
      ]);
    },
  );

  it('counts as unset where it is empty, and so does the variable itself', async () => {
    expect(readSettings({ PORT_FILE: '', PORT: '81' }).port).toBe(81);
    expect(readSettings({ PORT_FILE: await file('82'), PORT: '' }).port).toBe(82);
    expect(readSettings({ PORT_FILE: '', PORT: '' }).port).toBe(8080);
  });

  it('is refused together with the variable itself, also where both say the same', async () => {
    expect(refusal({ PORT: '81', PORT_FILE: await file('81') })).toEqual([
      'PORT is not valid: only one of PORT and PORT_FILE may be set',
    ]);
  });

  it.each([
    ['that is not there', () => join(directory, 'no-such-secret'), 'there is no such file'],
    ['below a file', async () => join(await file(''), 'no-such-secret'), 'there is no such file'],
    ['whose path is the secret itself', () => SECRET.repeat(200), 'there is no such file'],
    ['that is a directory', () => directory, 'it is not a file'],
    ['that is a device', () => '/dev/null', 'it is not a file'],
    ['that is too large', () => file('x'.repeat(64 * 1024 + 1)), 'it is too large'],
    ['that is not UTF-8', () => file(Buffer.from([0x73, 0xe9, 0x63])), 'it is not UTF-8'],
    ['in UTF-16', () => file(Buffer.from(`\uFEFF${SECRET}`, 'utf16le')), 'it is not UTF-8'],
  ])('is refused for a file %s, and neither path nor content is shown', async (_, make, reason) => {
    const path = await make();
    const [line, ...others] = refusal({ JWT_SECRET_FILE: path });
    expect(line).toBe(
      `JWT_SECRET_FILE is not valid: it accepts the path of a readable file of at most 64 KiB in UTF-8; ${reason}`,
    );
    expect(others).toEqual([]);
    if (path !== '/dev/null') expect(line).not.toContain(path);
  });

  it('is not waited for where it is a pipe that nobody writes to', ({ skip }) => {
    const pipe = join(directory, 'pipe');
    try {
      execFileSync('mkfifo', [pipe]);
    } catch {
      skip('mkfifo is missing');
    }
    expect(refusal({ JWT_SECRET_FILE: pipe })).toEqual([expect.stringMatching(/; it is not a file$/)]);
  });

  it.skipIf(process.platform === 'win32').each([
    [0o600, []],
    [0o640, []],
    [0o644, ['read']],
    [0o662, ['change']],
    [0o666, ['read and change']],
  ])('of a secret with the mode %o: others can %j it', async (mode, can) => {
    const path = await file(SECRET);
    await chmod(path, mode);
    expect(readSettings({ JWT_SECRET_FILE: path }).warnings).toEqual(
      can.map(
        (verbs) =>
          `JWT_SECRET_FILE names a secret, and every user of this machine can ${verbs} the file: chmod 600`,
      ),
    );
    // Of what is no secret nobody has to be kept out.
    await writeFile(path, '81');
    expect(readSettings({ PORT_FILE: path }).warnings).toEqual([]);
  });

  it('is no setting where the name before it is none', () => {
    expect(readSettings({ PRIVATE_FILE: '/no/such/file' })).toEqual(readSettings({}));
  });
});

describe('.env', () => {
  /** What a `.env` with this content gives, its faults and its warnings. */
  async function read(content: string | Uint8Array, mode = 0o600) {
    const problems = new SettingsProblems();
    const path = await file(content, mode);
    await chmod(path, mode);
    return { variables: readDotEnv(path, problems), problems };
  }

  it.each([
    ['PORT=81\n', { PORT: '81' }],
    ['PORT=81\r\nHOST=::\r\n', { PORT: '81', HOST: '::' }],
    ['\uFEFFPORT=81', { PORT: '81' }],
    ["# a comment\n\nexport PORT='81' # another\n", { PORT: '81' }],
    ['  PORT=\n# HOST=x\n#PORT=2\n', { PORT: '' }],
    [`JWT_SECRET='a # and $DOLLARS'`, { JWT_SECRET: 'a # and $DOLLARS' }],
    ['DATABASE_URL=postgres://u:p=@h/d', { DATABASE_URL: 'postgres://u:p=@h/d' }],
    ['', {}],
  ])('is read: %j', async (content, variables) => {
    const { variables: found, problems } = await read(content);
    expect({ ...found }).toEqual(variables);
    expect(problems.warnings).toEqual([]);
  });

  it('that is not there is no fault', () => {
    const problems = new SettingsProblems();
    expect(readDotEnv(join(directory, '.env'), problems)).toEqual({});
    problems.throwIfRefused();
  });

  it.each([
    ['a directory', () => mkdir(join(directory, 'folder')).then(() => join(directory, 'folder'))],
    ['not UTF-8', () => file(Buffer.from([0xff, 0xfe, 0x41, 0]))],
    ['too large', () => file(`#${'x'.repeat(64 * 1024)}`)],
  ])('is refused where it is %s', async (_, make) => {
    const problems = new SettingsProblems();
    readDotEnv(await make(), problems);
    expect(() => {
      problems.throwIfRefused();
    }).toThrow(/^\.env is not valid: it has to be a readable file of at most 64 KiB in UTF-8; it is /);
  });

  it('warns of the variables of PostgreSQL, which are read from the environment alone', async () => {
    const { warnings } = (await read('PGHOST=/run/x\nPGPASSWORD=zq7\nPGSSLMODE=\nPGDATA=/data\nPORT=1'))
      .problems;
    expect(warnings).toEqual([
      '.env holds PGHOST, PGPASSWORD, without effect: set them in the environment itself',
    ]);
  });

  it.skipIf(process.platform === 'win32').each([
    [0o644, 'ADMIN_PASSWORD=x', 1],
    [0o604, `JWT_SECRET_FILE=/run/x\nJWT_SECRET=${SECRET}`, 1],
    [0o600, 'ADMIN_PASSWORD=x', 0],
    [0o640, 'ADMIN_PASSWORD=x', 0],
    [0o644, 'ADMIN_PASSWORD=\nPORT=81', 0],
    [0o644, 'ADMIN_PASSWORD_FILE=/run/secrets/admin', 0],
  ])('with the mode %o and %j has %d warnings', async (mode, content, count) => {
    const { warnings } = (await read(content, mode)).problems;
    expect(warnings).toHaveLength(count);
    if (count > 0)
      expect(warnings[0]).toMatch(/^\.env holds \w+, and every user .* can read the file: chmod 600$/);
  });
});

describe('METRICS on an address of its own', () => {
  it.each([
    ['127.0.0.1:8080', '127.0.0.1'],
    ['localhost:8080', '127.0.0.1'],
    ['127.0.0.1:8080', 'localhost'],
    ['0.0.0.0:8080', '127.0.0.1'],
    ['127.0.0.1:8080', '0.0.0.0'],
    ['[::1]:8080', '::'],
  ])('%s is refused beside HOST=%s: it is that of the service', (METRICS, HOST) => {
    expect(refusal({ METRICS, HOST })).toEqual([
      'METRICS is not valid: it accepts another address than that of the service; METRICS=on serves them on its port',
    ]);
  });

  it.each([
    ['127.0.0.1:8081', '127.0.0.1', '8080'],
    ['127.0.0.2:8080', '127.0.0.1', '8080'],
    ['[::1]:8080', '127.0.0.1', '8080'],
    ['127.0.0.1:0', '127.0.0.1', '0'],
  ])('%s is taken beside HOST=%s and PORT=%s', (METRICS, HOST, PORT) => {
    expect(refusal({ METRICS, HOST, PORT })).toEqual([]);
  });
});

describe('the environment takes precedence over .env', () => {
  const textIn = (environment: Record<string, string>, dotEnv: Record<string, string>) =>
    textOf('PORT', [environment, dotEnv], new SettingsProblems());

  it('for each variable, set in either way', async () => {
    const other = await file('82');
    expect(textIn({ PORT: '81' }, { PORT: '82' })).toBe('81');
    expect(textIn({ PORT: '81' }, { PORT_FILE: other })).toBe('81');
    expect(textIn({ PORT_FILE: other }, { PORT: '81' })).toBe('82');
    expect(textIn({}, { PORT_FILE: other })).toBe('82');
  });

  it('unless it is empty there', () => {
    expect(textIn({ PORT: '', PORT_FILE: '' }, { PORT: '82' })).toBe('82');
  });

  it('and both ways at once are refused in .env, too', async () => {
    const problems = new SettingsProblems();
    textOf('PORT', [{}, { PORT: '81', PORT_FILE: await file('81') }], problems);
    expect(problems.isRefused('PORT')).toBe(true);
  });
});

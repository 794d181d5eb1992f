import { describe, expect, it } from 'vitest';
import { readSettings } from './read-settings.js';
import { type Settings, SettingsError } from './settings.js';

const SECRET = 'a secret of the right length, with room';

/** Per variable: where it ends up, what it is when unset, what it accepts and as what, what it refuses. */
const VARIABLES: readonly [
  name: string,
  of: (settings: Settings) => unknown,
  byDefault: unknown,
  accepted: readonly (readonly [sent: string, as: unknown])[],
  refused: readonly string[],
][] = [
  [
    'HOST',
    ({ host }) => host,
    '127.0.0.1',
    [
      ['0.0.0.0', '0.0.0.0'],
      ['::1', '::1'],
      ['fd00::7', 'fd00::7'],
      ['localhost', 'localhost'],
      ['gate-1.example.com', 'gate-1.example.com'],
    ],
    [
      'a host',
      'http://x/',
      'localhost:80',
      '127.0.0.1:80',
      '[::1]',
      '[::1]:80',
      '1.2.3.4.5',
      '127.1',
      ':',
      ':80',
    ],
  ],
  [
    'PORT',
    ({ port }) => port,
    8080,
    [
      ['0', 0],
      ['65535', 65535],
    ],
    ['65536', '-1', '80a', '8.5', ' 80'],
  ],
  [
    'KEEP_ALIVE_SECONDS',
    ({ keepAliveSeconds }) => keepAliveSeconds,
    72,
    [
      ['1', 1],
      ['3600', 3600],
    ],
    ['0', '3601', '1m'],
  ],
  [
    'DRAIN_SECONDS',
    ({ drainSeconds }) => drainSeconds,
    0,
    [
      ['0', 0],
      ['3600', 3600],
    ],
    ['-1', '3601', '5s'],
  ],
  [
    'SWAGGER',
    ({ swagger }) => swagger,
    true,
    [
      ['off', false],
      ['On', true],
    ],
    ['false', '0'],
  ],
  [
    'API_PREFIX',
    ({ apiPrefix }) => apiPrefix,
    '',
    [
      ['/dh/rest', '/dh/rest'],
      ['/v1', '/v1'],
    ],
    ['dh/rest', '/dh/', '/', '/a b', '/a?b'],
  ],
  [
    'DATABASE_URL',
    ({ database }) => database,
    { kind: 'sqlite', path: './data/users.sqlite' },
    [
      ['sqlite:./a.sqlite', { kind: 'sqlite', path: './a.sqlite' }],
      ['sqlite:///var/lib/a.sqlite', { kind: 'sqlite', path: '/var/lib/a.sqlite' }],
      ['postgres://u:p@h:5432/d', { kind: 'postgres', url: 'postgres://u:p@h:5432/d' }],
      ['postgres://u:p%25@h/d', { kind: 'postgres', url: 'postgres://u:p%25@h/d' }],
      ['postgresql://h/d', { kind: 'postgres', url: 'postgresql://h/d' }],
      // As they are written, whatever else they may mean elsewhere.
      ...['a#b', 'a?mode=ro', 'a%20b', '~/a', 'a b', 'file:a', 'a\u00e4\u{1f41d}', 'a/', '..', 'a;b'].map(
        (path) => [`sqlite:${path}`, { kind: 'sqlite', path }] as const,
      ),
    ],
    [
      ...['mysql://h/d', 'sqlite:', 'sqlite::memory:', 'users.sqlite', 'postgres://'],
      // Ends that one part of the program would cut, and another one not.
      ...['a ', ' a', 'a\n', '\ta', 'a\r', 'a\u00a0', '\ufeffa', ' ', '   ', ' :memory:'].map(
        (path) => `sqlite:${path}`,
      ),
      ...['a\0b', 'a\nb'].map((path) => `sqlite:${path}`),
      // Percent signs that the driver could not decode.
      ...['postgres://u:p%@h/d', 'postgres://u%zz@h/d', 'postgres://h/%ff'],
      ...['postgres://h/d ', 'postgres://h/d\n', 'postgres://h/\td', ' postgres://h/d', ' sqlite:a'],
    ],
  ],
  [
    'ADMIN_LOGIN',
    ({ administratorLogin }) => administratorLogin,
    'admin',
    [['ada@example.com', 'ada@example.com']],
    ['ab', 'a b c', 'x'.repeat(129)],
  ],
  [
    'ADMIN_PASSWORD',
    ({ administratorPassword }) => administratorPassword,
    undefined,
    [[' not trimmed ', ' not trimmed ']],
    ['short', 'x'.repeat(129), 'a password\r', 'a password\n'],
  ],
  [
    'JWT_SECRET',
    ({ jwtSecret }) => jwtSecret,
    undefined,
    [[SECRET, SECRET]],
    ['x'.repeat(31), 'x'.repeat(32), `${SECRET}\r`, `${SECRET}\n`, `${SECRET}\tb`],
  ],
  [
    'KEY_ENCRYPTION_SECRET',
    ({ keyEncryptionSecret }) => keyEncryptionSecret,
    undefined,
    [[SECRET, SECRET]],
    ['x'.repeat(15)],
  ],
  [
    'JWT_ISSUER',
    ({ jwtIssuer }) => jwtIssuer,
    'hivegate',
    [['https://id.test', 'https://id.test']],
    ['x'.repeat(256)],
  ],
  [
    'JWT_AUDIENCE',
    ({ jwtAudience }) => jwtAudience,
    undefined,
    [
      ['https://api.test', 'https://api.test'],
      ['a, b', 'a, b'],
    ],
    ['x'.repeat(256)],
  ],
  ['ACCESS_TOKEN_TTL', ({ accessTokenTtl }) => accessTokenTtl, 1800, [['1', 1]], ['0', '-5', '1h']],
  ['REFRESH_TOKEN_TTL', ({ refreshTokenTtl }) => refreshTokenTtl, 15_724_800, [['60', 60]], ['0', 'forever']],
  [
    'BCRYPT_COST',
    ({ bcryptCost }) => bcryptCost,
    12,
    [
      ['4', 4],
      ['15', 15],
    ],
    ['3', '16', 'high'],
  ],
  [
    'PASSWORD_MIN_LENGTH',
    ({ passwordMinLength }) => passwordMinLength,
    8,
    [
      ['6', 6],
      ['128', 128],
    ],
    ['5', '129'],
  ],
  [
    'PASSWORD_BLOCKLIST',
    ({ passwordBlocklist }) => passwordBlocklist,
    true,
    [
      ['off', false],
      ['ON', true],
    ],
    ['true', 'no'],
  ],
  [
    'CLIENT_WRITABLE_FIELDS',
    ({ clientWritableFields }) => clientWritableFields,
    ['password', 'data'],
    [
      ['password, data,introReviewed', ['password', 'data', 'introReviewed']],
      ['data', ['data']],
    ],
    ['login', 'password,role', 'status', 'password,', 'Data'],
  ],
  [
    'REQUIRE_OLD_PASSWORD',
    ({ requireOldPassword }) => requireOldPassword,
    false,
    [['true', true]],
    ['on', '1'],
  ],
  [
    'EVENTS_KEPT_DAYS',
    ({ eventsKeptDays }) => eventsKeptDays,
    365,
    [['36500', 36500]],
    ['0', '36501', '30d'],
  ],
  ['LOCKOUT_SECONDS', ({ lockoutSeconds }) => lockoutSeconds, 900, [['0', 0]], ['-1', '15m']],
  ['RATE_LIMIT', ({ rateLimit }) => rateLimit, true, [['off', false]], ['0', 'false']],
  [
    'TRUST_PROXY',
    ({ trustProxy }) => trustProxy,
    false,
    [
      ['false', false],
      ['2', 2],
      ['10.0.0.0/8, ::1', '10.0.0.0/8, ::1'],
      ['loopback, 2001:db8::/32', 'loopback, 2001:db8::/32'],
    ],
    ['true', 'TRUE', '-1', '100', 'a b', 'x;y', '10.0.0.0/33', '0.0.0.0/0', '10.0.0.1, ::/0', '10.1', '*'],
  ],
  [
    'CORS_ORIGINS',
    ({ corsOrigins }) => corsOrigins,
    [],
    [['https://a.test, http://localhost:3000', ['https://a.test', 'http://localhost:3000']]],
    ['*', 'a.test', 'https://a.test/', 'https://a.test/path'],
  ],
  [
    'LOG_LEVEL',
    ({ logLevel }) => logLevel,
    'info',
    [
      ['WARN', 'warn'],
      ['silent', 'silent'],
    ],
    ['loud'],
  ],
  [
    'METRICS',
    ({ metrics }) => metrics,
    'off',
    [
      ['on', 'on'],
      ['OFF', 'off'],
      ['127.0.0.1:9464', { host: '127.0.0.1', port: 9464 }],
      ['0.0.0.0:0', { host: '0.0.0.0', port: 0 }],
      ['[::1]:9464', { host: '::1', port: 9464 }],
      ['localhost:9464', { host: 'localhost', port: 9464 }],
    ],
    [
      'true',
      '9464',
      ':9464',
      '127.0.0.1',
      '127.1:9464',
      '127.0.0.1:65536',
      '::1:9464',
      '[1.2.3]:9464',
      '[::1]',
      'http://127.0.0.1:9464',
      '127.0.0.1:9464/metrics',
      ' localhost:9464',
      'a b:9464',
    ],
  ],
  [
    'OTEL_EXPORTER_OTLP_ENDPOINT',
    ({ collectorUrl }) => collectorUrl,
    undefined,
    [
      ['http://127.0.0.1:4318', 'http://127.0.0.1:4318'],
      ['https://collector.example.com/otlp/', 'https://collector.example.com/otlp/'],
    ],
    [
      'collector:4318',
      'grpc://collector:4317',
      'http://',
      'http://user:secret@collector:4318',
      'http://token@collector:4318',
      'http://collector:4318/?key=secret',
      'http://collector:4318/#a',
      'http://a b/',
    ],
  ],
  [
    'WEBSOCKET_URL',
    ({ webSocketUrl }) => webSocketUrl,
    undefined,
    [['wss://ws.test/dh', 'wss://ws.test/dh']],
    ['https://ws.test', 'ws'],
  ],
];

describe.each(VARIABLES)('%s', (name, of, byDefault, accepted, refused) => {
  it('has its default when it is unset or empty', () => {
    expect(of(readSettings({}))).toEqual(byDefault);
    expect(of(readSettings({ [name]: '' }))).toEqual(byDefault);
  });

  it.each(accepted)('accepts %j', (sent, as) => {
    expect(of(readSettings({ [name]: sent }))).toEqual(as);
  });

  it.each(refused)('refuses %j with one line that names it, and does not repeat the value', (sent) => {
    const read = () => readSettings({ [name]: sent });
    expect(read).toThrow(SettingsError);
    expect(read).toThrow(new RegExp(`^${name} is not valid: it accepts .+$`));
    if (/[^a-z,]/.test(sent) && sent.length > 12) expect(read).not.toThrow(sent);
  });
});

it('ADMIN_PASSWORD follows PASSWORD_MIN_LENGTH, counted in characters', () => {
  const read = (password: string) => () =>
    readSettings({ PASSWORD_MIN_LENGTH: '12', ADMIN_PASSWORD: password });
  expect(read('eleven char')).toThrow('ADMIN_PASSWORD is not valid: it accepts from 12 to 128 characters');
  expect(read('🐝'.repeat(11))).toThrow(SettingsError);
  expect(read('🐝'.repeat(12))).not.toThrow();
});

it('what is no setting is ignored', () => {
  expect(readSettings({ ROLE: 'x', PATH: '/bin' })).toEqual(readSettings({}));
});

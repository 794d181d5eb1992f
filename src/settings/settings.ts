import { z } from 'zod';
import {
  collectorUrl,
  database,
  type DatabaseSettings,
  host,
  integer,
  list,
  metrics,
  type MetricsSettings,
  moment,
  onOff,
  origin,
  type Parser,
  type ProxyTrust,
  proxyTrust,
  text,
  trueFalse,
  webSocketUrl,
  word,
} from './setting-values.js';

/** One setting, declared once: {@link Settings}, README's table and `.env.example` are derived from it. */
export interface Setting<T> {
  /** The environment variable. */
  readonly variable: string;
  /** Reads its value from the text of the variable. */
  readonly parse: Parser<T>;
  /** Its value when the variable is unset or empty. */
  readonly default: T;
  /** The default as documents show it. */
  readonly shownDefault: string;
  /** What the variable accepts, for error messages. */
  readonly accepts: string;
  /** What it does, for documents; Markdown. */
  readonly description: string;
}

/** Declares a setting; documents show the text of `byDefault` unless `shown` is given. */
const setting = <T>(
  variable: string,
  parse: Parser<T>,
  byDefault: T,
  { shown, accepts, description }: { shown?: string; accepts: string; description: string },
): Setting<T> => ({
  variable,
  parse,
  default: byDefault,
  shownDefault: shown ?? (byDefault === undefined ? 'unset' : `\`${String(byDefault)}\``),
  accepts,
  description,
});

/** A setting that has no default. */
const optional = <T>(variable: string, parse: Parser<T>, about: { accepts: string; description: string }) =>
  setting<T | undefined>(variable, parse, undefined, about);

/** The fields that `CLIENT_WRITABLE_FIELDS` may name: never login, role or status. */
export const CLIENT_WRITABLE = ['password', 'data', 'introReviewed'] as const;
/** One of {@link CLIENT_WRITABLE}. */
export type ClientWritableField = (typeof CLIENT_WRITABLE)[number];

/** Pino's log levels, from the fewest lines to the most. */
const LOG_LEVELS = ['silent', 'fatal', 'error', 'warn', 'info', 'debug', 'trace'] as const;
/** One of {@link LOG_LEVELS}. */
export type LogLevel = (typeof LOG_LEVELS)[number];

/** The fewest characters of `JWT_SECRET`. */
export const SHORTEST_SECRET = 32;

/** The least value of `PASSWORD_MIN_LENGTH`. */
export const LEAST_PASSWORD_LENGTH = 6;

/** The longest lifetime that can be set, in seconds: ten years. */
const TEN_YEARS = 315_360_000;
const SECONDS = `seconds, an integer from 1 to ${TEN_YEARS}`;

/** Every setting of the service (contract.md §7), in the order in which documents list them. */
export const SETTINGS_SCHEMA = {
  host: setting('HOST', host, '127.0.0.1', {
    accepts: 'a host name or an address, without a port',
    description: 'the address to listen on',
  }),
  port: setting('PORT', integer(0, 65535), 8080, {
    accepts: 'an integer from 0 to 65535',
    description: 'the TCP port to listen on; with 0 the system chooses one',
  }),
  keepAliveSeconds: setting('KEEP_ALIVE_SECONDS', integer(1, 3600), 72, {
    accepts: 'seconds, an integer from 1 to 3600',
    description:
      'the seconds until an idle connection is closed, 1 to 3600; a proxy in front must close its own sooner',
  }),
  drainSeconds: setting('DRAIN_SECONDS', integer(0, 3600), 0, {
    accepts: 'seconds, an integer from 0 to 3600',
    description:
      'the seconds after SIGTERM in which the service is not ready but still serves, 0 to 3600; then it stops',
  }),
  swagger: setting('SWAGGER', onOff, true, {
    shown: '`on`',
    accepts: 'on or off',
    description: 'whether the page `/swagger` and the OpenAPI document are served',
  }),
  apiPrefix: setting('API_PREFIX', z.string().regex(/^(?:\/[\w.~-]+)+$/), '', {
    shown: 'empty',
    accepts: 'a path such as /dh/rest, with no slash at the end',
    description: 'a path before every route; a drop-in for DeviceHive sets `/dh/rest`',
  }),
  database: setting<DatabaseSettings>(
    'DATABASE_URL',
    database,
    { kind: 'sqlite', path: './data/users.sqlite' },
    {
      shown: '`sqlite:./data/users.sqlite`',
      accepts: 'sqlite:<path of a file> or postgres://<user>:<password>@<host>:<port>/<database>',
      description: 'where the data is: a file, or `postgres://user:password@host:5432/database`',
    },
  ),
  administratorLogin: setting('ADMIN_LOGIN', z.string().regex(/^[\w@.-]{3,128}$/), 'admin', {
    accepts: '3 to 128 characters of A-Z a-z 0-9 _ @ . -',
    description: 'the login of the administrator that is created when there is none',
  }),
  administratorPassword: setting<string | undefined>('ADMIN_PASSWORD', z.string(), undefined, {
    shown: 'generated',
    accepts: 'a password',
    description: 'the password of that administrator; a generated one is shown once, on the console',
  }),
  compatibility: optional('COMPATIBILITY', word(['devicehive']), {
    accepts: 'devicehive',
    description:
      '`devicehive`: accepts what DeviceHive accepts, so that its clients, SDKs and consoles work unchanged',
  }),
  acceptOriginalTokensUntil: optional('ACCEPT_ORIGINAL_TOKENS_UNTIL', moment, {
    accepts:
      'a date such as 2026-12-31, or a moment such as 2026-12-31T12:00:00Z, with COMPATIBILITY=devicehive and JWT_SECRET',
    description:
      'until when access tokens that a DeviceHive has issued are accepted; only with `COMPATIBILITY=devicehive` and `JWT_SECRET`',
  }),
  jwtSecret: optional('JWT_SECRET', text(1, 4096), {
    accepts: `a secret of ${SHORTEST_SECRET} to 4096 characters`,
    description:
      'signs all tokens with HS256 and this secret (32 characters or more); no key is published then',
  }),
  keyEncryptionSecret: optional('KEY_ENCRYPTION_SECRET', text(16, 4096), {
    accepts: 'a secret of 16 to 4096 characters',
    description: 'encrypts the signing keys in the database with this secret (16 characters or more)',
  }),
  jwtIssuer: setting('JWT_ISSUER', text(1, 255), 'hivegate', {
    accepts: '1 to 255 characters',
    description:
      'the `iss` of every token, required of every token that comes in; the public URL of the service: enables discovery',
  }),
  jwtAudience: optional('JWT_AUDIENCE', text(1, 255), {
    accepts: '1 to 255 characters',
    description: 'the `aud` of every token, required of every token that comes in; unset: none is written',
  }),
  accessTokenTtl: setting('ACCESS_TOKEN_TTL', integer(1, TEN_YEARS), 1800, {
    accepts: SECONDS,
    description:
      'the lifetime of access tokens, in seconds; services that verify offline accept them so long',
  }),
  refreshTokenTtl: setting('REFRESH_TOKEN_TTL', integer(1, TEN_YEARS), 15_724_800, {
    accepts: SECONDS,
    description: 'the lifetime of refresh tokens and so of a sign-in, in seconds',
  }),
  bcryptCost: setting('BCRYPT_COST', integer(4, 15), 12, {
    accepts: 'an integer from 4 to 15',
    description: 'the cost of bcrypt, 4 to 15; a stored hash of another cost is replaced at sign-in',
  }),
  passwordMinLength: setting('PASSWORD_MIN_LENGTH', integer(LEAST_PASSWORD_LENGTH, 128), 8, {
    accepts: 'an integer from 6 to 128',
    description: 'the fewest characters of a password, 6 to 128',
  }),
  passwordBlocklist: setting('PASSWORD_BLOCKLIST', onOff, true, {
    shown: '`on`',
    accepts: 'on or off',
    description: 'whether well-known passwords are refused',
  }),
  clientWritableFields: setting<readonly ClientWritableField[]>(
    'CLIENT_WRITABLE_FIELDS',
    list(z.enum(CLIENT_WRITABLE)),
    ['password', 'data'],
    {
      accepts: `a list of ${CLIENT_WRITABLE.join(', ')}, separated by commas`,
      description: 'what clients may change of their own record; may add `introReviewed`',
    },
  ),
  requireOldPassword: setting('REQUIRE_OLD_PASSWORD', trueFalse, false, {
    accepts: 'true or false',
    description: 'whether users must send `oldPassword` to change their own password',
  }),
  lockoutSeconds: setting('LOCKOUT_SECONDS', integer(0, TEN_YEARS), 900, {
    accepts: `seconds, an integer from 0 to ${TEN_YEARS}`,
    description: 'the seconds until a lockout by failed logins expires; 0: an administrator ends it',
  }),
  refreshRotation: setting('REFRESH_ROTATION', onOff, false, {
    shown: '`off`',
    accepts: 'on or off',
    description: 'whether a refresh returns a new refresh token too, which replaces the old one',
  }),
  createdTokenMaxTtl: setting('CREATED_TOKEN_MAX_TTL', integer(1, TEN_YEARS), 31_536_000, {
    accepts: SECONDS,
    description: 'the longest lifetime of tokens from `POST /token/create`, in seconds',
  }),
  maxSessions: setting('MAX_SESSIONS', integer(1, 10_000), 100, {
    accepts: 'an integer from 1 to 10000',
    description:
      'the most open sign-ins per user, 1 to 10000; a client may have ten times as many created sessions',
  }),
  rateLimit: setting('RATE_LIMIT', onOff, true, {
    shown: '`on`',
    accepts: 'on or off',
    description:
      'whether sign-ins, refreshes, created and revoked tokens, and old and new passwords are limited',
  }),
  trustProxy: setting<ProxyTrust>('TRUST_PROXY', proxyTrust, false, {
    shown: 'unset',
    accepts:
      'the number of proxies between the clients and the service, or the addresses and networks of the proxies, separated by commas',
    description:
      'which proxies may set `X-Forwarded-*`: the number of hops, or their addresses and networks, separated by commas',
  }),
  corsOrigins: setting<readonly string[]>('CORS_ORIGINS', list(origin), [], {
    shown: 'unset',
    accepts: 'origins such as https://console.example.com, separated by commas',
    description: 'the origins that browsers may call from, separated by commas',
  }),
  logLevel: setting<LogLevel>('LOG_LEVEL', word(LOG_LEVELS), 'info', {
    accepts: `one of ${LOG_LEVELS.join(', ')}`,
    description: 'what is logged: `silent`, `fatal`, `error`, `warn`, `info`, `debug` or `trace`',
  }),
  eventsKeptDays: setting('EVENTS_KEPT_DAYS', integer(1, 36_500), 365, {
    accepts: 'an integer from 1 to 36500',
    description: 'the days after which events are deleted, 1 to 36500',
  }),
  metrics: setting<MetricsSettings>('METRICS', metrics, 'off', {
    accepts: 'off, on, or an address such as 127.0.0.1:9464 or [::1]:9464',
    description:
      '`on`: `GET /metrics` on the same port; an address such as `127.0.0.1:9464`: there alone; for Prometheus',
  }),
  collectorUrl: optional('OTEL_EXPORTER_OTLP_ENDPOINT', collectorUrl, {
    accepts: 'an http:// or https:// URL such as http://127.0.0.1:4318, without a password and a query',
    description: 'spans are exported there, in OTLP by HTTP; `/v1/traces` is added to its path',
  }),
  webSocketUrl: optional('WEBSOCKET_URL', webSocketUrl, {
    accepts: 'a ws:// or wss:// URL',
    description: '`webSocketServerUrl` in the response of `GET /info`; unset: derived from the host',
  }),
};

/** The name of a setting in the program. */
export type SettingName = keyof typeof SETTINGS_SCHEMA;

/** Every setting, parsed. */
export type Settings = {
  readonly [Name in SettingName]: (typeof SETTINGS_SCHEMA)[Name] extends Setting<infer T> ? T : never;
} & {
  /** What was found unwise while they were read, one line each; `warningsOf` in weak-secrets.ts has all warnings. */
  readonly warnings: readonly string[];
};

/**
 * Settings that are not valid. The message has one line for each variable, which names it and says what it accepts, and
 * never shows a value.
 */
export class SettingsError extends Error {
  /** The lines of the message. */
  get lines(): readonly string[] {
    return this.message.split('\n');
  }
}

import { isIP, isIPv6 } from 'node:net';
import { z } from 'zod';
import { countCharacters } from '../text/characters.js';

/**
 * Every setting of the service (contract.md §7), read from the environment once, at the start.
 *
 * This is the only file that reads `process.env`. A variable that is set to the empty string counts as
 * unset, so that a compose file may pass one through without a value.
 */
export interface Settings {
  /** Address to listen on. */
  readonly host: string;
  /** TCP port to listen on; 0 lets the system choose one. */
  readonly port: number;
  /** Path before every route: empty, or `/` and segments, with no slash at the end. */
  readonly apiPrefix: string;
  /** Where the data lives. */
  readonly database: DatabaseSettings;
  /** The administrator made when there is none. Without a password one is generated. */
  readonly administrator: { readonly login: string; readonly password?: string };
  /** Signs tokens with HS256 when set, for services that verify the original's tokens. */
  readonly jwtSecret?: string;
  /** Encrypts the signing keys that are kept in the database. */
  readonly keyEncryptionSecret?: string;
  /** The `iss` claim of every token, demanded of every token that comes in. */
  readonly jwtIssuer: string;
  /** Life of an access token in seconds. */
  readonly accessTokenTtl: number;
  /** Life of a refresh token in seconds. */
  readonly refreshTokenTtl: number;
  /** Binary logarithm of the bcrypt rounds. */
  readonly bcryptCost: number;
  /** The fewest characters of a password. */
  readonly passwordMinLength: number;
  /** Whether well-known passwords are refused. */
  readonly passwordBlocklist: boolean;
  /** The fields of its own record that a client may change (contract.md §3). */
  readonly clientWritableFields: readonly ClientWritableField[];
  /** Whether clients must send `oldPassword` with `password`. */
  readonly requireOldPassword: boolean;
  /** Seconds until a lockout ends by itself; 0: only an administrator ends it. */
  readonly lockoutSeconds: number;
  /** Whether sign-in and refresh are rate limited. */
  readonly rateLimit: boolean;
  /** Which proxies' `X-Forwarded-*` headers are believed: none, a number of hops, or addresses. */
  readonly trustProxy: boolean | number | string;
  /** The origins that browsers may call from; none: CORS stays closed. */
  readonly corsOrigins: readonly string[];
  /** The least severe lines that are logged. */
  readonly logLevel: LogLevel;
  /** What `GET /info` gives as `webSocketServerUrl`; otherwise derived from the request's host. */
  readonly webSocketUrl?: string;
}

/** Where the data lives. */
export type DatabaseSettings =
  { readonly kind: 'sqlite'; readonly path: string } | { readonly kind: 'postgres'; readonly url: string };

/** The fields that `CLIENT_WRITABLE_FIELDS` may name: never login, role or status. */
export const CLIENT_WRITABLE = ['password', 'data', 'introReviewed'] as const;
/** One of {@link CLIENT_WRITABLE}. */
export type ClientWritableField = (typeof CLIENT_WRITABLE)[number];

const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;
/** From the quietest but one to the loudest, as pino names them. */
export type LogLevel = (typeof LOG_LEVELS)[number];

/** A setting that does not hold. The message is one line that names the variable and what it accepts. */
export class SettingsError extends Error {}

const integer = (least: number, most: number) =>
  z
    .string()
    .regex(/^\d{1,15}$/)
    .transform(Number)
    .refine((value) => value >= least && value <= most);

const text = (least: number, most: number) => z.string().min(least).max(most);

const choice = <T>(choices: Record<string, T>) =>
  z
    .string()
    .transform((value) => value.toLowerCase())
    .refine((value) => Object.hasOwn(choices, value))
    .transform((value) => choices[value] as T);

const list = <const T extends string>(item: z.ZodType<T, string>) =>
  z
    .string()
    .transform((value) => value.split(',').map((part) => part.trim()))
    .pipe(z.array(item).min(1));

const database = z.string().transform((value, context): DatabaseSettings => {
  const path = /^sqlite:(?:\/\/(?=\/))?(?<path>.+)$/s.exec(value)?.groups?.['path'];
  if (path !== undefined && !path.startsWith(':memory:')) return { kind: 'sqlite', path };
  if (/^postgres(?:ql)?:\/\/./.test(value) && URL.canParse(value)) return { kind: 'postgres', url: value };
  context.addIssue({ code: 'custom' });
  return z.NEVER;
});

const origin = z
  .string()
  .refine((value) => /^https?:\/\//.test(value) && URL.canParse(value) && new URL(value).origin === value);

/** An address, a range of them such as 10.0.0.0/8, or one of the names that Fastify knows for some. */
const isProxyAddress = (value: string): boolean => {
  const [address = '', bits] = value.split('/', 2);
  return (
    ['loopback', 'linklocal', 'uniquelocal'].includes(value) ||
    (isIP(address) !== 0 &&
      (bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (isIPv6(address) ? 128 : 32))))
  );
};

const proxy = z
  .string()
  .refine(
    (value) =>
      /^(?:\d{1,2}|true|false)$/.test(value) || value.split(',').every((part) => isProxyAddress(part.trim())),
  )
  .transform((value): boolean | number | string => {
    if (value === 'true' || value === 'false') return value === 'true';
    return /^\d+$/.test(value) ? Number(value) : value;
  });

/** One variable: how it is read, what it is when unset, and what it accepts, in words. */
interface Variable<T> {
  readonly schema: z.ZodType<T, string>;
  readonly default: T;
  readonly accepts: string;
}
const variable = <T, D extends T | undefined>(schema: z.ZodType<T, string>, byDefault: D, accepts: string) =>
  ({ schema, default: byDefault, accepts }) as Variable<D extends undefined ? T | undefined : T>;

const onOff = choice({ on: true, off: false });
const trueFalse = choice({ true: true, false: false });

const DEFAULT_DATABASE: DatabaseSettings = { kind: 'sqlite', path: './data/users.sqlite' };

const VARIABLES = {
  HOST: variable(text(1, 255).regex(/^[\w.:-]+$/), '127.0.0.1', 'a host name or an address'),
  PORT: variable(integer(0, 65535), 8080, 'an integer from 0 to 65535'),
  API_PREFIX: variable(
    z.string().regex(/^(?:\/[\w.~-]+)+$/),
    '',
    'a path such as /dh/rest, with no slash at the end',
  ),
  DATABASE_URL: variable(
    database,
    DEFAULT_DATABASE,
    'sqlite:<path of a file> or postgres://<user>:<password>@<host>:<port>/<database>',
  ),
  ADMIN_LOGIN: variable(
    z.string().regex(/^[\w@.-]{3,128}$/),
    'admin',
    '3 to 128 characters of A-Z a-z 0-9 _ @ . -',
  ),
  ADMIN_PASSWORD: variable(z.string(), undefined, ''),
  JWT_SECRET: variable(text(32, 4096), undefined, 'a secret of 32 to 4096 characters'),
  KEY_ENCRYPTION_SECRET: variable(text(16, 4096), undefined, 'a secret of 16 to 4096 characters'),
  JWT_ISSUER: variable(text(1, 255), 'hivegate', '1 to 255 characters'),
  ACCESS_TOKEN_TTL: variable(integer(1, 315_360_000), 1800, 'seconds, an integer from 1 to 315360000'),
  REFRESH_TOKEN_TTL: variable(integer(1, 315_360_000), 15_724_800, 'seconds, an integer from 1 to 315360000'),
  BCRYPT_COST: variable(integer(4, 15), 12, 'an integer from 4 to 15'),
  PASSWORD_MIN_LENGTH: variable(integer(6, 128), 8, 'an integer from 6 to 128'),
  PASSWORD_BLOCKLIST: variable(onOff, true, 'on or off'),
  CLIENT_WRITABLE_FIELDS: variable(
    list(z.enum(CLIENT_WRITABLE)),
    ['password', 'data'] as ClientWritableField[],
    `a list of ${CLIENT_WRITABLE.join(', ')}, separated by commas`,
  ),
  REQUIRE_OLD_PASSWORD: variable(trueFalse, false, 'true or false'),
  LOCKOUT_SECONDS: variable(integer(0, 315_360_000), 0, 'seconds, an integer from 0 to 315360000'),
  RATE_LIMIT: variable(onOff, true, 'on or off'),
  TRUST_PROXY: variable(proxy, false, 'true, false, a number of hops, or addresses separated by commas'),
  CORS_ORIGINS: variable(
    list(origin),
    [] as string[],
    'origins such as https://console.example.com, separated by commas',
  ),
  LOG_LEVEL: variable(
    z
      .string()
      .transform((value) => value.toLowerCase())
      .pipe(z.enum(LOG_LEVELS)),
    'info',
    `one of ${LOG_LEVELS.join(', ')}`,
  ),
  WEBSOCKET_URL: variable(
    z.string().refine((value) => /^wss?:\/\//.test(value) && URL.canParse(value)),
    undefined,
    'a ws:// or wss:// URL',
  ),
};
type VariableName = keyof typeof VARIABLES;
type ValueOf<N extends VariableName> = (typeof VARIABLES)[N] extends Variable<infer T> ? T : never;

/**
 * Reads the settings from `environment`.
 *
 * @throws {SettingsError} for the first variable that does not hold
 */
export function readSettings(environment: NodeJS.ProcessEnv = process.env): Settings {
  const read = <N extends VariableName>(name: N): ValueOf<N> => {
    const { schema, default: byDefault, accepts } = VARIABLES[name] as unknown as Variable<ValueOf<N>>;
    const sent = environment[name];
    if (sent === undefined || sent === '') return byDefault;
    const result = schema.safeParse(sent);
    if (!result.success) throw new SettingsError(`${name} is not valid: it accepts ${accepts}`);
    return result.data;
  };

  const settings: Settings = {
    host: read('HOST'),
    port: read('PORT'),
    apiPrefix: read('API_PREFIX'),
    database: read('DATABASE_URL'),
    administrator: { login: read('ADMIN_LOGIN'), password: read('ADMIN_PASSWORD') },
    jwtSecret: read('JWT_SECRET'),
    keyEncryptionSecret: read('KEY_ENCRYPTION_SECRET'),
    jwtIssuer: read('JWT_ISSUER'),
    accessTokenTtl: read('ACCESS_TOKEN_TTL'),
    refreshTokenTtl: read('REFRESH_TOKEN_TTL'),
    bcryptCost: read('BCRYPT_COST'),
    passwordMinLength: read('PASSWORD_MIN_LENGTH'),
    passwordBlocklist: read('PASSWORD_BLOCKLIST'),
    clientWritableFields: read('CLIENT_WRITABLE_FIELDS'),
    requireOldPassword: read('REQUIRE_OLD_PASSWORD'),
    lockoutSeconds: read('LOCKOUT_SECONDS'),
    rateLimit: read('RATE_LIMIT'),
    trustProxy: read('TRUST_PROXY'),
    corsOrigins: read('CORS_ORIGINS'),
    logLevel: read('LOG_LEVEL'),
    webSocketUrl: read('WEBSOCKET_URL'),
  };
  refuseWeakAdministratorPassword(settings);
  return settings;
}

function refuseWeakAdministratorPassword({ administrator, passwordMinLength }: Settings): void {
  if (administrator.password === undefined) return;
  const length = countCharacters(administrator.password);
  if (length < passwordMinLength || length > 128) {
    throw new SettingsError(
      `ADMIN_PASSWORD is not valid: it accepts from ${passwordMinLength} to 128 characters`,
    );
  }
}

import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { userInfo } from 'node:os';
import { type ConnectionOptions as TlsOptions, createSecureContext, type SecureVersion } from 'node:tls';
import type pg from 'pg';
import { SettingsError } from '../../settings/settings.js';
import { postgresVariables, type Variables } from '../../settings/sources.js';
import { parsePostgresUrl } from '../../text/postgres-url.js';
import { CONNECTION_PARAMETERS } from './connection-parameters.js';

/** Options of the driver that say where and how to connect; its types do not have the last two. */
export type ConnectionOptions = pg.ClientConfig & {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly database: string;
  readonly sslnegotiation?: 'postgres' | 'direct';
  readonly enableChannelBinding?: boolean;
};

/** Where the parameters come from. */
export interface ParameterSource {
  /** What the URL is called in messages. */
  readonly name?: string;
  /** The environment; only the `PG*` variables count. */
  readonly variables?: Variables;
}

/** The value of a parameter, and how a message calls it. */
interface Given {
  readonly value: string;
  readonly calledAs: string;
}

type PgPass = (address: object, done: (password?: string) => void) => void;
/** Reads `.pgpass`, or the file that `PGPASSFILE` names. It has no types. */
const pgPass = createRequire(import.meta.url)('pgpass') as PgPass;

/** The directories of sockets that PostgreSQL is built with. `.pgpass` calls them localhost. */
const USUAL_SOCKETS = ['/var/run/postgresql', '/run/postgresql', '/tmp'];

/**
 * Converts a `postgres://` URL and the `PG*` variables to options of the driver. They mean what they mean to PostgreSQL's
 * own programs (libpq); what the driver would ignore or do otherwise is refused. The URL has precedence.
 *
 * @throws {SettingsError} one line for each problem: what it is, and what to write. No line shows a password
 */
export function connectionOptions(
  url: string,
  { name = 'DATABASE_URL', variables = postgresVariables() }: ParameterSource = {},
): ConnectionOptions {
  const given = givenParameters(url, name, variables);
  refuseProblems(given);
  const textOf = (parameter: string): string | undefined => given.get(parameter)?.value;
  const host = textOf('host') ?? 'localhost';
  const user = textOf('user') ?? userOfProcess(name);
  const timeout = textOf('connect_timeout');
  const idle = textOf('keepalives_idle');
  const application = textOf('application_name');
  const options = textOf('options');
  const negotiation = textOf('sslnegotiation') as ConnectionOptions['sslnegotiation'];
  const ssl = host.startsWith('/') ? false : tlsOptions(given);
  if (negotiation === 'direct' && ssl === false && !host.startsWith('/'))
    throw new SettingsError(`${calledAs(given, 'sslnegotiation')} needs sslmode: write sslmode=verify-full`);
  return {
    host,
    port: Number(textOf('port') ?? 5432),
    user,
    database: textOf('dbname') ?? user,
    password: textOf('password') ?? passwordFromFile,
    ssl,
    ...(timeout !== undefined && { connectionTimeoutMillis: Number(timeout) * 1000 }),
    ...(textOf('keepalives') !== '0' &&
      idle !== undefined && { keepAlive: true, keepAliveInitialDelayMillis: Number(idle) * 1000 }),
    ...(textOf('keepalives') === '1' && { keepAlive: true }),
    ...(application !== undefined && { application_name: application }),
    ...(options !== undefined && { options }),
    ...(ssl !== false && negotiation !== undefined && { sslnegotiation: negotiation }),
    ...(textOf('channel_binding') === 'prefer' && { enableChannelBinding: true }),
  };
}

/** Collects what the variables and, with precedence, the URL say. @throws {SettingsError} */
function givenParameters(url: string, name: string, variables: Variables): Map<string, Given> {
  const given = new Map<string, Given>();
  for (const [parameter, { variable }] of Object.entries(CONNECTION_PARAMETERS)) {
    const value = variable === undefined ? '' : (variables[variable] ?? '');
    if (variable !== undefined && value !== '') given.set(parameter, { value, calledAs: variable });
  }
  const parts = parsePostgresUrl(url);
  if (!parts)
    throw new SettingsError(
      `${name} is not valid: write postgres://<user>:<password>@<host>:<port>/<database>, with special characters percent-encoded`,
    );
  const { user, password, host, port, database: dbname, parameters } = parts;
  for (const [parameter, value] of Object.entries({ user, password, host, port, dbname }))
    // Of several hosts, their ports would be one more line.
    if (value !== undefined && !(parameter === 'port' && host?.includes(',') === true))
      given.set(parameter, { value, calledAs: `the ${NAMES[parameter]} in ${name}` });
  const names = new Set<string>();
  for (const [parameter, value] of parameters) {
    const called = `${shown(parameter)} in ${name}`;
    if (names.has(parameter)) throw new SettingsError(`${called} comes twice: write it once`);
    if (value === '') throw new SettingsError(`${called} has no value: leave it out`);
    names.add(parameter);
    given.set(parameter, { value, calledAs: called });
  }
  return given;
}

const NAMES: Readonly<Record<string, string>> = {
  user: 'user',
  password: 'password',
  host: 'host',
  port: 'port',
  dbname: 'database',
};

/** The name of a parameter may be a part of a password that was not encoded. */
const shown = (parameter: string) =>
  Object.hasOwn(CONNECTION_PARAMETERS, parameter) || /^[a-z][a-z_]{0,40}$/i.test(parameter)
    ? parameter
    : 'a parameter';

/** @throws {SettingsError} one line for each parameter that is not known, or whose value is not taken */
function refuseProblems(given: ReadonlyMap<string, Given>): void {
  const lines: string[] = [];
  for (const [parameter, { value, calledAs: called }] of given) {
    const known = Object.hasOwn(CONNECTION_PARAMETERS, parameter)
      ? CONNECTION_PARAMETERS[parameter]
      : undefined;
    if (!known) lines.push(`${called} is not known: leave it out`);
    else if (value.includes('\0') || !known.isTaken(value))
      lines.push(`${called} cannot be used: ${known.instead || 'it holds a NUL'}`);
  }
  if (lines.length > 0) throw new SettingsError(lines.join('\n'));
}

const calledAs = (given: ReadonlyMap<string, Given>, parameter: string) =>
  given.get(parameter)?.calledAs ?? parameter;

/** The user of the operating system, as PostgreSQL's own programs have it. */
function userOfProcess(name: string): string {
  try {
    return userInfo().username;
  } catch {
    throw new SettingsError(`${name} names no user: write postgres://<user>@<host>/<database>`);
  }
}

/**
 * Finds the password when the server asks for one: in `.pgpass`, which may have changed since.
 *
 * @throws {SettingsError} when there is none
 */
async function passwordFromFile(address?: unknown): Promise<string> {
  const { host, port, user, database } = address as ConnectionOptions;
  const hosts = USUAL_SOCKETS.includes(host) ? [host, 'localhost'] : [host];
  for (const named of hosts) {
    const found = await new Promise<string | undefined>((done) => {
      pgPass({ host: named, port, user, database }, done);
    });
    if (found !== undefined) return found;
  }
  throw new SettingsError(
    'DATABASE_URL cannot be used: the server asks for a password: write it into DATABASE_URL, PGPASSWORD or a file .pgpass that only its owner can read',
  );
}

/**
 * TLS as libpq has it: `require` encrypts and verifies nothing, unless `sslrootcert` is given: then it is `verify-ca`.
 * There is no `prefer`: without `sslmode` the connection is not encrypted.
 *
 * @throws {SettingsError} for files that cannot be read, or do not fit
 */
function tlsOptions(given: ReadonlyMap<string, Given>): false | TlsOptions {
  const textOf = (parameter: string): string | undefined => given.get(parameter)?.value;
  const mode = textOf('sslmode');
  const refuse = (parameter: string, why: string): never => {
    throw new SettingsError(`${calledAs(given, parameter)} cannot be used: ${why}`);
  };
  if (mode === 'disable') return false;
  if (mode === undefined) {
    const unused = [...given.keys()].find((parameter) =>
      /^ssl(?:rootcert|cert|key|password)$/.test(parameter),
    );
    return unused === undefined ? false : refuse(unused, 'it needs sslmode: write sslmode=verify-full');
  }
  const read = (parameter: string): Buffer | undefined => {
    const path = textOf(parameter);
    if (path === undefined || (parameter === 'sslrootcert' && path === 'system')) return undefined;
    try {
      return readFileSync(path);
    } catch (error) {
      return refuse(
        parameter,
        `its file cannot be read (${(error as NodeJS.ErrnoException).code ?? 'unknown'})`,
      );
    }
  };
  const ca = read('sslrootcert');
  if (ca && !isCertificate(ca)) refuse('sslrootcert', 'write the path of a file with certificates in PEM');
  if (mode === 'verify-ca' && !ca)
    refuse('sslmode', 'verify-ca needs sslrootcert, the file of the authority; or write verify-full');
  if (textOf('sslrootcert') === 'system' && mode !== 'verify-full')
    refuse('sslrootcert', 'system needs sslmode=verify-full');
  const [cert, key] = [read('sslcert'), read('sslkey')];
  if (!cert !== !key) refuse(cert ? 'sslcert' : 'sslkey', 'write both sslcert and sslkey');
  const min = textOf('ssl_min_protocol_version') as SecureVersion | undefined;
  const max = textOf('ssl_max_protocol_version') as SecureVersion | undefined;
  const passphrase = textOf('sslpassword');
  const verifies = mode !== 'no-verify' && (mode !== 'require' || ca !== undefined);
  const tls: TlsOptions = {
    rejectUnauthorized: verifies,
    ...(verifies && mode !== 'verify-full' && { checkServerIdentity: () => undefined }),
    ...(ca && { ca }),
    ...(cert && key && { cert, key }),
    ...(passphrase !== undefined && { passphrase }),
    ...(min && { minVersion: min }),
    ...(max && { maxVersion: max }),
  };
  try {
    createSecureContext(tls);
  } catch {
    refuse(cert ? 'sslcert' : 'sslmode', 'the certificate, its key and its password do not go together');
  }
  return tls;
}

function isCertificate(pem: Buffer): boolean {
  try {
    return new X509Certificate(pem).raw.length > 0;
  } catch {
    return false;
  }
}

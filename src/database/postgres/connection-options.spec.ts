import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { SettingsError } from '../../settings/settings.js';
import type { Variables } from '../../settings/sources.js';
import { connectionOptions } from './connection-options.js';
import { CONNECTION_PARAMETERS } from './connection-parameters.js';

const directory = mkdtempSync(join(tmpdir(), 'hivegate-options-'));
afterAll(() => {
  rmSync(directory, { recursive: true, force: true });
});

const BASE = 'postgres://u:zq7secret@h/d';
const optionsOf = (url: string, variables: Variables = {}) => connectionOptions(url, { variables });

function refusalOf(url: string, variables: Variables = {}): string {
  try {
    optionsOf(url, variables);
  } catch (error) {
    expect(error).toBeInstanceOf(SettingsError);
    return (error as Error).message;
  }
  throw new Error(`${url} is taken`);
}

describe('connectionOptions', () => {
  it.each<[string, Variables, object]>([
    [BASE, {}, { user: 'u', password: 'zq7secret', host: 'h', port: 5432, database: 'd', ssl: false }],
    ['postgres://u@/d?host=/run/x', {}, { user: 'u', host: '/run/x', port: 5432, database: 'd', ssl: false }],
    ['postgres:///d?host=/var/run/postgresql&port=6000', {}, { host: '/var/run/postgresql', port: 6000 }],
    ['postgres://%2Frun%2Fx/d', {}, { host: '/run/x', database: 'd' }],
    ['postgres://u:p@[::1]:6000/d', {}, { host: '::1', port: 6000 }],
    ['postgres:///', {}, { host: 'localhost', user: userInfo().username, database: userInfo().username }],
    ['postgres://u@h', {}, { database: 'u' }],
    ['postgres://h/d?user=a%40b&password=x%20y', {}, { user: 'a@b', password: 'x y' }],
    ['postgres://localhost/d?host=/cloudsql/x', {}, { host: '/cloudsql/x' }],
    [
      'postgres:///',
      { PGHOST: '/run/x', PGPORT: '6000', PGUSER: 'a', PGPASSWORD: 'b', PGDATABASE: 'c' },
      { host: '/run/x', port: 6000, user: 'a', password: 'b', database: 'c' },
    ],
    // The URL has precedence.
    [
      BASE,
      { PGHOST: 'x', PGUSER: 'a', PGPASSWORD: 'b', PGDATABASE: 'c', PGPORT: '1', PGSSLMODE: 'require' },
      {
        host: 'h',
        user: 'u',
        password: 'zq7secret',
        database: 'd',
        port: 1,
        ssl: { rejectUnauthorized: false },
      },
    ],
    [`${BASE}?sslmode=disable`, { PGSSLMODE: 'verify-full' }, { ssl: false }],
    [`${BASE}?sslmode=require`, {}, { ssl: { rejectUnauthorized: false } }],
    [`${BASE}?sslmode=no-verify`, {}, { ssl: { rejectUnauthorized: false } }],
    [`${BASE}?sslmode=require&uselibpqcompat=true`, {}, { ssl: { rejectUnauthorized: false } }],
    [`${BASE}?sslmode=verify-full`, {}, { ssl: { rejectUnauthorized: true } }],
    [`${BASE}?sslmode=verify-full&sslrootcert=system`, {}, { ssl: { rejectUnauthorized: true } }],
    [
      `${BASE}?sslmode=verify-full&ssl_min_protocol_version=TLSv1.3`,
      {},
      { ssl: { rejectUnauthorized: true, minVersion: 'TLSv1.3' } },
    ],
    // A socket needs no encryption, as in libpq.
    ['postgres://u@%2Frun/d?sslmode=verify-full', {}, { ssl: false }],
    [`${BASE}?sslmode=require&sslnegotiation=direct`, {}, { sslnegotiation: 'direct' }],
    [`${BASE}?channel_binding=prefer&sslmode=require`, {}, { enableChannelBinding: true }],
    [`${BASE}?connect_timeout=7`, {}, { connectionTimeoutMillis: 7000 }],
    [BASE, { PGCONNECT_TIMEOUT: '8' }, { connectionTimeoutMillis: 8000 }],
    [`${BASE}?application_name=a`, { PGAPPNAME: 'b' }, { application_name: 'a' }],
    [BASE, { PGAPPNAME: 'b' }, { application_name: 'b' }],
    [`${BASE}?options=-c%20search_path%3Dx`, {}, { options: '-c search_path=x' }],
    [BASE, { PGOPTIONS: '-c search_path=x' }, { options: '-c search_path=x' }],
    [`${BASE}?keepalives=1&keepalives_idle=30`, {}, { keepAlive: true, keepAliveInitialDelayMillis: 30_000 }],
    [`${BASE}?client_encoding=UTF8&gssencmode=disable&target_session_attrs=any`, {}, { host: 'h' }],
    // Empty variables are unset; others are not of a connection.
    [
      BASE,
      { PGSSLMODE: '', PGSERVICE: '', PGDATA: '/data', PGTZ: 'UTC', HOST: 'x' },
      { host: 'h', ssl: false },
    ],
  ])('reads %s with %j', (url, variables, wanted) => {
    expect(optionsOf(url, variables)).toMatchObject(wanted);
  });

  it.each([
    ['sslmode=prefer', 'verify-full'],
    ['sslmode=allow', 'verify-full'],
    ['sslmode=Require', 'verify-full'],
    ['sslmode=verify-ca', 'sslrootcert'],
    ['sslmode=require&sslrootcert=system', 'verify-full'],
    ['sslrootcert=/x', 'sslmode=verify-full'],
    ['sslmode=verify-full&sslrootcert=/nowhere', 'ENOENT'],
    ['sslmode=verify-full&sslrootcert=/dev/null', 'PEM'],
    ['sslmode=require&sslcert=/dev/null', 'both'],
    ['sslmode=require&sslcert=/dev/null&sslkey=/dev/null', 'go together'],
    ['ssl=true', 'sslmode='],
    ['sslnegotiation=direct', 'sslmode='],
    ['sslcrl=/x&sslmode=require', 'leave it out'],
    ['channel_binding=require', 'prefer'],
    ['gssencmode=require', 'disable'],
    ['target_session_attrs=read-write', 'one host'],
    ['load_balance_hosts=random', 'one host'],
    ['host=a%2Cb', 'one host'],
    ['port=1%2C2', 'one number'],
    ['port=0', '65535'],
    ['port=x', '65535'],
    ['hostaddr=127.0.0.1', 'as the host'],
    ['service=x', 'service file'],
    ['passfile=/x', 'PGPASSFILE'],
    ['statement_timeout=1', 'the service sets its own'],
    ['query_timeout=1', 'the service sets its own'],
    ['options=-c%20statement_timeout%3D1', 'the service sets its own'],
    ['options=--lock-timeout%3D1', 'the service sets its own'],
    ['client_encoding=LATIN1', 'UTF8'],
    ['connect_timeout=0', 'seconds'],
    ['connect_timeout=-1', 'seconds'],
    ['connect_timeout=1e9', 'seconds'],
    ['keepalives_interval=3', 'leave it out'],
    ['replication=database', 'leave it out'],
    ['uselibpqcompat=false', 'leave it out'],
    ['max=100', 'not known'],
    ['schema=public', 'not known'],
    ['__proto__=x', 'not known'],
    ['constructor=x', 'not known'],
    ['sslmode=', 'has no value'],
    ['sslmode=disable&sslmode=require', 'twice'],
    ['application_name=a%00b', 'NUL'],
  ])('refuses %s in one line that says what to write', (query, remedy) => {
    const message = refusalOf(`${BASE}?${query}`);
    expect(message).toContain(remedy);
    expect(message).toContain('DATABASE_URL');
    expect(message.split('\n')).toHaveLength(1);
    expect(message).not.toContain('zq7');
  });

  it.each(['postgres://a,b/d', 'postgres://a:1,b:2/d', 'postgres://a:1,[::1]:2/d'])(
    'refuses several hosts: %s',
    (url) => {
      expect(refusalOf(url)).toContain('name one host');
    },
  );

  it.each([
    ['PGSSLMODE', 'prefer'],
    ['PGSSLMODE', 'nonsense'],
    ['PGSSLROOTCERT', '/x'],
    ['PGHOST', 'a,b'],
    ['PGHOSTADDR', '127.0.0.1'],
    ['PGSERVICE', 'x'],
    ['PGTARGETSESSIONATTRS', 'primary'],
    ['PGCHANNELBINDING', 'require'],
    ['PGREQUIRESSL', '1'],
    ['PGREQUIREAUTH', 'scram-sha-256'],
    ['PGOPTIONS', '-c statement_timeout=1'],
    ['PGCLIENTENCODING', 'SQL_ASCII'],
    ['PGCONNECT_TIMEOUT', 'x'],
    ['PGPORT', '5432,5433'],
  ])('refuses the variable %s=%s by its name', (variable, value) => {
    const message = refusalOf('postgres://u:zq7secret@/d', { [variable]: value });
    expect(message).toContain(variable);
    expect(message).not.toContain('zq7');
  });

  it('says all that is wrong at once, a line for each, and never a value', () => {
    const message = refusalOf(`${BASE}?sslmode=zq7&password=zq7&zq7/pass=zq7&max=zq7`, { PGSERVICE: 'zq7' });
    expect(message.split('\n')).toHaveLength(4);
    expect(message).not.toContain('zq7');
  });

  it('calls the URL what its option is called', () => {
    expect(() => connectionOptions('postgres://h?x=1', { name: '--from', variables: {} })).toThrow(
      'in --from',
    );
  });

  it('reads no variable of the process where others are given', () => {
    expect(optionsOf('postgres:///')).toMatchObject({ host: 'localhost', port: 5432 });
  });

  it('knows each variable once', () => {
    const variables = Object.values(CONNECTION_PARAMETERS).flatMap(({ variable }) => variable ?? []);
    expect(new Set(variables).size).toBe(variables.length);
  });

  it('does not take a private key for the certificate of an authority', () => {
    const path = join(directory, 'key.pem');
    writeFileSync(path, '-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n');
    expect(refusalOf(`${BASE}?sslmode=verify-full&sslrootcert=${path}`)).toContain('PEM');
  });
});

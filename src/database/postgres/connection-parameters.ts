/** A parameter of a connection, as PostgreSQL's own programs know it. */
export interface ConnectionParameter {
  /** The environment variable that sets it where the URL does not. */
  readonly variable?: string;
  /** Whether a value has the effect here that it has there. */
  isTaken(value: string): boolean;
  /** What to write instead of a value that is not taken. */
  readonly instead: string;
}

const any = () => true;
const never = () => false;
const oneOf =
  (...values: readonly string[]) =>
  (value: string) =>
    values.includes(value);
const seconds = (value: string) => /^[1-9]\d{0,3}$/.test(value);
const port = (value: string) => /^\d{1,5}$/.test(value) && Number(value) >= 1 && Number(value) <= 65_535;

/** A directory may have spaces in its name, a host may not; `@` begins an abstract socket. */
const isOneHost = (value: string) => (value.startsWith('/') ? !value.includes(',') : !/[,@\s]/.test(value));

/** What the service sets for each of its connections itself. */
const OWN_SETTINGS = [
  'statement_timeout',
  'lock_timeout',
  'idle_in_transaction_session_timeout',
  'client_encoding',
];
const setByService = { isTaken: never, instead: 'leave it out: the service sets its own' };
const TLS_VERSIONS = ['TLSv1.2', 'TLSv1.3'];
const oneHost = 'name one host, for example a proxy or a virtual address in front of several servers';
const noGss = { isTaken: oneOf('disable', 'prefer'), instead: 'write disable: there is no GSSAPI' };
const leaveOut = (why: string) => ({ isTaken: never, instead: `leave it out: ${why}` });

/**
 * Every parameter of a PostgreSQL URL that is known here, by its name. What the driver would ignore, or would take for
 * something else than PostgreSQL's own programs do, is refused.
 */
export const CONNECTION_PARAMETERS: Readonly<Record<string, ConnectionParameter>> = {
  host: { variable: 'PGHOST', isTaken: isOneHost, instead: oneHost },
  hostaddr: { variable: 'PGHOSTADDR', isTaken: never, instead: 'write the address as the host' },
  port: { variable: 'PGPORT', isTaken: port, instead: 'write one number from 1 to 65535' },
  dbname: { variable: 'PGDATABASE', isTaken: (value) => !value.includes('='), instead: 'write a name' },
  user: { variable: 'PGUSER', isTaken: any, instead: '' },
  password: { variable: 'PGPASSWORD', isTaken: any, instead: '' },
  passfile: { isTaken: never, instead: 'set PGPASSFILE' },
  service: {
    variable: 'PGSERVICE',
    isTaken: never,
    instead: 'write into the URL what the service file holds',
  },
  servicefile: { isTaken: never, instead: 'write into the URL what the service file holds' },
  options: {
    variable: 'PGOPTIONS',
    isTaken: (value) => !OWN_SETTINGS.some((name) => value.replaceAll('-', '_').includes(name)),
    instead: `leave out ${OWN_SETTINGS.join(', ')}: the service sets its own`,
  },
  application_name: { variable: 'PGAPPNAME', isTaken: any, instead: '' },
  fallback_application_name: { isTaken: never, instead: 'write application_name' },
  connect_timeout: {
    variable: 'PGCONNECT_TIMEOUT',
    isTaken: seconds,
    instead: 'write seconds, a number from 1 to 9999',
  },
  client_encoding: {
    variable: 'PGCLIENTENCODING',
    isTaken: (value) => /^(?:utf-?8|unicode)$/i.test(value),
    instead: 'write UTF8, or leave it out',
  },
  keepalives: { isTaken: oneOf('0', '1'), instead: 'write 0 or 1' },
  keepalives_idle: { isTaken: seconds, instead: 'write seconds, a number from 1 to 9999' },
  keepalives_interval: leaveOut('the system decides'),
  keepalives_count: leaveOut('the system decides'),
  tcp_user_timeout: leaveOut('the service closes connections that are silent'),
  replication: leaveOut('the service does not replicate'),
  target_session_attrs: {
    variable: 'PGTARGETSESSIONATTRS',
    isTaken: oneOf('any'),
    instead: 'leave it out, and name the one host that takes writes',
  },
  load_balance_hosts: { variable: 'PGLOADBALANCEHOSTS', isTaken: oneOf('disable'), instead: oneHost },
  require_auth: { variable: 'PGREQUIREAUTH', ...leaveOut('write sslmode=verify-full') },
  channel_binding: {
    variable: 'PGCHANNELBINDING',
    isTaken: oneOf('disable', 'prefer'),
    instead: 'write prefer, and sslmode=verify-full: the driver cannot require it',
  },
  gssencmode: { variable: 'PGGSSENCMODE', ...noGss },
  krbsrvname: { variable: 'PGKRBSRVNAME', ...leaveOut('there is no GSSAPI') },
  gsslib: { variable: 'PGGSSLIB', ...leaveOut('there is no GSSAPI') },
  gssdelegation: {
    variable: 'PGGSSDELEGATION',
    isTaken: oneOf('0'),
    instead: 'leave it out: there is no GSSAPI',
  },
  requirepeer: { variable: 'PGREQUIREPEER', ...leaveOut('the permissions of the directory decide') },
  sslmode: {
    variable: 'PGSSLMODE',
    isTaken: oneOf('disable', 'require', 'verify-ca', 'verify-full', 'no-verify'),
    instead: 'write disable, require, verify-ca or verify-full: a connection is encrypted, or it is not',
  },
  ssl: { isTaken: never, instead: 'write sslmode=verify-full, sslmode=require or sslmode=disable' },
  requiressl: { variable: 'PGREQUIRESSL', isTaken: never, instead: 'write sslmode=require' },
  sslrootcert: { variable: 'PGSSLROOTCERT', isTaken: any, instead: '' },
  sslcert: { variable: 'PGSSLCERT', isTaken: any, instead: '' },
  sslkey: { variable: 'PGSSLKEY', isTaken: any, instead: '' },
  sslpassword: { isTaken: any, instead: '' },
  sslcertmode: { variable: 'PGSSLCERTMODE', isTaken: oneOf('allow'), instead: 'leave it out' },
  sslcrl: { variable: 'PGSSLCRL', ...leaveOut('revocation lists are not read') },
  sslcrldir: { variable: 'PGSSLCRLDIR', ...leaveOut('revocation lists are not read') },
  sslcompression: { variable: 'PGSSLCOMPRESSION', isTaken: oneOf('0'), instead: 'leave it out' },
  sslsni: { variable: 'PGSSLSNI', isTaken: oneOf('1'), instead: 'leave it out' },
  sslnegotiation: {
    variable: 'PGSSLNEGOTIATION',
    isTaken: oneOf('postgres', 'direct'),
    instead: 'write postgres or direct',
  },
  ssl_min_protocol_version: {
    variable: 'PGSSLMINPROTOCOLVERSION',
    isTaken: oneOf(...TLS_VERSIONS),
    instead: `write ${TLS_VERSIONS.join(' or ')}`,
  },
  ssl_max_protocol_version: {
    variable: 'PGSSLMAXPROTOCOLVERSION',
    isTaken: oneOf(...TLS_VERSIONS),
    instead: `write ${TLS_VERSIONS.join(' or ')}`,
  },
  // The driver's own: this service reads sslmode as PostgreSQL's programs do anyway.
  uselibpqcompat: { isTaken: oneOf('true'), instead: 'leave it out' },
  statement_timeout: setByService,
  lock_timeout: setByService,
  idle_in_transaction_session_timeout: setByService,
  query_timeout: setByService,
};

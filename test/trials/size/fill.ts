import type { TestDatabase } from '../../support/database.js';

/** How many rows a database gets. */
export interface Size {
  readonly users: number;
  readonly events: number;
  readonly sessions: number;
  readonly networks: number;
}

/** The size of docs/performance.md. */
export const LARGE: Size = { users: 1_000_000, events: 10_000_000, sessions: 400_000, networks: 10_000 };
/** The size of a whole run, and of its slice. */
export const MEDIUM: Size = { users: 100_000, events: 1_000_000, sessions: 40_000, networks: 1000 };
export const SLICE: Size = { users: 20_000, events: 200_000, sessions: 8000, networks: 500 };

/** The most rows that one statement inserts. */
const CHUNK = 500_000;
const DAY = 86_400_000;

const FIRST_NAMES =
  'ada,alan,amina,anna,barbara,bjarne,carlos,chen,clara,dennis,edsger,elena,emil,fatima,grace,hedy,ines,ivan,jan,jose,karen,ken,lea,linus,lin,maria,marie,mei,mohammed,nadia,niklaus,noor,olga,omar,paul,priya,radia,rosa,sara,sofia,tim,tomas,vera,victor,wang,yuki,yusuf,zara,zoe,zofia';
const LAST_NAMES =
  'allen,babbage,backus,bartik,bell,berners-lee,boole,cerf,chomsky,codd,curry,dijkstra,easley,engelbart,estrin,euler,feinler,floyd,garcia,goldberg,gosling,hamilton,hoare,holberton,hopper,kahn,kay,kernighan,khan,knuth,lamarr,lamport,liskov,lovelace,mccarthy,minsky,naur,neumann,novak,perlis,perlman,ritchie,rivest,shannon,silva,stroustrup,tanaka,thompson,turing,wirth';

/** An expression of a text of a list, by the number `n`. */
const pick = (list: string, n: string) => `(string_to_array('${list}', ','))[1 + (${n}) % 50]`;

/**
 * Fills a database of PostgreSQL on which the service has been started, by SQL. All users have the password of user 1.
 * Every statement is of at most {@link CHUNK} rows, and the statistics are up to date afterwards.
 */
export async function fill(
  { query }: Pick<TestDatabase, 'query'>,
  size: Size,
  tell: (line: string) => void = () => undefined,
): Promise<void> {
  const [root] = await query('SELECT password_hash AS hash FROM users WHERE id = 1');
  const hash = String(root?.['hash']);
  const now = Date.now();
  for (const { name, rows, sql } of statements(size, hash, now)) {
    for (let from = 1; from <= rows; from += CHUNK) {
      await query(sql(from, Math.min(from + CHUNK - 1, rows)));
      tell(`${name}: ${Math.min(from + CHUNK - 1, rows)}`);
    }
  }
  for (const table of ['users', 'networks', 'device_types', 'events'])
    await query(`SELECT setval(pg_get_serial_sequence('${table}', 'id'), (SELECT max(id) FROM "${table}"))`);
  await query('VACUUM (ANALYZE)');
}

interface Fill {
  readonly name: string;
  readonly rows: number;
  readonly sql: (from: number, to: number) => string;
}

function statements({ users, events, sessions, networks }: Size, hash: string, now: number): Fill[] {
  const numbers = (from: number, to: number) => `generate_series(${from}::bigint, ${to}::bigint) AS n`;
  // A number that jumps about, so that rows of one user are not neighbours.
  const someUser = (n: string, prime = 7919) => `(2 + (${n} * ${prime}) % ${users})`;
  const address = (n: string) =>
    `'198.' || (18 + ${n} % 2) || '.' || (${n} / 251 % 256) || '.' || (${n} % 251)`;
  const at = (n: string, rows: number, days: number) =>
    `(${now - days * DAY} + ${n} * ${Math.floor((days * DAY) / rows)})`;
  return [
    {
      name: 'users',
      rows: users,
      sql: (from, to) => `
        INSERT INTO users (id, login, login_key, password_hash, role, status, data, intro_reviewed,
          all_device_types_available, last_login, locked_by_failed_logins)
        SELECT n + 1, login, lower(login), '${hash}', CASE WHEN n % 50000 = 0 THEN 0 ELSE 1 END,
          CASE WHEN n % 67 = 0 THEN 1 WHEN n % 71 = 0 THEN 2 ELSE 0 END,
          CASE WHEN n % 2 = 0 THEN '{"name": "' || login || '", "language": "en", "theme": {"dark": ' ||
            (n % 3 = 0) || '}, "seen": [' || n % 100 || ', ' || n % 7 || ']}' END,
          n % 3 = 0, n % 10 <> 0, ${at('n', users, 300)}, false
        FROM (SELECT n, ${pick(FIRST_NAMES, 'n * 31 + n / 50')} || '.' || ${pick(LAST_NAMES, 'n / 50 + n * 17')} || n ||
          CASE WHEN n % 2 = 0 THEN '@example.com' ELSE '' END AS login FROM ${numbers(from, to)}) AS made`,
    },
    {
      name: 'networks',
      rows: networks,
      sql: (from, to) => `
        INSERT INTO networks (id, name, name_key, description)
        SELECT n + 1, name, lower(name), 'made for a trial'
        FROM (SELECT n, initcap(${pick(LAST_NAMES, 'n')}) || ' Site ' || n AS name FROM ${numbers(from, to)}) AS made`,
    },
    {
      name: 'device types',
      rows: 200,
      sql: (from, to) => `
        INSERT INTO device_types (id, name, name_key)
        SELECT n + 1, 'Sensor ' || n, 'sensor ' || n FROM ${numbers(from, to)}`,
    },
    {
      name: 'networks of users',
      rows: users,
      sql: (from, to) => `
        INSERT INTO user_networks (user_id, network_id)
        SELECT n + 1, 2 + (n * 13 + extra * 101) % ${networks} FROM ${numbers(from, to)}, generate_series(0, 1) AS extra
        WHERE n % 2 = 0 AND (extra = 0 OR n % 6 = 0) ON CONFLICT DO NOTHING`,
    },
    {
      name: 'device types of users',
      rows: users,
      sql: (from, to) => `
        INSERT INTO user_device_types (user_id, device_type_id)
        SELECT n + 1, 2 + n / 10 % 200 FROM ${numbers(from, to)} WHERE n % 10 = 0`,
    },
    {
      name: 'known sources',
      rows: Math.floor(users / 2),
      sql: (from, to) => `
        INSERT INTO known_sources (user_id, source, last_used_at)
        SELECT n + 1, ${address('n')}, ${at('n', users / 2, 30)} FROM ${numbers(from, to)}`,
    },
    {
      name: 'sessions',
      rows: sessions,
      sql: (from, to) => `
        INSERT INTO sessions (id, user_id, kind, parent_id, created_by, created_at, last_used_at, expires_at,
          access_expires_at, revoked_at, removable_at, address, user_agent, actions, network_ids, device_type_ids,
          rotations)
        SELECT gen_random_uuid()::text, ${someUser('n')}, CASE WHEN n % 20 = 0 THEN 'created' ELSE 'signIn' END, NULL,
          CASE WHEN n % 20 = 0 THEN ${someUser('n')} END, made, made, made + ${182 * DAY}, made + 1800000,
          CASE WHEN n % 10 = 3 THEN made + 600000 END,
          CASE WHEN n % 10 = 3 THEN ${now} + 3600000 + n ELSE made + ${182 * DAY} END,
          ${address('n')}, 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36', '[0]', '["*"]', '["*"]', '[]'
        FROM (SELECT n, ${at('n', sessions, 150)} AS made FROM ${numbers(from, to)}) AS moments`,
    },
    {
      name: 'events',
      rows: events,
      sql: (from, to) => `
        INSERT INTO events (at, type, subject, actor_id, data)
        SELECT ${at('n', events, 360)},
          CASE WHEN n % 1000000 = 999 THEN 'service.exported' WHEN n % 100000 = 77 THEN 'configuration.set'
            WHEN n % 20 < 12 THEN 'signIn.succeeded' WHEN n % 20 < 15 THEN 'signIn.failed'
            WHEN n % 20 < 17 THEN 'session.revoked' WHEN n % 20 < 19 THEN 'user.updated' ELSE 'user.created' END,
          CASE WHEN n % 100000 = 77 THEN 'configuration/theme' ELSE 'user/' || ${someUser('n')} END,
          CASE WHEN n % 20 IN (12, 13, 14) THEN NULL WHEN n % 20 IN (17, 19) THEN 1 ELSE ${someUser('n')} END,
          '{"session":"' || md5(n::text) || '","address":"' || ${address('n')} || '","requestId":"' || md5(n || '.') || '"}'
        FROM ${numbers(from, to)}`,
    },
  ];
}

/**
 * `import devicehive` of a million users, from PostgreSQL into SQLite and into PostgreSQL: seconds, users per second and
 * peak memory. Run: `node bench/import.mjs [users]`, after `npm run build`.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { clearInterval, setInterval } from 'node:timers';
import pg from 'pg';
import { startPostgres } from './postgres.mjs';

const USERS = Number(process.argv[2] ?? 1_000_000);

/** The tables of the original, with users who have a hash, data and one network each. */
const TABLES = `
  CREATE TABLE dh_user (
    id bigserial PRIMARY KEY, login varchar(64) NOT NULL UNIQUE, password_hash varchar(128), password_salt varchar(64),
    role integer NOT NULL, status integer NOT NULL, login_attempts integer NOT NULL, last_login timestamptz,
    entity_version bigint NOT NULL DEFAULT 0, data text, intro_reviewed boolean, all_device_types_available boolean);
  CREATE TABLE network (
    id bigserial PRIMARY KEY, name varchar(128) UNIQUE, description varchar(128), entity_version bigint);
  CREATE TABLE user_network (id bigserial PRIMARY KEY, user_id bigint, network_id bigint, entity_version bigint);
  CREATE TABLE configuration (
    id serial PRIMARY KEY, name varchar(32) UNIQUE, value varchar(128), entity_version bigint);
  INSERT INTO network (name) SELECT 'network ' || n FROM generate_series(1, 1000) AS n;
  INSERT INTO dh_user (login, password_hash, password_salt, role, status, login_attempts, last_login, data)
    SELECT 'user-' || n || '@example.com', encode(sha256(('salt ' || n || 'password')::bytea), 'base64'), 'salt ' || n,
      CASE WHEN n = 1 THEN 0 ELSE 1 END, 0, 0, now(), '{"theme":"dark","number":' || n || '}'
    FROM generate_series(1, ${USERS}) AS n;
  INSERT INTO user_network (user_id, network_id) SELECT id, 1 + id % 1000 FROM dh_user;
  ANALYZE`;

async function query(url, sql) {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query(sql);
  await client.end();
}

/** Runs the import, and reads its peak memory while it runs. */
function importInto(target, from) {
  return new Promise((done, fail) => {
    const began = performance.now();
    const command = ['dist/main.js', 'import', 'devicehive', '--from', from];
    const child = spawn(process.execPath, command, {
      env: { PATH: process.env.PATH, DATABASE_URL: target, PGPASSWORD: 'hivegate' },
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    let peak = 0;
    const looking = setInterval(() => {
      try {
        const [, kilobytes] = /VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8')) ?? [];
        peak = Number(kilobytes ?? peak);
      } catch {
        // It has ended, or this is no Linux.
      }
    }, 100);
    child.once('error', fail).once('close', (code) => {
      clearInterval(looking);
      if (code !== 0) return fail(new Error(`The import ended with ${code}`));
      done({ seconds: (performance.now() - began) / 1000, peak: peak / 1024 });
    });
  });
}

const directory = mkdtempSync(join(tmpdir(), 'hivegate-import-'));
const server = await startPostgres();
try {
  const at = (name) => server.url.replace(/\/postgres$/, `/${name}`);
  await query(server.url, 'CREATE DATABASE original');
  await query(server.url, 'CREATE DATABASE target');
  await query(at('original'), TABLES);
  const from = at('original').replace(':hivegate@', '@');
  for (const [name, target] of [
    ['SQLite', `sqlite:${join(directory, 'target.sqlite')}`],
    ['PostgreSQL', at('target')],
  ]) {
    const { seconds, peak } = await importInto(target, from);
    console.log(
      `${USERS} users into ${name}: ${seconds.toFixed(1)} s, ${Math.round(USERS / seconds)} users/s, peak ${Math.round(peak)} MiB`,
    );
  }
} finally {
  await server.stop();
  rmSync(directory, { recursive: true, force: true });
}

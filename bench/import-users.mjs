/** A million users from a file, and back into one: seconds, and the memory that it takes at most. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { CHECKOUT, whole } from './measuring.mjs';
import { startPostgres } from './postgres.mjs';

const USERS = 1_000_000;
/** How much more memory a million may take than a tenth of it, in MiB: what a process needs differs from run to run. */
const MOST_GROWTH = 64;
const MOST_SECONDS = 600;
/** Any hash: none is verified. */
const HASH = `$2b$12$${'a'.repeat(52)}u`;

/** Prints the peak of the resident memory, in KiB, when the process ends. */
const PEAK = `data:text/javascript,${encodeURIComponent("process.on('exit', () => process.stderr.write('peak ' + process.resourceUsage().maxRSS + '\\n'))")}`;

function* rowsOf(users, format) {
  if (format === 'csv') yield 'login,passwordHash,role,data,lastLogin\r\n';
  for (let index = 0; index < users; index += 1) {
    const login = `user-${index.toString(36).padStart(6, '0')}`;
    const data = { theme: 'dark', language: 'en', number: index };
    const lastLogin = '2026-01-31T12:00:00.000Z';
    yield format === 'csv'
      ? `${login},${HASH},client,"${JSON.stringify(data).replaceAll('"', '""')}",${lastLogin}\r\n`
      : `${JSON.stringify({ login, passwordHash: HASH, role: 'client', data, lastLogin })}\n`;
  }
}

/** Writes a file of so many users, as another system might. */
export const writeUsers = (path, users, format) => pipeline(rowsOf(users, format), createWriteStream(path));

/** Runs a command. @returns its seconds, and its peak of memory in MiB */
async function run(parameters, url) {
  const began = performance.now();
  const child = spawn(process.execPath, ['--import', PEAK, join(CHECKOUT, 'dist/main.js'), ...parameters], {
    env: { PATH: process.env.PATH, DATABASE_URL: url },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text) => (said += text));
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error(said);
  return { seconds: (performance.now() - began) / 1000, peak: Number(/peak (\d+)/.exec(said)?.[1]) / 1024 };
}

async function measureOn(kind, urlOf, directory, users) {
  const rows = [];
  for (const format of ['ndjson', 'csv']) {
    const file = (count) => join(directory, `${count}.${format}`);
    for (const count of [users / 10, users]) await writeUsers(file(count), count, format);
    const url = await urlOf(`${format}_all`);
    const small = await run(['import', 'users', file(users / 10)], await urlOf(`${format}_tenth`));
    const measures = {
      'import users': await run(['import', 'users', file(users)], url),
      'users export': await run(
        ['users', 'export', '--format', format, '--output', join(directory, `${kind}.out.${format}`)],
        url,
      ),
    };
    for (const [name, { seconds, peak }] of Object.entries(measures))
      rows.push({
        what: `\`${name}\`, ${whole(users)} users, ${format}, ${kind}: seconds; peak of memory (of a tenth)`,
        must: `≤ ${MOST_SECONDS} s; no more than ${MOST_GROWTH} MiB above a tenth`,
        measured: `${whole(seconds)} s; ${whole(peak)} MiB (${whole(small.peak)} MiB)`,
        met: seconds <= MOST_SECONDS && peak <= small.peak + MOST_GROWTH,
      });
  }
  return rows;
}

/** Measures the rows about files of users. */
export async function measureImportUsers(_, users = USERS) {
  const directory = mkdtempSync(join(tmpdir(), 'hivegate-bench-'));
  const postgres = await startPostgres();
  try {
    const sqlite = (name) => `sqlite:${join(directory, `${name}.sqlite`)}`;
    const database = async (name) => {
      await postgres.createDatabase(name);
      return postgres.url.replace(/\/postgres$/, `/${name}`);
    };
    return [
      ...(await measureOn('SQLite', sqlite, directory, users)),
      ...(await measureOn('PostgreSQL', database, directory, users)),
    ];
  } finally {
    await postgres.stop();
    rmSync(directory, { recursive: true });
  }
}

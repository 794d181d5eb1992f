import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { freePort } from '../../support/postgres.js';
import { until } from '../../support/until.js';
import { makeDirectory, programOf, RunningProgram } from './programs.js';
import { queryAt, type TrialServer } from './server.js';

/** How many servers there are behind one HAProxy, at the most. */
const MOST_SERVERS = 3;

/** A server behind HAProxy, and the port at which `GET /primary` is 200 while it is the primary. */
export interface Backend {
  readonly port: number;
  readonly checkPort: number;
}

/**
 * Starts Debian's HAProxy before servers, as the documents of Patroni set it up: connections go to the server whose check
 * succeeds, and those to a server whose check fails are closed. Returns the port.
 */
export async function startHaproxy(backends: readonly Backend[]): Promise<number> {
  const directory = await makeDirectory();
  const port = await freePort();
  const configuration = `
global
  maxconn 500
defaults
  mode tcp
  retries 2
  timeout client 30m
  timeout connect 4s
  timeout server 30m
  timeout check 2s
listen primary
  bind 127.0.0.1:${port}
  option httpchk GET /primary
  http-check expect status 200
  default-server inter 500ms fall 2 rise 1 on-marked-down shutdown-sessions
${backends.map((backend, index) => `  server node${index + 1} 127.0.0.1:${backend.port} maxconn 200 check port ${backend.checkPort}`).join('\n')}
`;
  const file = join(directory, 'haproxy.cfg');
  writeFileSync(file, configuration);
  RunningProgram.start(programOf('haproxy') ?? '', ['-db', '-f', file], directory);
  return port;
}

/**
 * Waits until connections through HAProxy come to a server that takes writes. At first HAProxy takes every server to be up,
 * and goes through them in turn: as many connections in a row as there are servers.
 */
export async function untilWritable(url: string): Promise<void> {
  let inARow = 0;
  await until(async () => {
    const [row] = await queryAt(url, `SELECT current_setting('transaction_read_only') AS setting`).catch(
      () => [],
    );
    inARow = row?.['setting'] === 'off' ? inARow + 1 : 0;
    return inARow === MOST_SERVERS;
  });
}

/**
 * The check of a server for HAProxy, where no Patroni makes one: 200 while it takes writes and is not fenced. Returns its
 * port.
 */
export async function startCheck(server: TrialServer, isFenced: () => boolean): Promise<number> {
  const check = createServer((_, response) => {
    const answer = (isPrimary: boolean) => response.writeHead(isPrimary ? 200 : 503).end();
    server.query(`SELECT NOT pg_is_in_recovery() AS "isPrimary"`).then(
      ([row]) => answer(row?.['isPrimary'] === true && !isFenced()),
      () => answer(false),
    );
  });
  const port = await freePort();
  await new Promise<void>((done) => check.listen(port, '127.0.0.1', done));
  onTestFinished(() => {
    check.closeAllConnections();
    check.close();
  });
  return port;
}

/** The processor time of an introspection against that of `GET /user/current`, on both databases. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inTurns, makeClients, startLoadGenerator, startService } from './measuring.mjs';
import { startPostgres } from './postgres.mjs';
import { getCurrent, introspect } from './requests.mjs';

const CONNECTIONS = 32;
/** Requests of a round, on each side. */
const AMOUNT = 4000;
const MOST = 1.2;

/** Measures one row for each database. */
export async function measureIntrospection({ rounds, amount = AMOUNT }) {
  const directory = mkdtempSync(join(tmpdir(), 'hivegate-bench-'));
  const rows = [await measure('SQLite', `sqlite:${join(directory, 'service.sqlite')}`, rounds, amount)];
  rmSync(directory, { recursive: true });
  const postgres = await startPostgres();
  try {
    rows.push(await measure('PostgreSQL', postgres.url, rounds, amount));
  } finally {
    await postgres.stop();
  }
  return rows;
}

async function measure(name, database, rounds, amount) {
  const service = await startService(
    { DATABASE_URL: database, BCRYPT_COST: '4' },
    { reportsProcessorTime: true },
  );
  const generator = startLoadGenerator();
  /** Microseconds of processor time for each request. */
  const run = async (requests) => {
    const before = await service.processorTime();
    const result = await generator.send({ url: service.url, connections: CONNECTIONS, amount, requests });
    if (result.errors + result.non2xx > 0) throw new Error(`${name}: ${JSON.stringify(result)}`);
    return ((await service.processorTime()) - before) / amount;
  };
  try {
    const clients = await makeClients(service.url, 100);
    const sides = [introspect(clients), getCurrent(clients)];
    for (const requests of sides) await run(requests);
    const { our, their, ratio } = await inTurns(rounds, ...sides.map((requests) => () => run(requests)));
    return {
      what: `${name}: processor time of \`POST /token/introspect\` / of \`GET /user/current\``,
      must: `≤ ${MOST}`,
      measured: `**${ratio.toFixed(2)}** (${our.toFixed(0)} µs against ${their.toFixed(0)} µs)`,
      met: ratio <= MOST,
    };
  } finally {
    await generator.stop();
    await service.stop();
  }
}

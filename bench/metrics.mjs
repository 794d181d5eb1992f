/**
 * What measuring costs: the processor time of a request with `METRICS=on` against `METRICS=off`, in one run, on SQLite.
 * `npm run build && node bench/metrics.mjs [rounds] [requests of a round]`.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeClients, median, startLoadGenerator, startService, takeTurns } from './measuring.mjs';
import { getCurrent, putCurrent } from './requests.mjs';

const [rounds = 24, requests = 1000] = process.argv.slice(2).map(Number);
const CONNECTIONS = 32;
const CLIENTS = 50;
/** Loads before the first round, until the code is compiled. In rounds. */
const WARM_UP = 4;
/** Rounds between restarts: two processes that run the same code differ by some percent until they are restarted. */
const ROUNDS_PER_START = 6;
const LOADS = { 'GET /user/current': getCurrent, 'PUT /user/current {data}': putCurrent };

const directory = mkdtempSync(join(tmpdir(), 'hivegate-bench-'));
const generator = startLoadGenerator();
const sides = ['on', 'off'].map((metrics) => ({
  settings: {
    BCRYPT_COST: '4',
    ACCESS_TOKEN_TTL: '86400',
    METRICS: metrics,
    DATABASE_URL: `sqlite:${join(directory, `${metrics}.sqlite`)}`,
  },
}));

/** Sends one load, and returns the microseconds of processor time of a request. */
async function run({ service, clients }, of, amount) {
  const before = await service.processorTime();
  const result = await generator.send({
    url: service.url,
    connections: CONNECTIONS,
    amount,
    bailout: 1,
    requests: of(clients),
  });
  if (result.errors + result.non2xx > 0) throw new Error(JSON.stringify(result));
  return ((await service.processorTime()) - before) / amount;
}

try {
  for (const side of sides) {
    const service = await startService(side.settings);
    side.clients = await makeClients(service.url, CLIENTS);
    await service.stop();
  }
  const ratios = new Map(Object.keys(LOADS).map((title) => [title, []]));
  for (let round = 0; round < rounds; round += ROUNDS_PER_START) {
    for (const side of sides)
      side.service = await startService(side.settings, { reportsProcessorTime: true });
    const [on, off] = sides;
    for (const [title, of] of Object.entries(LOADS)) {
      for (const side of sides) await run(side, of, requests * WARM_UP);
      const pairs = await takeTurns(
        Math.min(ROUNDS_PER_START, rounds - round),
        () => run(on, of, requests),
        () => run(off, of, requests),
      );
      ratios.get(title).push(...pairs.map(({ our, their }) => ({ our, their, ratio: their / our })));
    }
    for (const { service } of sides) await service.stop();
  }
  for (const [title, pairs] of ratios) {
    const [our, their, ratio] = ['our', 'their', 'ratio'].map((name) =>
      median(pairs.map((pair) => pair[name])),
    );
    console.log(
      `${title}: ${our.toFixed(1)} µs with METRICS=on, ${their.toFixed(1)} µs with off: ${ratio.toFixed(3)} of without`,
    );
  }
} finally {
  await generator.stop();
  rmSync(directory, { recursive: true, force: true });
}

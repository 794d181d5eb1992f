/** The hot path against the handler written by hand: GET, PUT and refresh. */
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inTurns, load, makeClients, startByHand, startService, whole } from './measuring.mjs';
import { getCurrent, putCurrent, refresh } from './requests.mjs';

const CONNECTIONS = 32;

const LOADS = {
  get: {
    title: '`GET /user/current` (published view, one network)',
    must: 1,
    requests: getCurrent,
  },
  put: {
    title: '`PUT /user/current {data}` (durable)',
    must: 1.5,
    requests: putCurrent,
  },
  refresh: {
    title: '`POST /token/refresh`',
    must: 0.8,
    requests: refresh,
  },
};

/** Measures the loads of these names. */
export async function measureHotPath({ names = Object.keys(LOADS), rounds, seconds }) {
  const directory = mkdtempSync(join(tmpdir(), 'hivegate-bench-'));
  const file = join(directory, 'service.sqlite');
  const copy = join(directory, 'by-hand.sqlite');
  let service = await startService({ DATABASE_URL: `sqlite:${file}`, BCRYPT_COST: '4' });
  const clients = await makeClients(service.url, 100);
  await service.stop();
  copyFileSync(file, copy);
  service = await startService({ DATABASE_URL: `sqlite:${file}`, BCRYPT_COST: '4' });
  const byHand = await startByHand(copy);

  const rows = [];
  try {
    for (const name of names) {
      const { title, must, requests } = LOADS[name];
      const run = async (url, duration) => {
        const result = await load({ url, connections: CONNECTIONS, duration, requests: requests(clients) });
        if (result.errors + result.non2xx > 0) throw new Error(`${title}: ${JSON.stringify(result)}`);
        return result.perSecond;
      };
      await run(service.url, 3);
      await run(byHand.url, 2);
      const { our, their, ratio } = await inTurns(
        rounds,
        () => run(service.url, seconds),
        () => run(byHand.url, seconds),
      );
      rows.push({
        what: title,
        must: `≥ ${must.toFixed(1)} × by hand`,
        measured: `**${ratio.toFixed(2)}** (${whole(our)}/s against ${whole(their)}/s)`,
        met: ratio >= must,
      });
    }
    rows.push({
      what: 'memory after that load',
      must: '≤ 200 MiB, aimed at',
      measured: `${service.memory().toFixed(0)} MiB`,
      met: service.memory() <= 200,
    });
  } finally {
    await service.stop();
    await byHand.stop();
    rmSync(directory, { recursive: true });
  }
  return rows;
}

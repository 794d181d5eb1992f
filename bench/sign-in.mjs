/** Signing in against bcrypt itself, and GET while somebody hammers at sign-in. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { inTurns, load, makeClients, median, startService } from './measuring.mjs';
import { getCurrent, signIn } from './requests.mjs';

const COST = 12;

/** Measures both rows. */
export async function measureSignIn({ rounds, seconds }) {
  const directory = mkdtempSync(join(tmpdir(), 'hivegate-bench-'));
  const settings = { DATABASE_URL: `sqlite:${join(directory, 'a.sqlite')}`, BCRYPT_COST: String(COST) };
  const service = await startService(settings);
  try {
    const clients = await makeClients(service.url, 8);
    const signIns = signIn(clients);
    const gets = getCurrent(clients);
    const rows = [await againstBcrypt(service, signIns, { rounds, seconds })];
    rows.push(await underFlood(service, gets, signIns, { rounds, seconds }));
    return rows;
  } finally {
    await service.stop();
    rmSync(directory, { recursive: true });
  }
}

async function againstBcrypt({ url }, requests, { rounds, seconds }) {
  const service = async () =>
    (await load({ url, connections: availableParallelism() * 2, duration: seconds * 2, requests })).perSecond;
  const raw = async () =>
    Number(
      execFileSync(process.execPath, [
        fileURLToPath(new URL('raw-bcrypt.mjs', import.meta.url)),
        String(COST),
        String(seconds * 2),
      ]),
    );
  const { our, their, ratio } = await inTurns(rounds, service, raw);
  return {
    what: '`POST /token`',
    must: '≥ 0.9 of raw `bcrypt.compare` on all cores',
    measured: `**${ratio.toFixed(2)}** (${our.toFixed(2)}/s against ${their.toFixed(2)}/s at cost ${COST})`,
    met: ratio >= 0.9,
  };
}

async function underFlood({ url }, gets, signIns, { rounds, seconds }) {
  const get = () => load({ url, connections: 32, duration: seconds, requests: gets });
  await get();
  const results = [];
  for (let round = 0; round < rounds; round += 1) {
    const quiet = await get();
    const flood = load({ url, connections: 64, duration: seconds + 2, requests: signIns });
    // The flood has begun.
    await new Promise((next) => setTimeout(next, 1000));
    const flooded = await get();
    results.push({ quiet, flooded, shed: await flood });
  }
  const ratio = median(results.map(({ quiet, flooded }) => flooded.p99 / quiet.p99));
  const of = (pick) => median(results.map(pick));
  const refused = of(({ shed }) => (shed.statuses['503'] ?? 0) / (shed.total / 100));
  return {
    what: 'GET (32 connections) while 64 connections hammer sign-in',
    must: 'p99 ≤ 3 × its quiet p99',
    measured:
      `**${ratio.toFixed(1)} ×** (${of(({ flooded }) => flooded.p99)} ms against ${of(({ quiet }) => quiet.p99)} ms; ` +
      `${refused.toFixed(0)} % of the sign-ins answered 503)`,
    met: ratio <= 3,
  };
}

/** Measures the parts of the bench, and writes bench/RESULTS.md where all of them were measured. */
import { writeFileSync } from 'node:fs';
import { availableParallelism, cpus, totalmem } from 'node:os';
import { measureHotPath } from './hot-path.mjs';
import { measureImportUsers } from './import-users.mjs';
import { measureIntrospection } from './introspection.mjs';
import { measureMillion } from './million.mjs';
import { measurePostgres } from './postgres.mjs';
import { measureSignIn } from './sign-in.mjs';
import { measureStart } from './start.mjs';

const ROUNDS = { rounds: 5, seconds: 4 };
const PARTS = {
  start: measureStart,
  'hot-path': measureHotPath,
  introspection: measureIntrospection,
  'sign-in': measureSignIn,
  million: measureMillion,
  'import-users': measureImportUsers,
  postgres: measurePostgres,
};

/** The names of all parts. */
export const PART_NAMES = Object.keys(PARTS);

/** Measures the parts of these names, or all of them where there are none. */
export async function measureParts(names) {
  const rows = [];
  for (const [name, measure] of Object.entries(PARTS)) {
    if (names.length > 0 && !names.includes(name)) continue;
    console.log(`${name} …`);
    for (const row of await measure(ROUNDS)) {
      rows.push(row);
      console.log(`  ${row.met ? 'met ' : 'NOT '} ${row.what}: ${row.measured}, must be ${row.must}`);
    }
  }
  if (names.length === 0) writeResults(rows);
}

function writeResults(rows) {
  const machine = `${availableParallelism()} cores (${cpus()[0]?.model.trim()}), ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.versions.node}`;
  const table = rows.map(
    ({ what, must, measured, met }) => `| ${what} | ${must} | ${measured} | ${met ? 'yes' : 'no'} |`,
  );
  writeFileSync(
    new URL('RESULTS.md', import.meta.url),
    [
      '# Results',
      '',
      `One run of \`npm run bench\` on ${new Date().toISOString().slice(0, 10)}: ${machine}, with the load on the same machine.`,
      `Medians of ${ROUNDS.rounds} rounds of ${ROUNDS.seconds} seconds that take turns, 32 connections where nothing else is said, the built service with`,
      'its defaults but for the rate limits. "By hand" is [by-hand.mjs](by-hand.mjs). What was done to get here, and what explains the',
      'rows that are not met: [docs/performance.md](../docs/performance.md).',
      '',
      '| what | must reach | measured | met |',
      '| --- | --- | --- | --- |',
      ...table,
      '',
    ].join('\n'),
  );
}

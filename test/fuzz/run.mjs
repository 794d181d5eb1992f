/**
 * Runs schemathesis (PyPI) against the built service, as an administrator and as a client: `npm run test:fuzz`. It finds
 * requests that the document allows and the service refuses, those that it accepts although the document does not allow
 * them, and responses that the document does not describe. allowed.py holds the exceptions.
 *
 * `--seed N` repeats a run, `--role client` runs as one of them, `--compatible` with COMPATIBILITY=devicehive; what
 * follows `--` goes to schemathesis. Where `SCHEMATHESIS` names a directory, the package is taken from there. Without
 * it, or without Python, the run is skipped.
 */
import { spawn, spawnSync } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { appendFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { KEEPER, makeWorld } from './world.mjs';

const VERSION = '4.32.5';
const ROLES = ['administrator', 'client'];
/** A run that takes longer has failed. */
const LIMIT_MS = 8 * 60_000;

const here = (name) => fileURLToPath(new URL(name, import.meta.url));
const SERVICE = here('../../dist/main.js');

const { values, positionals } = parseArgs({
  options: {
    seed: { type: 'string', default: String(randomInt(1, 2 ** 31)) },
    role: { type: 'string', multiple: true, default: ROLES },
    compatible: { type: 'boolean', default: false },
  },
  allowPositionals: true,
});

const pythonEnvironment = {
  ...process.env,
  PYTHONPATH: [here('.'), process.env.SCHEMATHESIS ?? ''].join(delimiter),
  PYTHONDONTWRITEBYTECODE: '1',
};

/** Says why the fuzzer cannot run here, or returns undefined. */
function whatIsMissing() {
  const script = `import importlib.metadata as m; print(m.version('schemathesis'))`;
  const { status, stdout } = spawnSync('python3', ['-c', script], {
    env: pythonEnvironment,
    encoding: 'utf8',
  });
  if (status === null) return 'Python is missing';
  if (status !== 0) return `the package schemathesis ${VERSION} (PyPI) is missing`;
  return stdout.trim() === VERSION ? undefined : `schemathesis is ${stdout.trim()}, not ${VERSION}`;
}

/** Starts the service on a new database in `directory`. */
async function startService(directory) {
  const child = spawn(process.execPath, [SERVICE], {
    cwd: directory,
    env: {
      PATH: process.env.PATH,
      PORT: '0',
      DATABASE_URL: `sqlite:${join(directory, 'fuzz.sqlite')}`,
      // A URL: without one there is no discovery.
      JWT_ISSUER: 'https://id.example.com',
      ADMIN_LOGIN: KEEPER.login,
      ADMIN_PASSWORD: KEEPER.password,
      BCRYPT_COST: '4',
      RATE_LIMIT: 'off',
      LOG_LEVEL: 'error',
      ...(values.compatible && { COMPATIBILITY: 'devicehive' }),
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = once(child, 'close');
  let said = '';
  const url = await new Promise((found, failed) => {
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text) => {
        said += text;
        const match = /Hivegate answers at (\S+) /.exec(said);
        if (match) found(match[1]);
      });
    void ended.then(() => failed(new Error(`The service ended: ${said}`)));
  });
  return {
    url,
    stop: async () => {
      child.kill('SIGTERM');
      await ended;
    },
  };
}

/** Runs schemathesis as one role. Returns its report and the counts of hooks.py. */
async function fuzz(role) {
  const directory = mkdtempSync(join(tmpdir(), 'hivegate-fuzz-'));
  const report = join(directory, 'report.json');
  const summary = join(directory, 'summary.json');
  const service = await startService(directory);
  try {
    const world = await makeWorld(service.url, role);
    const child = spawn(
      'python3',
      [
        ...['-c', 'from schemathesis.cli import schemathesis; schemathesis()'],
        ...['--config-file', here('schemathesis.toml'), 'run', `${service.url}/swagger.json`],
        ...['--url', service.url, '--seed', values.seed, '--no-color'],
        // The compatible mode accepts more than its document says, on purpose (contract.md §9).
        ...(values.compatible ? ['--mode', 'positive'] : []),
        ...['--report', 'json', '--report-json-path', report, ...positionals],
      ],
      {
        cwd: directory,
        env: {
          ...pythonEnvironment,
          SCHEMATHESIS_HOOKS: 'hooks',
          FUZZ_WORLD: JSON.stringify(world),
          FUZZ_SUMMARY: summary,
        },
        stdio: ['ignore', 'pipe', 'pipe'],
        timeout: LIMIT_MS,
      },
    );
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text) => (output += text));
    const [code] = await once(child, 'close');
    return { role, code, output, report: readJson(report), summary: readJson(summary) };
  } finally {
    await service.stop();
    rmSync(directory, { recursive: true });
  }
}

function readJson(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return undefined;
  }
}

/**
 * Prints what came of a run. Each operation counts as one test: it has passed if nothing was found, and if it has
 * succeeded at least once, unless the role never may.
 */
function describe({ role, code, output, report, summary }) {
  console.log(`\nAs ${role}:`);
  if (!report || !summary) {
    console.log(`${output}\nschemathesis did not finish (${code})`);
    tellFailure(`schemathesis did not finish as ${role} (${code}): ${output.slice(-2_000)}`);
    return { passed: 0, failed: 1 };
  }
  const requests = Object.values(summary.statuses).flatMap((counts) => Object.values(counts));
  const never = role === 'client' ? [] : operationsWithoutSuccess(summary.statuses);
  const found = report.test_cases.unique_failures + report.errors.length;
  // The report of schemathesis says how to repeat each request.
  if (code !== 0 || found > 0) {
    console.log(output);
    tellFailure(`The document, fuzzed as ${role} with seed ${values.seed}\n${output.slice(-4_000)}`);
  }
  for (const operation of never) {
    const line = `${operation} has never succeeded: nothing is known of its responses`;
    console.log(line);
    tellFailure(line);
  }
  for (const [reason, count] of Object.entries(summary.excused))
    console.log(`  ${count} refused rightly: ${reason}`);
  const seconds = Math.round(report.running_time);
  console.log(
    `  ${requests.reduce((a, b) => a + b, 0)} requests to ${report.operations.tested} operations in ${seconds} s`,
  );
  const failed = Math.max(found + never.length, code === 0 ? 0 : 1);
  return { passed: Math.max(report.operations.tested - failed, 0), failed };
}

const operationsWithoutSuccess = (statuses) =>
  Object.keys(statuses).filter(
    (operation) => !Object.keys(statuses[operation]).some((status) => status < 400),
  );

/** Adds a run to the totals of .ci/run. */
function addToTotals(passed, failed, skipped) {
  console.log(`\n${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`);
  if (process.env.TOTALS_FILE) appendFileSync(process.env.TOTALS_FILE, `${passed} ${failed} ${skipped}\n`);
}

/** Tells the summary at the end of .ci/run what failed. */
function tellFailure(text) {
  if (process.env.FAILURES_FILE) appendFileSync(process.env.FAILURES_FILE, `${text}\n`);
}

const missing = whatIsMissing();
if (missing) {
  console.log(`The document is not fuzzed: ${missing}`);
  addToTotals(0, 0, values.role.length);
} else {
  console.log(`The document is fuzzed with seed ${values.seed}`);
  const runs = await Promise.all(values.role.map(fuzz));
  const totals = runs.map(describe);
  const sum = (key) => totals.reduce((total, counts) => total + counts[key], 0);
  addToTotals(sum('passed'), sum('failed'), 0);
  if (sum('failed') > 0) process.exitCode = 1;
}

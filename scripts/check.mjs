/**
 * Checks what must hold before the tests run: build, types, format, lint, OpenAPI document and settings. Independent
 * steps run side by side, one per core, the longest first: `npm run pretest`.
 */
import { spawn } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { delimiter, resolve } from 'node:path';

/** `after`: the step that must succeed before. */
const STEPS = [
  { name: 'eslint', command: 'eslint .' },
  { name: 'build', command: 'node scripts/build.mjs' },
  { name: 'types', command: 'tsc --noEmit' },
  { name: 'types of the page', command: 'tsc --project src/openapi/page' },
  { name: 'prettier', command: 'prettier --check .' },
  { name: 'openapi', command: 'node scripts/openapi.mjs --check', after: 'build' },
  { name: 'settings', command: 'node scripts/settings.mjs --check', after: 'build' },
  { name: 'packages', command: 'node scripts/build-packages.mjs' },
  { name: 'client types', command: 'node scripts/client-types.mjs --check' },
  { name: 'redocly', command: 'redocly lint openapi/openapi.json --config openapi/redocly.yaml' },
  {
    name: 'spectral',
    command: 'spectral lint openapi/openapi.json --ruleset openapi/spectral.mjs --fail-severity hint',
  },
];

const env = { ...process.env, PATH: `${resolve('node_modules/.bin')}${delimiter}${process.env.PATH}` };
const waiting = [...STEPS];
/** The names of the steps that have ended, and whether they succeeded. */
const ended = new Map();

/** Runs a step and then prints all its output at once. */
function run({ name, command }) {
  const began = performance.now();
  return new Promise((done) => {
    const child = spawn(command, { shell: true, env, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text) => (output += text));
    child.once('close', (code) => {
      const seconds = ((performance.now() - began) / 1000).toFixed(1);
      const outcome = code === 0 ? 'ok' : `failed with ${code}`;
      console.log(`check: ${name}: ${outcome} after ${seconds} s\n${output}`);
      ended.set(name, code === 0);
      done();
    });
  });
}

/** Runs one step after the other, those first that wait for no other. */
async function work() {
  while (waiting.length > 0) {
    const index = waiting.findIndex(({ after }) => after === undefined || ended.has(after));
    if (index < 0) {
      await new Promise((next) => setTimeout(next, 50));
      continue;
    }
    const [step] = waiting.splice(index, 1);
    if (step.after === undefined || ended.get(step.after)) await run(step);
    else ended.set(step.name, false);
  }
}

await Promise.all(Array.from({ length: Math.max(2, availableParallelism()) }, work));
const failed = [...ended].filter(([, holds]) => !holds).map(([name]) => name);
if (failed.length > 0) {
  console.log(`check: failed: ${failed.join(', ')}`);
  process.exitCode = 1;
}

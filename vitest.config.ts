import { availableParallelism } from 'node:os';
import swc from 'unplugin-swc';
import { defineConfig } from 'vitest/config';
import { LongestFirst } from './test/support/longest-first.js';

/** Nest's decorators need their metadata, which only SWC writes here. */
const plugins = [swc.vite({ module: { type: 'es6' } })];
/** Not for all projects: the unit tests start no database and no process. */
const globalSetup = ['./test/support/postgres.ts', './test/support/packed.ts'];

const e2e = (database: 'sqlite' | 'postgres', more: readonly string[] = []) => ({
  plugins,
  test: {
    name: `e2e on ${database}`,
    include: ['test/e2e/**/*.test.ts', 'test/properties/**/*.test.ts', ...more],
    env: { TEST_DATABASE: database },
    globalSetup,
    setupFiles: ['./test/support/conformance/setup.ts'],
    isolate: false,
    testTimeout: 180_000,
    hookTimeout: 180_000,
  },
});

/**
 * The promises of the service: a slice of two minutes, or with `--mode whole` (`npm run prove`) all of it. With
 * `--mode postgres` (`npm run test:postgres`) a slice of what needs the programs of a PostgreSQL in production, which the
 * other slice leaves out.
 */
const prove = (mode: string) => ({
  plugins,
  test: {
    name: 'prove',
    include: [mode === 'postgres' ? 'test/trials/postgres/*.test.ts' : 'test/trials/**/*.test.ts'],
    exclude: ['whole', 'postgres'].includes(mode) ? [] : ['test/trials/postgres/**'],
    env: { PROVE: mode },
    globalSetup,
    // The whole run measures memory and time, so each file gets a process of its own.
    isolate: mode === 'whole',
    testTimeout: mode === 'whole' ? 1_200_000 : 180_000,
    hookTimeout: 180_000,
  },
});

/** Generated clients: those in TypeScript, or with `--mode clients` (`npm run test:clients`) those of all languages. */
const clients = (mode: string) => ({
  plugins,
  test: {
    name: 'clients',
    include: [
      'test/clients/*.test.ts',
      ...(mode === 'clients' ? ['test/clients/other-languages/*.test.ts'] : []),
    ],
    isolate: false,
    testTimeout: 60_000,
    hookTimeout: 180_000,
  },
});

/** The examples of `ops/`, or with `--mode image` (`npm run test:image`) what the Dockerfile builds: it takes minutes. */
const ops = (mode: string) => ({
  plugins,
  test: {
    name: 'ops',
    include: [mode === 'image' ? 'test/ops/image/*.test.ts' : 'test/ops/*.test.ts'],
    globalSetup,
    testTimeout: 180_000,
    hookTimeout: 600_000,
  },
});

export default defineConfig(({ mode }) => ({
  test: {
    reporters: [
      'default',
      './test/support/totals.reporter.ts',
      ...(['whole', 'postgres'].includes(mode) ? ['./test/trials/promises.reporter.ts'] : []),
    ],
    pool: 'forks',
    // One more worker than cores: many files wait for time-outs or for the database.
    maxWorkers: availableParallelism() + 1,
    sequence: { sequencer: LongestFirst },
    projects: [
      {
        plugins,
        test: {
          name: 'unit',
          include: ['src/**/*.spec.ts', 'packages/*/src/**/*.spec.ts', 'test/architecture/**/*.test.ts'],
          isolate: false,
          testTimeout: 90_000,
        },
      },
      {
        plugins,
        test: {
          name: 'browser',
          include: ['test/browser/**/*.test.ts'],
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
      ops(mode),
      e2e('sqlite', ['test/support/**/*.test.ts', 'test/packages/**/*.test.ts']),
      e2e('postgres'),
      clients(mode),
      prove(mode),
    ],
  },
}));

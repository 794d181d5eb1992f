import swc from 'unplugin-swc';
import { defineConfig } from 'vitest/config';

/** Nest's decorators need their metadata, which only SWC writes here. */
const plugins = [swc.vite({ module: { type: 'es6' } })];

const e2e = (database: 'sqlite' | 'postgres') => ({
  plugins,
  test: {
    name: `e2e on ${database}`,
    include: ['test/e2e/**/*.test.ts', 'test/properties/**/*.test.ts'],
    env: { TEST_DATABASE: database },
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});

/** The promises of the service: a slice of two minutes, or with `--mode whole` (`npm run prove`) all of it. */
const prove = (mode: string) => ({
  plugins,
  test: {
    name: 'prove',
    include: ['test/trials/**/*.test.ts'],
    env: { PROVE: mode },
    testTimeout: mode === 'whole' ? 1_200_000 : 180_000,
    hookTimeout: 180_000,
  },
});

export default defineConfig(({ mode }) => ({
  test: {
    reporters: [
      'default',
      './test/support/totals.reporter.ts',
      ...(mode === 'whole' ? ['./test/trials/promises.reporter.ts'] : []),
    ],
    globalSetup: ['./test/support/postgres.ts'],
    pool: 'forks',
    projects: [
      {
        plugins,
        test: { name: 'unit', include: ['src/**/*.spec.ts', 'test/architecture/**/*.test.ts'] },
      },
      {
        plugins,
        test: {
          name: 'browser',
          include: ['test/browser/**/*.test.ts'],
          testTimeout: 120_000,
          hookTimeout: 60_000,
        },
      },
      e2e('sqlite'),
      e2e('postgres'),
      prove(mode),
    ],
  },
}));

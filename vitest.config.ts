// Tests read the sources (condition "source"), never a build. graphql 16 ships two builds; the alias keeps one copy
// under vitest, so that `instanceof GraphQLSchema` holds across CommonJS and ESM dependencies.
import { createRequire } from 'node:module';
import { defineConfig } from 'vitest/config';

const require = createRequire(import.meta.url);

const project = (name: string, include: string[], extra: object = {}) => ({
  extends: true as const,
  test: { name, include, ...extra },
});

/** What the environment says goes before: a shorter night, or the dice of one that found something. */
const nightlyEnv = {
  TRIBUTARY_FUZZ_RUNS: process.env['TRIBUTARY_FUZZ_RUNS'] ?? '100000',
  TRIBUTARY_DIFFERENTIAL_GRAPHS: process.env['TRIBUTARY_DIFFERENTIAL_GRAPHS'] ?? '125',
  TRIBUTARY_SEED: process.env['TRIBUTARY_SEED'] ?? String(Date.now() % 2 ** 31),
};

/** Real registries and databases, networks that lose packets, and the searches of every run at the length of a night. */
const nightly = project(
  'nightly',
  ['test/nightly/**/*.test.ts', 'test/connectors/fuzz/**/*.test.ts', 'test/execution/differential.test.ts'],
  {
    testTimeout: 120_000,
    env: nightlyEnv,
  },
);

export default defineConfig({
  resolve: {
    conditions: ['source'],
    alias: [{ find: /^graphql$/, replacement: require.resolve('graphql') }],
  },
  ssr: { resolve: { conditions: ['source'], externalConditions: ['source'] } },
  test: {
    testTimeout: 30_000,
    hookTimeout: 120_000,
    maxWorkers: 2,
    setupFiles: ['test/seed.ts'],
    projects: [
      project('unit', [
        'test/{errors,config,upstream,connectors,facade,supergraph,execution,planning,compare,server,cli,repository}/**/*.test.ts',
        'test/{subgraphs,web}/**/*.test.ts',
      ]),
      project('http', ['test/http/**/*.test.ts']),
      project('federation', ['test/federation/**/*.test.ts']),
      project('faults', ['test/faults/**/*.test.ts']),
      project('e2e', ['test/e2e/**/*.test.ts'], { globalSetup: ['test/e2e/global-setup.ts'] }),
      ...(process.env['TRIBUTARY_NIGHTLY'] === '1' ? [nightly] : []),
    ],
  },
});

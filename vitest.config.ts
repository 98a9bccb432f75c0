// Tests read the sources (condition "source"), never a build. graphql 16 ships two builds; the alias keeps one copy
// under vitest, so that `instanceof GraphQLSchema` holds across CommonJS and ESM dependencies.
import { createRequire } from 'node:module';
import { defineConfig } from 'vitest/config';

const require = createRequire(import.meta.url);

const project = (name: string, include: string[], extra: object = {}) => ({
  extends: true as const,
  test: { name, include, ...extra },
});

export default defineConfig({
  resolve: {
    conditions: ['source'],
    alias: [{ find: /^graphql$/, replacement: require.resolve('graphql') }],
  },
  ssr: { resolve: { conditions: ['source'], externalConditions: ['source'] } },
  test: {
    testTimeout: 30_000,
    hookTimeout: 60_000,
    maxWorkers: 2,
    projects: [
      project('unit', [
        'test/{errors,config,upstream,connectors,facade,supergraph,execution,planning,compare,server,cli,repository}/**/*.test.ts',
        'test/{subgraphs,web}/**/*.test.ts',
      ]),
      project('http', ['test/http/**/*.test.ts']),
      project('federation', ['test/federation/**/*.test.ts']),
      project('e2e', ['test/e2e/**/*.test.ts'], { globalSetup: ['test/e2e/global-setup.ts'] }),
    ],
  },
});

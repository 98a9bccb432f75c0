/** All tests of this folder, and those of the bookshop's subgraphs, once more, with operations compiled over the connectors: what they see does not change. */
import { readdirSync } from 'node:fs';
import { afterAll, describe, expect, it } from 'vitest';
import { left, run } from '../harness.ts';

process.env['TRIBUTARY_TEST_EXECUTOR'] = 'direct';
afterAll(() => {
  delete process.env['TRIBUTARY_TEST_EXECUTOR'];
  // Otherwise graphql-js would be tested twice
  expect(run.length).toBeGreaterThan(left.length * 10);
});

const own = 'direct';
const files = readdirSync(import.meta.dirname)
  .filter((file) => file.endsWith('.test.ts'))
  .map((file) => file.slice(0, -'.test.ts'.length))
  .filter((file) => file !== own);

it('finds the tests of the folder', () => {
  expect(files).toContain('entities');
});

describe.each(files)('compiled over the connectors, %s', async (file) => {
  await import(`./${file}.test.ts`);
});

describe("compiled over the connectors, the bookshop's subgraphs", async () => {
  await import('../bookshop-subgraphs.test.ts');
});

/** All tests of this folder once more, with `engine: tributary`: what clients and the facade see does not change. */
import { readdirSync } from 'node:fs';
import { afterAll, describe, expect, it } from 'vitest';

const before = process.env['TRIBUTARY_ENGINE'];
process.env['TRIBUTARY_ENGINE'] = 'tributary';
afterAll(() => {
  if (before === undefined) delete process.env['TRIBUTARY_ENGINE'];
  else process.env['TRIBUTARY_ENGINE'] = before;
});

const own = 'tributary-engine';
const files = readdirSync(import.meta.dirname)
  .filter((file) => file.endsWith('.test.ts'))
  .map((file) => file.slice(0, -'.test.ts'.length))
  .filter((file) => file !== own);

it('finds the tests of the folder', () => {
  expect(files).toContain('bookshop');
});

describe.each(files)('with engine tributary, %s', async (file) => {
  await import(`./${file}.test.ts`);
});

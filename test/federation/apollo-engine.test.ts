/** What clients see once more with `engine: apollo`: data, mutations and partial failure do not depend on who executes. */
import { afterAll, describe } from 'vitest';

const before = process.env['TRIBUTARY_ENGINE'];
process.env['TRIBUTARY_ENGINE'] = 'apollo';
afterAll(() => {
  if (before === undefined) delete process.env['TRIBUTARY_ENGINE'];
  else process.env['TRIBUTARY_ENGINE'] = before;
});

// Breakers, discovery and the admin port are below the engine.
describe.each(['bookshop', 'partial-failure'])('with engine apollo, %s', async (file) => {
  await import(`./${file}.test.ts`);
});

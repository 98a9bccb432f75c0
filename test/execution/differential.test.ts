/**
 * Random federated graphs, random queries, faults. Where nothing fails, engine tributary gives what one schema gives that has
 * everything; where things fail, what engine apollo gives (`checkAnswers`). TRIBUTARY_SEED chooses other dice (test/seed.ts),
 * TRIBUTARY_DIFFERENTIAL_GRAPHS makes it longer.
 */
import fc from 'fast-check';
import { parse, validate } from 'graphql';
import { expect, it } from 'vitest';
import { checkAnswers, startPair } from './engine-pair.ts';
import { createRandomGraph } from './random-graph/create-random-graph.ts';
import type { Choose } from './random-graph/graph-model.ts';
import { createRandomQuery } from './random-query.ts';

const QUERIES_PER_GRAPH = 16;
const graphs = Number(process.env['TRIBUTARY_DIFFERENTIAL_GRAPHS'] ?? 13);
const { seed } = fc.readConfigureGlobal();

it(
  `engine: tributary gives the true answer, and as engine: apollo does where things fail (seed ${seed}, ${graphs * QUERIES_PER_GRAPH} queries)`,
  { timeout: 60_000 + graphs * 10_000 },
  async () => {
    const seen = { withErrors: 0, withData: 0, skipped: 0, apolloWrong: 0 };
    const property = fc.asyncProperty(fc.gen(), async (gen) => {
      const choose: Choose = (count) => gen(fc.nat, { max: count - 1 });
      const graph = createRandomGraph(choose);
      const pair = await startPair(graph, choose(2) === 1);
      for (let index = 0; index < QUERIES_PER_GRAPH; index++) {
        const query = createRandomQuery(pair.schema, choose);
        if (validate(pair.schema, parse(query.text)).length > 0) {
          seen.skipped++;
          continue;
        }
        try {
          const { answer, isApolloRight } = await checkAnswers(graph, pair, query);
          if (answer.errors !== undefined) seen.withErrors++;
          if (answer.data !== null) seen.withData++;
          if (!isApolloRight) seen.apolloWrong++;
        } catch (error) {
          const sdl = graph.subgraphs.map((subgraph) => `# ${subgraph.name}\n${subgraph.sdl}`).join('\n\n');
          const asked = `${query.text}\n${JSON.stringify(query.variables)}`;
          throw new Error(`${sdl}\n\n${asked}`, { cause: error });
        }
      }
      await pair.stop();
    });
    await fc.assert(property, { numRuns: graphs, endOnFailure: true, reporter: reportFailure });
    expect(seen.withErrors).toBeGreaterThan(0);
    expect(seen.withData).toBeGreaterThan(graphs);
  },
);

/** The choices of a failing run are thousands of numbers that say nothing. */
function reportFailure(run: fc.RunDetails<[fc.GeneratorValue]>): void {
  if (!run.failed) return;
  throw new Error(`Failed with seed ${run.seed}, graph ${run.counterexamplePath ?? ''}`, { cause: run.errorInstance });
}

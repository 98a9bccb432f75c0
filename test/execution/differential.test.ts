/**
 * Both engines on the same subgraphs: random graphs, random queries, faults. Apollo is asked what is
 * left once conditions are decided (decide-conditions.ts). Data has to be equal; errors have to be the same
 * as sets of place and code. TRIBUTARY_SEED chooses other dice (test/seed.ts), TRIBUTARY_DIFFERENTIAL_GRAPHS makes it longer.
 */
import fc from 'fast-check';
import { parse, validate } from 'graphql';
import { expect, it } from 'vitest';
import { expectEqualAnswers, startPair } from './engine-pair.ts';
import { createFederatedGraph, type Choose } from './federated-graph.ts';
import { createRandomQuery } from './random-query.ts';

const QUERIES_PER_GRAPH = 8;
const graphs = Number(process.env['TRIBUTARY_DIFFERENTIAL_GRAPHS'] ?? 25);
const { seed } = fc.readConfigureGlobal();

it(
  `engine: tributary answers as engine: apollo does (seed ${seed}, ${graphs * QUERIES_PER_GRAPH} queries)`,
  { timeout: 60_000 + graphs * 3000 },
  async () => {
    const seen = { withErrors: 0, withData: 0, skipped: 0 };
    const property = fc.asyncProperty(fc.gen(), async (gen) => {
      const choose: Choose = (count) => gen(fc.nat, { max: count - 1 });
      const graph = createFederatedGraph(choose);
      const pair = await startPair(graph, choose(2) === 1);
      for (let index = 0; index < QUERIES_PER_GRAPH; index++) {
        const query = createRandomQuery(pair.schema, choose);
        if (validate(pair.schema, parse(query.text)).length > 0) {
          seen.skipped++;
          continue;
        }
        const answers = await pair.ask(query);
        if (answers.tributary.errors !== undefined) seen.withErrors++;
        if (answers.tributary.data !== null) seen.withData++;
        try {
          expectEqualAnswers(answers);
        } catch (error) {
          const sdl = graph.subgraphs.map((subgraph) => `# ${subgraph.name}\n${subgraph.sdl}`).join('\n\n');
          const asked = `${query.text}\n${JSON.stringify(query.variables)}`;
          throw new Error(`${sdl}\n\n${asked}\n${JSON.stringify(answers, null, 1)}`, { cause: error });
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

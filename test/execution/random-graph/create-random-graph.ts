/** A random federated graph that runs: its subgraphs, with faults that can be switched, and what it should answer. */
import { buildSubgraphSchema } from '@apollo/subgraph';
import { parse, type ExecutionResult, type GraphQLSchema } from 'graphql';
import type { RandomQuery } from '../random-query.ts';
import { answerAtOnce } from './answer-at-once.ts';
import { chooseGraph } from './choose-graph.ts';
import { isShared, type Choose } from './graph-model.ts';
import { printSubgraph } from './print-subgraph.ts';
import { createSubgraphResolvers, type Faults } from './subgraph-resolvers.ts';
import { hash } from './true-values.ts';

export interface RandomGraph {
  readonly subgraphs: readonly { readonly name: string; readonly sdl: string; readonly schema: GraphQLSchema }[];
  readonly hasFaults: boolean;
  /** Before each query: nothing has been written yet, and faults happen or do not. */
  begin(areFaultsOn: boolean): void;
  /** The answer to a query of the API schema where nothing goes wrong. */
  answer(apiSchema: GraphQLSchema, query: RandomQuery): ExecutionResult;
}

export function createRandomGraph(choose: Choose): RandomGraph {
  const model = chooseGraph(choose);
  const salt = choose(1_000_000);
  const faultShare = [0, 3, 5, 15][choose(4)]!;
  const faults: Faults = {
    isOn: false,
    isFailing: (place) => hash(`${salt}!${place}`) % 100 < faultShare,
    areListsFailing: choose(4) === 0 && !model.entities.some((entity) => isShared(model, entity)),
  };
  let pushed = 0;
  const countPush = (): number => pushed++;
  return {
    hasFaults: faultShare > 0,
    subgraphs: model.homes.map((name, home) => {
      const sdl = printSubgraph(model, home);
      const resolvers = createSubgraphResolvers({ model, home, faults, countPush });
      return { name, sdl, schema: buildSubgraphSchema({ typeDefs: parse(sdl), resolvers: resolvers as never }) };
    }),
    begin(areFaultsOn) {
      pushed = 0;
      faults.isOn = areFaultsOn;
    },
    answer: (apiSchema, query) => answerAtOnce(model, apiSchema, query),
  };
}

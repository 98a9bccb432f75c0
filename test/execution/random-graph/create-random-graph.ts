/** A random federated graph that runs: its subgraphs, with faults that can be switched, and what it should answer. */
import { buildSubgraphSchema } from '@apollo/subgraph';
import { parse, type ExecutionResult, type GraphQLSchema } from 'graphql';
import type { RandomQuery } from '../random-query.ts';
import { answerAtOnce } from './answer-at-once.ts';
import { chooseGraph } from './choose-graph.ts';
import { isShared, type Choose, type GraphModel } from './graph-model.ts';
import { printSubgraph } from './print-subgraph.ts';
import { createSubgraphResolvers, type Faults, type FaultsOn } from './subgraph-resolvers.ts';
import { hash } from './true-values.ts';

export interface RandomGraph {
  readonly subgraphs: readonly { readonly name: string; readonly sdl: string; readonly schema: GraphQLSchema }[];
  readonly hasFaults: boolean;
  /** What is asked for together decides what fails: lists fail because of some of their entities. */
  readonly areSomeListsFailing: boolean;
  /** Before each query: nothing has been written yet, and faults happen or do not. */
  begin(faultsOn: FaultsOn): void;
  /** The answer to a query of the API schema where nothing goes wrong. */
  answer(apiSchema: GraphQLSchema, query: RandomQuery): ExecutionResult;
}

export function createRandomGraph(choose: Choose): RandomGraph {
  const model = chooseGraph(choose);
  const salt = choose(1_000_000);
  const faultShare = [0, 3, 5, 15][choose(4)]!;
  const lists = pickFailingLists(model, choose);
  const faults: Faults = {
    on: 'none',
    isFailing: (place) => hash(`${salt}!${place}`) % 100 < faultShare,
    isListFailing: (place) =>
      lists === 'of the first' ? place.startsWith('0 ') : lists === 'some' && hash(`${salt}?${place}`) % 6 === 0,
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
    areSomeListsFailing: lists === 'some',
    begin(faultsOn) {
      pushed = 0;
      faults.on = faultsOn;
    },
    answer: (apiSchema, query) => answerAtOnce(model, apiSchema, query),
  };
}

/** Lists of entities that fail as a whole: those of the first subgraph, or those that have certain entities. */
type FailingLists = 'none' | 'of the first' | 'some';

function pickFailingLists(model: GraphModel, choose: Choose): FailingLists {
  // Where an entity can be had from several subgraphs, which lists there are is for the planner to choose.
  if (model.entities.some((entity) => isShared(model, entity))) return 'none';
  // To know less of the type of an object can mean to see fewer nulls.
  if (model.mediaHome !== undefined) return (['none', 'of the first'] as const)[choose(2)]!;
  return (['none', 'of the first', 'some', 'some'] as const)[choose(4)]!;
}

/** All of it in one step: schemas in, one graph out. What `serve`, `compose`, `plan` and `routes` share. */
import { Supergraph as ApolloSupergraph } from '@apollo/federation-internals';
import type { GraphQLSchema } from 'graphql';
import { buildSubgraphs, type BuildSubgraphsOptions, type Subgraph } from './build-subgraphs.ts';
import { composeSupergraph } from './compose-supergraph.ts';
import type { SubgraphSource } from './read-subgraphs.ts';

export interface Graph {
  readonly subgraphs: readonly Subgraph[];
  readonly supergraphSdl: string;
  /** What clients see: the supergraph without its federation machinery. */
  readonly apiSchema: GraphQLSchema;
  readonly hints: readonly string[];
}

/** Throws FaultsError with every fault found; schema faults come before composition, which needs sound schemas. */
export function loadGraph(sources: readonly SubgraphSource[], options: BuildSubgraphsOptions): Graph {
  const subgraphs = buildSubgraphs(sources, options);
  const { sdl, hints } = composeSupergraph(
    subgraphs.map((subgraph) => ({
      name: subgraph.name,
      typeDefs: subgraph.typeDefs,
      url: subgraph.kind === 'remote' ? subgraph.url : `connectors://${subgraph.name}`,
    })),
    new Map(sources.map(({ file, sdl: text }) => [file, text])),
  );
  const apiSchema = ApolloSupergraph.build(sdl).apiSchema().toGraphQLJSSchema();
  return { subgraphs, supergraphSdl: sdl, apiSchema, hints };
}

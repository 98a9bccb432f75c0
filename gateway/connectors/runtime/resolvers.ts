/** The resolvers of a connector subgraph, by type and field, in the form `@apollo/subgraph` takes them. */
import type { GraphQLResolveInfo } from 'graphql';
import type { Value, ValueObject } from '../mapping/value.ts';
import type { DeclaredSubgraph } from '../spec/declared-subgraph.ts';
import type { TypeEntry } from '../spec/schema-index.ts';
import type { ConnectorRunner } from './connector-runner.ts';
import { LazyObject, noShape } from './lazy-object.ts';
import { explicitKeys } from './lower.ts';
import {
  prepareField,
  prepareLoader,
  prepareRootField,
  type EntityLoaders,
  type Graph,
  type Loader,
} from './resolve-field.ts';
import { WantedReader } from './wanted.ts';

type ResolverMap = Record<string, Record<string, unknown>>;

export function buildResolvers(subgraph: DeclaredSubgraph, runners: readonly ConnectorRunner[]): ResolverMap {
  const { schema } = subgraph;
  const loaders = runners.filter(({ connector }) => connector.kind !== 'root').map(prepareLoader);
  const connectors = runners.map(({ connector }) => connector);
  const graph: Graph = {
    schema,
    entityLoaders: groupByType(subgraph, loaders),
    wanted: new WantedReader(schema, connectors),
  };
  const resolvers: ResolverMap = {};
  for (const type of schema.types.values()) {
    if (type.kind === 'interface' || type.kind === 'union') {
      resolvers[type.name] = { __resolveType: ({ __typename }: LazyObject) => __typename };
    }
    if (type.kind !== 'object') continue;
    resolvers[type.name] = schema.isRoot(type.name)
      ? rootResolvers(type, graph, runners)
      : typeResolvers(type, subgraph.keyDirective, loaders, graph);
  }
  return resolvers;
}

function groupByType({ schema }: DeclaredSubgraph, loaders: readonly Loader[]): EntityLoaders {
  const grouped = new Map<string, Loader[]>();
  for (const loader of loaders) {
    const { entityType } = loader.runner.connector;
    for (const name of entityType === undefined ? [] : schema.possibleTypes(entityType)) {
      grouped.set(name, [...(grouped.get(name) ?? []), loader]);
    }
  }
  return grouped;
}

function rootResolvers(type: TypeEntry, graph: Graph, runners: readonly ConnectorRunner[]) {
  const isMutation = type.name === graph.schema.mutationName;
  const resolvers: Record<string, unknown> = {};
  for (const field of type.fields.values()) {
    const own = runners.filter(
      ({ connector }) => connector.typeName === type.name && connector.fieldName === field.name,
    );
    if (own.length > 0) resolvers[field.name] = prepareRootField(field, own, graph, isMutation);
  }
  return resolvers;
}

function typeResolvers(type: TypeEntry, keyDirective: string, loaders: readonly Loader[], graph: Graph) {
  const keyFields = new Set(explicitKeys(type, keyDirective).flatMap(({ keys }) => [...keys.keys()]));
  const resolvers: Record<string, unknown> = {
    // The representation itself: what it lacks is loaded when a field asks for it
    __resolveReference: (representation: ValueObject, _context: unknown, info: GraphQLResolveInfo) => {
      const origin = { shape: noShape, wanted: graph.wanted.read(info, type.name) };
      return new LazyObject(type.name, withoutTypename(representation), origin);
    },
  };
  for (const field of type.fields.values()) {
    const own = loaders.filter(
      ({ runner: { connector } }) => connector.typeName === type.name && connector.fieldName === field.name,
    );
    resolvers[field.name] = prepareField(field, own, keyFields, graph);
  }
  return resolvers;
}

function withoutTypename(representation: ValueObject): ValueObject {
  const { __typename, ...fields } = representation as ValueObject & { __typename?: Value };
  return fields;
}

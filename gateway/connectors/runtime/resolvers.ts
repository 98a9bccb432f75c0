/** The resolvers of a connector subgraph, by type and field, in the form `@apollo/subgraph` takes them. */
import type { Value, ValueObject } from '../mapping/value.ts';
import type { DeclaredSubgraph } from '../spec/declared-subgraph.ts';
import type { TypeEntry } from '../spec/schema-index.ts';
import type { ConnectorRunner } from './connector-runner.ts';
import { LazyObject } from './lazy-object.ts';
import { explicitKeys } from './lower.ts';
import { prepareField, prepareLoader, prepareRootField, type EntityLoaders, type Loader } from './resolve-field.ts';

type ResolverMap = Record<string, Record<string, unknown>>;

export function buildResolvers(subgraph: DeclaredSubgraph, runners: readonly ConnectorRunner[]): ResolverMap {
  const { schema } = subgraph;
  const loaders = runners.filter(({ connector }) => connector.kind !== 'root').map(prepareLoader);
  const entityLoaders = groupByType(subgraph, loaders);
  const resolvers: ResolverMap = {};
  for (const type of schema.types.values()) {
    if (type.kind === 'interface' || type.kind === 'union') {
      resolvers[type.name] = { __resolveType: ({ __typename }: LazyObject) => __typename };
    }
    if (type.kind !== 'object') continue;
    resolvers[type.name] = schema.isRoot(type.name)
      ? rootResolvers(type, subgraph, runners)
      : typeResolvers(type, subgraph, loaders, entityLoaders);
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

function rootResolvers(type: TypeEntry, { schema }: DeclaredSubgraph, runners: readonly ConnectorRunner[]) {
  const isMutation = type.name === schema.mutationName;
  const resolvers: Record<string, unknown> = {};
  for (const field of type.fields.values()) {
    const own = runners.filter(
      ({ connector }) => connector.typeName === type.name && connector.fieldName === field.name,
    );
    if (own.length > 0) resolvers[field.name] = prepareRootField(field, own, schema, isMutation);
  }
  return resolvers;
}

function typeResolvers(
  type: TypeEntry,
  { schema, keyDirective }: DeclaredSubgraph,
  loaders: readonly Loader[],
  entityLoaders: EntityLoaders,
) {
  const keyFields = new Set(explicitKeys(type, keyDirective).flatMap(({ keys }) => [...keys.keys()]));
  const resolvers: Record<string, unknown> = {
    // The representation itself: what it lacks is loaded when a field asks for it
    __resolveReference: (representation: ValueObject) => new LazyObject(type.name, withoutTypename(representation)),
  };
  for (const field of type.fields.values()) {
    const own = loaders.filter(
      ({ runner: { connector } }) => connector.typeName === type.name && connector.fieldName === field.name,
    );
    resolvers[field.name] = prepareField(field, own, keyFields, entityLoaders, schema);
  }
  return resolvers;
}

function withoutTypename(representation: ValueObject): ValueObject {
  const { __typename, ...fields } = representation as ValueObject & { __typename?: Value };
  return fields;
}

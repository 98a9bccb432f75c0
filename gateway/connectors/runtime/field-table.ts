/** The fields of a connector subgraph that can be resolved, by type and name (connectors.md 11.6). Who executes them is another matter. */
import type { DeclaredSubgraph } from '../spec/declared-subgraph.ts';
import type { SchemaIndex, TypeEntry } from '../spec/schema-index.ts';
import type { ConnectorRunner } from './connector-runner.ts';
import { explicitKeys } from './lower.ts';
import {
  prepareField,
  prepareLoader,
  prepareRootField,
  type EntityLoaders,
  type Loader,
  type ObjectField,
  type RootField,
} from './resolve-field.ts';
import { WantedReader } from './wanted.ts';

export interface FieldTable {
  readonly schema: SchemaIndex;
  readonly wanted: WantedReader;
  /** Fields of Query and Mutation that have connectors, by type. */
  readonly roots: ReadonlyMap<string, ReadonlyMap<string, RootField>>;
  /** Every field of every other object type, by type. */
  readonly objects: ReadonlyMap<string, ReadonlyMap<string, ObjectField>>;
}

export function buildFieldTable(subgraph: DeclaredSubgraph, runners: readonly ConnectorRunner[]): FieldTable {
  const { schema, keyDirective } = subgraph;
  const loaders = runners.filter(({ connector }) => connector.kind !== 'root').map(prepareLoader);
  const connectors = runners.map(({ connector }) => connector);
  const entityLoaders = groupByType(subgraph, loaders);
  const roots = new Map<string, ReadonlyMap<string, RootField>>();
  const objects = new Map<string, ReadonlyMap<string, ObjectField>>();
  for (const type of schema.types.values()) {
    if (type.kind !== 'object') continue;
    if (schema.isRoot(type.name)) roots.set(type.name, rootFields(type, schema, runners));
    else objects.set(type.name, objectFields(type, keyDirective, loaders, entityLoaders));
  }
  return { schema, wanted: new WantedReader(schema, connectors), roots, objects };
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

function rootFields(type: TypeEntry, schema: SchemaIndex, runners: readonly ConnectorRunner[]) {
  const isMutation = type.name === schema.mutationName;
  const fields = new Map<string, RootField>();
  for (const field of type.fields.values()) {
    const own = runners.filter(
      ({ connector }) => connector.typeName === type.name && connector.fieldName === field.name,
    );
    if (own.length > 0) fields.set(field.name, prepareRootField(field, own, isMutation));
  }
  return fields;
}

function objectFields(type: TypeEntry, keyDirective: string, loaders: readonly Loader[], entityLoaders: EntityLoaders) {
  const keyFields = new Set(explicitKeys(type, keyDirective).flatMap(({ keys }) => [...keys.keys()]));
  const fields = new Map<string, ObjectField>();
  for (const field of type.fields.values()) {
    const own = loaders.filter(
      ({ runner: { connector } }) => connector.typeName === type.name && connector.fieldName === field.name,
    );
    fields.set(field.name, prepareField(field, own, keyFields, entityLoaders));
  }
  return fields;
}

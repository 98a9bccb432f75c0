/** The fields of a connector subgraph as resolvers for graphql-js, in the form `@apollo/subgraph` takes them. */
import { Kind, OperationTypeNode, type GraphQLResolveInfo } from 'graphql';
import type { Value, ValueObject } from '../mapping/value.ts';
import { namedTypeOf } from '../spec/schema-index.ts';
import type { ConnectorContext } from './connector-context.ts';
import type { FieldTable } from './field-table.ts';
import { settle, type Gained } from './gained.ts';
import { LazyObject, noShape } from './lazy-object.ts';
import { prepareOutput } from './output.ts';
import type { FieldUse, ObjectField, RootField } from './resolve-field.ts';

type ResolverMap = Record<string, Record<string, unknown>>;

type Resolver<Source> = (
  source: Source,
  args: ValueObject,
  context: ConnectorContext,
  info: GraphQLResolveInfo,
) => unknown;

export function buildResolvers(table: FieldTable): ResolverMap {
  const resolvers: ResolverMap = {};
  for (const type of table.schema.types.values()) {
    if (type.kind === 'interface' || type.kind === 'union') {
      resolvers[type.name] = { __resolveType: ({ __typename }: LazyObject) => __typename };
    }
  }
  for (const [name, fields] of table.roots) {
    resolvers[name] = Object.fromEntries([...fields].map(([field, root]) => [field, rootResolver(root, table)]));
  }
  for (const [name, fields] of table.objects) {
    resolvers[name] = {
      // The representation itself: what it lacks is loaded when a field asks for it
      __resolveReference: (representation: ValueObject, _context: unknown, info: GraphQLResolveInfo) => {
        const origin = { shape: noShape, wanted: table.wanted.read(info, name) };
        return new LazyObject(name, withoutTypename(representation), origin);
      },
      ...Object.fromEntries([...fields].map(([field, resolved]) => [field, objectResolver(resolved, table)])),
    };
  }
  return resolvers;
}

function rootResolver({ entry, demand, gain }: RootField, { schema, wanted }: FieldTable): Resolver<unknown> {
  const output = prepareOutput(entry.type, schema);
  const typeName = namedTypeOf(entry.type);
  return async (_source, args, context, info) => {
    const gained = await gain(args, context, { ...useOf(info), wanted: wanted.read(info, typeName) });
    return output(
      settle(gained, demand, context, () => pathOf(info)),
      gained.origin,
    );
  };
}

function objectResolver({ entry, demand, gain }: ObjectField, { schema }: FieldTable): Resolver<LazyObject> {
  const output = prepareOutput(entry.type, schema);
  return (object, args, context, info) => {
    const finish = (gained: Gained): unknown =>
      output(
        settle(gained, demand, context, () => pathOf(info)),
        gained.origin,
      );
    const gained = gain(object, args, context, useOf(info));
    return gained instanceof Promise ? gained.then(finish) : finish(gained);
  };
}

const useOf = (info: GraphQLResolveInfo): FieldUse => ({
  isMutation: info.operation.operation === OperationTypeNode.MUTATION,
  requested: () => requestedFields(info),
});

/** The names of all fields selected below the field nodes. */
export function requestedFields({
  fieldNodes,
  fragments,
}: Pick<GraphQLResolveInfo, 'fieldNodes' | 'fragments'>): string[] {
  const names: string[] = [];
  const visit = (set: (typeof fieldNodes)[number]['selectionSet']): void => {
    for (const selection of set?.selections ?? []) {
      if (selection.kind === Kind.FIELD) names.push(selection.name.value);
      else if (selection.kind === Kind.INLINE_FRAGMENT) visit(selection.selectionSet);
      else visit(fragments[selection.name.value]?.selectionSet);
    }
  };
  for (const node of fieldNodes) visit(node.selectionSet);
  return names;
}

function pathOf({ path }: GraphQLResolveInfo): (string | number)[] {
  const keys: (string | number)[] = [];
  for (let at: typeof path | undefined = path; at; at = at.prev) keys.unshift(at.key);
  return keys;
}

function withoutTypename(representation: ValueObject): ValueObject {
  const { __typename, ...fields } = representation as ValueObject & { __typename?: Value };
  return fields;
}

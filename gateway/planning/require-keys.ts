/**
 * The planner writes what a fetch requires as fragments, one for the key and others for what is required beside it, each on a type
 * of its own: `... on Book { id } ... on Media { title }` for books alone. A film fits the second, and would be sent without
 * a key. So what stands beside keys is required of the objects that have one.
 */
import {
  isAbstractType,
  isInterfaceType,
  isObjectType,
  Kind,
  type DocumentNode,
  type GraphQLSchema,
  type SelectionSetNode,
} from 'graphql';
import type { FetchStep, RequiredSelection } from './query-planner.ts';
import { fieldsTypesOf, joinMarksOf, parseFieldSet, subgraphNamesOf } from './supergraph-document.ts';

type Fragment = Extract<RequiredSelection, { kind: 'fragment' }>;

interface KeyField {
  readonly name: string;
  readonly selections: readonly KeyField[];
}

/** Field sets of keys by subgraph and type. */
type Keys = ReadonlyMap<string, readonly KeyField[][]>;

/** `schema` has every type of the supergraph. */
export function createKeyRequirer(supergraph: DocumentNode, schema: GraphQLSchema): (step: FetchStep) => FetchStep {
  const keys = readKeys(supergraph);
  const isWithin = (name: string, other: string): boolean => {
    const [type, abstract] = [schema.getType(name), schema.getType(other)];
    if (name === other) return true;
    return (
      isAbstractType(abstract) && (isObjectType(type) || isInterfaceType(type)) && schema.isSubType(abstract, type)
    );
  };
  const hasKey = (subgraph: string, { type = '', selections }: Fragment): boolean => {
    const own = schema.getType(type);
    const interfaces = isObjectType(own) || isInterfaceType(own) ? own.getInterfaces().map(({ name }) => name) : [];
    return [type, ...interfaces].some((name) =>
      (keys.get(keyOf(subgraph, name)) ?? []).some((key) => isCovered(key, fieldsBelow(selections))),
    );
  };
  return (step) => {
    const fragments = step.requires.filter((selection): selection is Fragment => selection.kind === 'fragment');
    if (fragments.length < 2 || fragments.length < step.requires.length) return step;
    const keyed = fragments.filter((fragment) => hasKey(step.subgraph, fragment));
    const isWithinAny = (type: string): boolean => keyed.some((one) => isWithin(type, one.type ?? ''));
    const hasWithin = (type: string): boolean => keyed.some((one) => isWithin(one.type ?? '', type));
    const beside = fragments.filter(({ type = '' }) => !isWithinAny(type) && hasWithin(type));
    if (beside.length === 0) return step;
    const requires = fragments
      .filter((fragment) => !beside.includes(fragment))
      .map((fragment) => ({
        ...fragment,
        selections: [
          ...fragment.selections,
          ...beside
            .filter(({ type }) => isWithin(fragment.type ?? '', type ?? ''))
            .flatMap(({ selections }) => selections.filter((selection) => !isTypename(selection))),
        ],
      }));
    return { ...step, requires };
  };
}

const keyOf = (subgraph: string, type: string): string => `${subgraph} ${type}`;

const isTypename = (selection: RequiredSelection): boolean =>
  selection.kind === 'field' && selection.name === '__typename';

const isCovered = (key: readonly KeyField[], fields: readonly KeyField[]): boolean =>
  key.every((wanted) =>
    fields.some((given) => wanted.name === given.name && isCovered(wanted.selections, given.selections)),
  );

/** Conditions of the client leave fragments within fragments. */
const fieldsBelow = (selections: readonly RequiredSelection[]): KeyField[] =>
  selections.flatMap((selection) => {
    const below = fieldsBelow(selection.selections ?? []);
    return selection.kind === 'field' ? [{ name: selection.name, selections: below }] : below;
  });

function readKeys(supergraph: DocumentNode): Keys {
  const names = subgraphNamesOf(supergraph);
  const keys = new Map<string, KeyField[][]>();
  for (const type of fieldsTypesOf(supergraph)) {
    for (const { graph, key } of joinMarksOf(type)) {
      if (key === undefined) continue;
      const at = keyOf(names.get(graph) ?? graph, type.name.value);
      keys.set(at, [...(keys.get(at) ?? []), fieldsIn(parseFieldSet(key))]);
    }
  }
  return keys;
}

const fieldsIn = (selectionSet: SelectionSetNode | undefined): KeyField[] =>
  (selectionSet?.selections ?? []).flatMap((selection) =>
    selection.kind === Kind.FIELD ? [{ name: selection.name.value, selections: fieldsIn(selection.selectionSet) }] : [],
  );

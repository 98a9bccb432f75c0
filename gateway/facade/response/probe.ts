/**
 * What a conditional read may ask instead of everything (facade.md 5.2, step 1): key and version alone. That tells enough
 * where the version stands for the whole answer, so only where every selected field is of the service that owns it (O4).
 */
import { createHash } from 'node:crypto';
import { getNullableType, isListType, Kind, print, visit, type DocumentNode } from 'graphql';
import type { CacheHint, GraphFacts } from '../contract.ts';
import type { FieldShape, ObjectShape, Route } from '../routes/route.ts';
import { mergeHints } from './cache-policy.ts';

/** A route whose version says all. */
export interface Probe {
  readonly document: DocumentNode;
  /** The variables that are left. */
  readonly variables: ReadonlySet<string>;
  /** Changes with everything but the state that a representation depends on: the documents and where links lead. */
  readonly fingerprint: string;
}

/** What is known of a route for caching. */
export interface RouteCaching {
  readonly hints: CacheHint | undefined;
  readonly probe: Probe | undefined;
}

/** Entities change on their own; only their keys belong to the one that names them. */
function isOwned(graph: GraphFacts, service: string, variant: ObjectShape): boolean {
  return [...variant.fields.values()].every((field) => {
    if (field.fieldName === '__typename') return true;
    if (!graph.servicesOf(variant.typeName, field.fieldName).has(service)) return false;
    return !field.selection || isOwnedBelow(graph, service, field);
  });
}

function isOwnedBelow(graph: GraphFacts, service: string, field: FieldShape): boolean {
  return [...(field.selection?.variants.values() ?? [])].every((variant) => {
    const keys = graph.keysOf(variant.typeName);
    if (keys.size === 0) return isOwned(graph, service, variant);
    const isOne = !isListType(getNullableType(field.type));
    return isOne && [...variant.fields.values()].every(({ fieldName }) => keys.has(fieldName));
  });
}

/** The operation with nothing but the key and the version of its result. */
function pruneToState({ document, resultPath }: Route): DocumentNode | undefined {
  const operation = document.definitions.find((one) => one.kind === Kind.OPERATION_DEFINITION);
  const [root] = operation?.selectionSet.selections ?? [];
  if (!operation || resultPath.length !== 1 || root?.kind !== Kind.FIELD) return undefined;
  const selections = (root.selectionSet?.selections ?? []).filter(
    (one) => one.kind === Kind.FIELD && one.alias?.value.startsWith('facade__'),
  );
  if (selections.length === 0) return undefined;
  const pruned = { ...root, selectionSet: { kind: Kind.SELECTION_SET, selections } } as const;
  const variables = variablesOf({
    kind: Kind.DOCUMENT,
    definitions: [
      { ...operation, variableDefinitions: [], selectionSet: { kind: Kind.SELECTION_SET, selections: [pruned] } },
    ],
  });
  const variableDefinitions = (operation.variableDefinitions ?? []).filter((one) =>
    variables.has(one.variable.name.value),
  );
  const selectionSet = { kind: Kind.SELECTION_SET, selections: [pruned] } as const;
  return { kind: Kind.DOCUMENT, definitions: [{ ...operation, variableDefinitions, selectionSet }] };
}

function variablesOf(document: DocumentNode): Set<string> {
  const names = new Set<string>();
  visit(document, { Variable: ({ name }) => void names.add(name.value) });
  return names;
}

const hash = (text: string): string => createHash('sha256').update(text).digest('hex');

function findProbe(graph: GraphFacts, route: Route): Probe | undefined {
  const { resource, successType, result } = route;
  if (route.isMutation || route.method !== 'GET' || route.collection || resource?.version === undefined)
    return undefined;
  const variant = successType === undefined ? undefined : result.selection?.variants.get(successType);
  if (!variant || result.selection?.isAbstract) return undefined;
  const owners = [...graph.servicesOf(variant.typeName, resource.version)];
  if (!owners.some((service) => isOwned(graph, service, variant))) return undefined;
  const document = pruneToState(route);
  if (!document) return undefined;
  const all = [print(route.document), ...route.family.routes.map((one) => print(one.document))];
  return { document, variables: variablesOf(document), fingerprint: hash(all.join('\n')) };
}

/** Reads routes once; those made for a choice of fields as well. */
export function createRouteCaching(graph: GraphFacts | undefined): (route: Route) => RouteCaching {
  const known = new WeakMap<Route, RouteCaching>();
  return (route) => {
    const before = known.get(route);
    if (before) return before;
    const found: RouteCaching = {
      // Only the result knows of a choice of fields; where it lies deeper, the root says more than is asked.
      hints:
        graph && !route.isMutation
          ? mergeHints(graph, 'Query', [route.resultPath.length === 1 ? route.result : route.root])
          : undefined,
      probe: graph && findProbe(graph, route),
    };
    known.set(route, found);
    return found;
  };
}

/** Who answers a fetch, in words: a remote subgraph by its name, connectors by the calls they make (experience.md 3.1). */
import { Kind, parse, type SelectionSetNode } from 'graphql';
import type { Subgraph } from './build-subgraphs.ts';

interface FetchText {
  readonly subgraph: string;
  /** The subgraph operation, printed. */
  readonly operation: string;
}

/** `catalog.api http: GET /books/{$args.id}`; several calls with commas. */
export function nameFetch({ subgraph: name, operation }: FetchText, subgraphs: readonly Subgraph[]): string {
  const subgraph = subgraphs.find((candidate) => candidate.name === name);
  if (subgraph?.kind !== 'connectors') return name;
  const coordinates = coordinatesOf(operation);
  // A type alone stands for all that answers its entities; its fields say which of them are meant
  const exact = coordinates.filter((coordinate) => !coordinates.some((other) => other.startsWith(`${coordinate}.`)));
  const calls = exact.flatMap((coordinate) => subgraph.connectors.nameCalls(coordinate));
  return calls.length === 0 ? name : [...new Set(calls)].join(', ');
}

/** Root fields, and for entities each type with its fields. */
export function coordinatesOf(operation: string): string[] {
  return parse(operation).definitions.flatMap((definition) => {
    if (definition.kind !== Kind.OPERATION_DEFINITION) return [];
    const root = definition.operation === 'mutation' ? 'Mutation' : 'Query';
    return definition.selectionSet.selections.flatMap((selection) => {
      if (selection.kind !== Kind.FIELD) return [];
      if (selection.name.value !== '_entities') return [`${root}.${selection.name.value}`];
      return entityCoordinates(selection.selectionSet);
    });
  });
}

function entityCoordinates(selectionSet: SelectionSetNode | undefined): string[] {
  return (selectionSet?.selections ?? []).flatMap((selection) => {
    if (selection.kind !== Kind.INLINE_FRAGMENT || selection.typeCondition === undefined) return [];
    const type = selection.typeCondition.name.value;
    const fields = selection.selectionSet.selections.flatMap((field) =>
      field.kind === Kind.FIELD && field.name.value !== '__typename' ? [`${type}.${field.name.value}`] : [],
    );
    return [type, ...fields];
  });
}

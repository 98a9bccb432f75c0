/**
 * Within one request the same fields of the same entity are asked once: several fetches of a plan often want them at
 * different places of the answer. Only where all fields are leaves: an object that stood at two places could be given
 * different fields under one name by later fetches.
 */
import { Kind, type DocumentNode, type SelectionSetNode } from 'graphql';
import type { FetchStep } from '../planning/query-planner.ts';
import type { SubgraphError } from './fetch-target.ts';

/** What came back for the representations of one fetch. */
export interface Sending {
  readonly entities: readonly unknown[];
  /** Others hold the same entities, so nobody may change them. */
  readonly isShared: boolean;
  /** About one entity, by its number. */
  readonly errorsAt: ReadonlyMap<number, readonly SubgraphError[]>;
  /** About none, or about all of them. */
  readonly errors: readonly SubgraphError[];
}

export interface Asked {
  readonly sending: Promise<Sending>;
  readonly index: number;
}

/** By fetches that ask for the same, then by the text of the representation. */
export type AskedEntities = Map<string, Map<string, Asked>>;

export function askedFor(key: string, { asked }: { readonly asked: AskedEntities }): Map<string, Asked> {
  const known = asked.get(key) ?? new Map<string, Asked>();
  asked.set(key, known);
  return known;
}

/** The same for all fetches that may share entities; undefined when the fetch may not. */
export function sharedKeyOf(step: FetchStep, document: DocumentNode): string | undefined {
  const [operation, ...fragments] = document.definitions;
  if (operation?.kind !== Kind.OPERATION_DEFINITION || fragments.length > 0) return undefined;
  const [entities] = operation.selectionSet.selections;
  if (entities?.kind !== Kind.FIELD || !hasOnlyLeaves(entities.selectionSet)) return undefined;
  return JSON.stringify([step.subgraph, kindOf(step), step.outputRewrites]);
}

/** Equal for fetches that ask for the same; names of operations are numbered within a plan. */
export const kindOf = ({ operation, operationName }: FetchStep): string =>
  operationName === undefined ? operation : operation.replace(operationName, '');

const hasOnlyLeaves = (selectionSet: SelectionSetNode | undefined): boolean =>
  (selectionSet?.selections ?? []).every((selection) => {
    if (selection.kind === Kind.FIELD) return selection.selectionSet === undefined;
    return selection.kind === Kind.INLINE_FRAGMENT && hasOnlyLeaves(selection.selectionSet);
  });

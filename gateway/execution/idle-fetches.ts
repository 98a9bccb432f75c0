/**
 * Entity fetches that ask for nothing new once conditions are known. The planner makes a condition that is around all of a fetch
 * that of the fetch, but not where the client, or `planning/keep-empty-objects.ts`, asks for `__typename` beside it.
 */
import { isObjectType, Kind, type DocumentNode, type GraphQLSchema, type SelectionSetNode } from 'graphql';
import type { FetchStep } from '../planning/query-planner.ts';
import { isIncluded, type Conditions } from './collect-fields.ts';

/** Whether the conditions leave of the fetch no more than names of types that are known before it is sent. */
export function isIdle(
  step: FetchStep,
  document: DocumentNode,
  conditions: Conditions,
  fullSchema: GraphQLSchema,
): boolean {
  if (!step.isEntityFetch || !hasKnownTypes(step, fullSchema)) return false;
  const [operation, ...fragments] = document.definitions;
  if (operation?.kind !== Kind.OPERATION_DEFINITION || fragments.length > 0) return false;
  return operation.selectionSet.selections.every(
    (entities) => entities.kind === Kind.FIELD && asksNothing(entities.selectionSet, conditions),
  );
}

/** An entity of an interface may be fetched to learn which type it is of. */
const hasKnownTypes = ({ requires }: FetchStep, fullSchema: GraphQLSchema): boolean =>
  requires.every(
    (selection) => selection.kind === 'fragment' && isObjectType(fullSchema.getType(selection.type ?? '')),
  );

const asksNothing = (selectionSet: SelectionSetNode | undefined, conditions: Conditions): boolean =>
  (selectionSet?.selections ?? []).every((selection) => {
    if (!isIncluded(selection, conditions)) return true;
    if (selection.kind === Kind.FIELD) return selection.name.value === '__typename' && selection.alias === undefined;
    return selection.kind === Kind.INLINE_FRAGMENT && asksNothing(selection.selectionSet, conditions);
  });

/** What an entity fetch sends of an entity, compiled from the plan's `requires` (Apollo Federation, "Entities"). */
import type { RequiredSelection } from '../planning/query-planner.ts';
import { mergeAnswer } from './merge-answer.ts';
import { isMembers, readOwn, writeOwn, type Members } from './own-members.ts';
import type { IsOfType } from './type-test.ts';

/** Null when something required is not there: then the entity cannot be asked for. */
export type SelectRepresentation = (entity: Members) => Members | null;

/** Copies one selection; false when it is missing. */
type Select = (source: Members, into: Members) => boolean;

export function compileRepresentation(
  selections: readonly RequiredSelection[],
  isOfType: IsOfType,
): SelectRepresentation {
  const parts = selections.map((selection) => compileSelection(selection, isOfType));
  return (source) => {
    const into: Members = {};
    for (const part of parts) if (!part(source, into)) return null;
    return into;
  };
}

/** The names of what is required, for what nearly all plans require: leaves of one type. Undefined for anything else. */
export function leavesOfRepresentation(selections: readonly RequiredSelection[]): readonly string[] | undefined {
  const [fragment, ...others] = selections;
  if (fragment?.kind !== 'fragment' || others.length > 0) return undefined;
  const names: string[] = [];
  for (const selection of fragment.selections) {
    if (selection.kind !== 'field' || selection.selections !== undefined) return undefined;
    names.push(selection.name);
  }
  return names.includes('__typename') ? names : undefined;
}

function compileSelection(selection: RequiredSelection, isOfType: IsOfType): Select {
  if (selection.kind === 'fragment') {
    const select = compileRepresentation(selection.selections, isOfType);
    const { type } = selection;
    return (source, into) => {
      const selected = type === undefined || hasType(source, type, isOfType) ? select(source) : null;
      if (selected !== null) mergeAnswer(into, selected);
      return true;
    };
  }
  const { name, sentAs = name, selections } = selection;
  const select = selections === undefined ? undefined : compileRepresentation(selections, isOfType);
  return (source, into) => {
    const value = readOwn(source, name);
    if (value === undefined) return false;
    writeOwn(into, sentAs, select === undefined ? value : selectFrom(value, select));
    return true;
  };
}

function selectFrom(value: unknown, select: SelectRepresentation): unknown {
  if (Array.isArray(value)) return value.map((item) => selectFrom(item, select));
  return isMembers(value) ? select(value) : null;
}

function hasType(source: Members, type: string, isOfType: IsOfType): boolean {
  const typename = source['__typename'];
  return typeof typename === 'string' && isOfType(typename, type);
}

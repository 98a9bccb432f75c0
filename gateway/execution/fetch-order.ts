/**
 * Which fetch waits for which. A plan says it by levels (sequence, parallel); here each fetch waits only for those that
 * write what it reads: the objects on its path and the fields of its representations. Fetches of a mutation keep the
 * order of the plan, since its fields run one after the other (GraphQL specification, 6.2.2).
 */
import { Kind, type DocumentNode, type GraphQLSchema, type SelectionSetNode } from 'graphql';
import type { FetchStep, PlanStep, RequiredSelection } from '../planning/query-planner.ts';
import { isIdle } from './idle-fetches.ts';

export interface PlacedFetch {
  readonly step: FetchStep;
  /** Where its parts go, from the root of the answer. */
  readonly path: readonly string[];
  /** Positions, in the list, of the fetches that have to be done before. */
  readonly after: readonly number[];
}

export interface OrderFetchesOptions {
  /** Values of the boolean variables that choose between steps. */
  readonly conditions: Readonly<Record<string, boolean>>;
  readonly isMutation: boolean;
  readonly documentOf: (step: FetchStep) => DocumentNode;
  readonly fullSchema: GraphQLSchema;
}

/** The fetches of a plan; each comes after those it waits for. */
export function orderFetches(root: PlanStep | undefined, options: OrderFetchesOptions): PlacedFetch[] {
  const placed: PlacedFetch[] = [];
  if (root !== undefined) place(root, [], [], placed, options);
  return placed;
}

/** Adds the fetches of a step; gives their positions. `before` are the fetches that the plan puts earlier. */
function place(
  step: PlanStep,
  path: readonly string[],
  before: readonly number[],
  placed: PlacedFetch[],
  options: OrderFetchesOptions,
): number[] {
  switch (step.kind) {
    case 'sequence': {
      const own: number[] = [];
      for (const part of step.steps) own.push(...place(part, path, [...before, ...own], placed, options));
      return own;
    }
    case 'parallel':
      return step.steps.flatMap((part) => place(part, path, before, placed, options));
    case 'flatten':
      return place(step.step, [...path, ...step.path], before, placed, options);
    case 'condition': {
      const chosen = options.conditions[step.variable] === true ? step.whenTrue : step.whenFalse;
      return chosen === undefined ? [] : place(chosen, path, before, placed, options);
    }
    case 'fetch': {
      if (isIdle(step, options.documentOf(step), options.conditions, options.fullSchema)) return [];
      const after = options.isMutation ? before : before.filter((index) => feeds(placed[index]!, step, path, options));
      placed.push({ step, path, after });
      return [placed.length - 1];
    }
  }
}

function feeds(earlier: PlacedFetch, step: FetchStep, path: readonly string[], options: OrderFetchesOptions): boolean {
  // Renamed fields are written under names that its operation does not show.
  if (earlier.step.outputRewrites.length > 0) return true;
  const written = writesOf(earlier, options.documentOf(earlier.step));
  return readsOf(step, path).some((read) => written.has(read));
}

const SEPARATOR = '.';

function writesOf({ step, path }: PlacedFetch, document: DocumentNode): Set<string> {
  const written = new Set<string>();
  const start = withoutItems(path);
  for (const definition of document.definitions) {
    if (definition.kind !== Kind.OPERATION_DEFINITION) continue;
    addNames(definition.selectionSet, step.isEntityFetch ? undefined : start, start, document, written);
  }
  return written;
}

/** `below` is undefined above the entities, which are where the path already leads. */
function addNames(
  selectionSet: SelectionSetNode,
  below: readonly string[] | undefined,
  start: readonly string[],
  document: DocumentNode,
  written: Set<string>,
): void {
  for (const selection of selectionSet.selections) {
    if (selection.kind === Kind.INLINE_FRAGMENT) addNames(selection.selectionSet, below, start, document, written);
    else if (selection.kind === Kind.FRAGMENT_SPREAD) {
      const fragment = document.definitions.find(
        (definition) => definition.kind === Kind.FRAGMENT_DEFINITION && definition.name.value === selection.name.value,
      );
      if (fragment?.kind === Kind.FRAGMENT_DEFINITION) addNames(fragment.selectionSet, below, start, document, written);
    } else {
      const here = below === undefined ? start : [...below, (selection.alias ?? selection.name).value];
      if (below !== undefined) written.add(here.join(SEPARATOR));
      if (selection.selectionSet !== undefined) addNames(selection.selectionSet, here, start, document, written);
    }
  }
}

function readsOf(step: FetchStep, path: readonly string[]): string[] {
  const start = withoutItems(path);
  const reads = start.map((_, index) => start.slice(0, index + 1).join(SEPARATOR));
  addRequired(step.requires, start, reads);
  return reads;
}

function addRequired(selections: readonly RequiredSelection[], below: readonly string[], reads: string[]): void {
  for (const selection of selections) {
    if (selection.kind === 'fragment') addRequired(selection.selections, below, reads);
    else {
      const here = [...below, selection.name];
      reads.push(here.join(SEPARATOR));
      if (selection.selections !== undefined) addRequired(selection.selections, here, reads);
    }
  }
}

const withoutItems = (path: readonly string[]): string[] => path.filter((element) => element !== '@');

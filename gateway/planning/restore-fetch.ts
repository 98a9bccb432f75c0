/**
 * Fetches of a plan made over hidden fields (`lift-required-fields.ts`), as subgraphs understand them: what is asked for is
 * named and has its arguments, and a representation holds the field that the subgraph knows. Where one fetch needs the same
 * field with different arguments, one representation cannot hold both, and the fetch becomes several.
 */
import {
  Kind,
  parse,
  print,
  stripIgnoredCharacters,
  visit,
  type DocumentNode,
  type FieldNode,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';
import { requirementKey, type LiftedSupergraph } from './lift-required-fields.ts';
import type { FetchStep, PlanStep, RequiredSelection } from './query-planner.ts';

export function restoreFetch(step: FetchStep, { lifted, requirements }: LiftedSupergraph): PlanStep {
  if (lifted.size === 0) return step;
  const steps = splitFetch(step, lifted, requirements).map((part) => restoreNames(part, lifted));
  const [first, ...others] = steps;
  return first !== undefined && others.length === 0 ? first : { kind: 'parallel', steps };
}

type Lifted = LiftedSupergraph['lifted'];

function restoreNames(step: FetchStep, lifted: Lifted): FetchStep {
  const requires = step.requires.map((selection) => restoreRequired(selection, lifted));
  if (![...lifted.keys()].some((name) => step.operation.includes(name))) return { ...step, requires };
  const document = visit(parse(step.operation, { noLocation: true }), {
    Field(field): FieldNode | undefined {
      const original = lifted.get(field.name.value);
      if (original === undefined) return undefined;
      return {
        ...field,
        alias: field.alias ?? field.name,
        name: { kind: Kind.NAME, value: original.name },
        arguments: original.arguments,
      };
    },
  });
  return { ...step, requires, operation: printShort(document) };
}

function restoreRequired(selection: RequiredSelection, lifted: Lifted): RequiredSelection {
  if (selection.kind === 'fragment') {
    return { ...selection, selections: selection.selections.map((below) => restoreRequired(below, lifted)) };
  }
  const sentAs = lifted.get(selection.name)?.name;
  const selections = selection.selections?.map((below) => restoreRequired(below, lifted));
  return {
    ...selection,
    ...(sentAs === undefined ? {} : { sentAs }),
    ...(selections === undefined ? {} : { selections }),
  };
}

/** Hidden fields by their paths in the representation. */
type Paths = ReadonlySet<string>;

function splitFetch(step: FetchStep, lifted: Lifted, requirements: LiftedSupergraph['requirements']): FetchStep[] {
  const all = new Set(pathsOf(step.requires, '', lifted));
  if (!isContradiction(all, lifted)) return [step];
  const document = parse(step.operation, { noLocation: true });
  const buckets: Set<string>[] = [];
  const bucketOf = (type: string, field: string): number => {
    const needed = requirements.get(requirementKey(step.subgraph, type, field)) ?? [];
    const found = buckets.findIndex((bucket) => !isContradiction(new Set([...bucket, ...needed]), lifted));
    if (found === -1) return buckets.push(new Set(needed)) - 1;
    needed.forEach((path) => buckets[found]!.add(path));
    return found;
  };
  const placed = new Map<FieldNode, number>();
  visitEntityFields(document, (field, type) => placed.set(field, bucketOf(type, field.name.value)));
  return buckets.map((bucket, index) => {
    const others = new Set([...all].filter((path) => !bucket.has(path)));
    return {
      ...step,
      ...keepFields(document, (field) => placed.get(field) === index, step),
      requires: withoutPaths(step.requires, '', others),
    };
  });
}

/** Whether two of them would be sent under one name. */
function isContradiction(paths: Paths, lifted: Lifted): boolean {
  const sent = [...paths].map((path) =>
    path
      .split('.')
      .map((name) => lifted.get(name)?.name ?? name)
      .join('.'),
  );
  return new Set(sent).size < sent.length;
}

function pathsOf(selections: readonly RequiredSelection[], above: string, lifted: Lifted): string[] {
  return selections.flatMap((selection) => {
    if (selection.kind === 'fragment') return pathsOf(selection.selections, above, lifted);
    const here = `${above}${selection.name}`;
    const below = pathsOf(selection.selections ?? [], `${here}.`, lifted);
    return lifted.has(selection.name) ? [here, ...below] : below;
  });
}

function withoutPaths(selections: readonly RequiredSelection[], above: string, unwanted: Paths): RequiredSelection[] {
  return selections.flatMap((selection): RequiredSelection[] => {
    if (selection.kind === 'fragment') {
      return [{ ...selection, selections: withoutPaths(selection.selections, above, unwanted) }];
    }
    const here = `${above}${selection.name}`;
    if (unwanted.has(here)) return [];
    if (selection.selections === undefined) return [selection];
    return [{ ...selection, selections: withoutPaths(selection.selections, `${here}.`, unwanted) }];
  });
}

const ENTITIES = '_entities';

/** The fields that are asked of entities, each with the type that it is asked of. */
function visitEntityFields(document: DocumentNode, meet: (field: FieldNode, type: string) => void): void {
  const walk = (selectionSet: SelectionSetNode, type: string): void => {
    for (const selection of selectionSet.selections) {
      if (selection.kind === Kind.FIELD) meet(selection, type);
      else if (selection.kind === Kind.INLINE_FRAGMENT) {
        walk(selection.selectionSet, selection.typeCondition?.name.value ?? type);
      }
    }
  };
  for (const definition of document.definitions) {
    if (definition.kind !== Kind.OPERATION_DEFINITION) continue;
    for (const root of definition.selectionSet.selections) {
      if (root.kind === Kind.FIELD && root.name.value === ENTITIES) walk(root.selectionSet!, '_Entity');
    }
  }
}

/** The operation with some of the fields of its entities, and the variables that these use. */
function keepFields(
  document: DocumentNode,
  isKept: (field: FieldNode) => boolean,
  { variables }: FetchStep,
): Pick<FetchStep, 'operation' | 'variables'> {
  const keep = (selectionSet: SelectionSetNode): SelectionSetNode => ({
    ...selectionSet,
    selections: selectionSet.selections.flatMap((selection): SelectionNode[] => {
      if (selection.kind === Kind.FIELD) return isKept(selection) ? [selection] : [];
      if (selection.kind === Kind.FRAGMENT_SPREAD) return [selection];
      const below = keep(selection.selectionSet);
      return below.selections.length === 0 ? [] : [{ ...selection, selectionSet: below }];
    }),
  });
  const narrowed = visit(document, {
    Field: (field) => (field.name.value === ENTITIES ? { ...field, selectionSet: keep(field.selectionSet!) } : false),
  });
  const used = new Set<string>();
  visit(narrowed, {
    VariableDefinition: () => false,
    Variable: ({ name }) => void used.add(name.value),
  });
  const pruned = visit(narrowed, {
    VariableDefinition: ({ variable }) => (used.has(variable.name.value) ? false : null),
  });
  return { operation: printShort(pruned), variables: variables.filter((name) => used.has(name)) };
}

const printShort = (document: DocumentNode): string => stripIgnoredCharacters(print(document));

/**
 * `?fields=id,title,authors.name` (facade.md 4.1): the selection is cut down before planning, so that fewer services are
 * called. A set of fields is a route of its own, made once and kept as long as it is among those asked for last.
 */
import {
  Kind,
  visit,
  type DefinitionNode,
  type DocumentNode,
  type FragmentDefinitionNode,
  type SelectionSetNode,
} from 'graphql';
import { didYouMean } from '../../errors/did-you-mean.ts';
import type { ProblemItem } from '../response/problem.ts';
import type { FieldShape, Route } from './route.ts';
import { fieldAt } from './selection-shape.ts';

/** Chosen keys; nothing below a key stands for all of it. */
type FieldTree = Map<string, FieldTree>;

/** A route with a part of its fields, and the variables that this part still uses. */
export interface FieldSet {
  readonly route: Route;
  readonly variables: ReadonlySet<string>;
}

/** Can the fields of its answer be chosen? */
export const hasFieldChoice = (route: Route): boolean =>
  route.method === 'GET' && targetOf(route)?.selection !== undefined;

const itemsPath = (route: Route): readonly string[] => route.collection?.items ?? [];

const targetOf = (route: Route): FieldShape | undefined => fieldAt(route.result, itemsPath(route));

function buildTree(names: readonly string[]): FieldTree {
  const tree: FieldTree = new Map();
  // Shorter names first: what is chosen as a whole is not cut down by a name below it.
  for (const name of names.toSorted((a, b) => a.length - b.length)) {
    let node = tree;
    const keys = name.split('.');
    for (const [i, key] of keys.entries()) {
      const known = node.get(key);
      if (known && known.size === 0) break;
      const next = known ?? new Map<string, FieldTree>();
      node.set(key, next);
      node = next;
      if (i === keys.length - 1) next.clear();
    }
  }
  return tree;
}

class DocumentPruner {
  readonly #fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  /** Keys at the top that stay whatever is chosen: links need them, and the state of a job. */
  readonly #kept: ReadonlySet<string>;

  constructor(document: DocumentNode, kept: ReadonlySet<string>) {
    const definitions = document.definitions.filter((one) => one.kind === Kind.FRAGMENT_DEFINITION);
    this.#fragments = new Map(definitions.map((one) => [one.name.value, one]));
    this.#kept = kept;
  }

  /** The selections with `change` applied to each field; fragments are written out, since only this place is changed. */
  #change(
    set: SelectionSetNode,
    change: (key: string, below: SelectionSetNode | undefined) => SelectionSetNode | boolean,
  ): SelectionSetNode {
    const selections = set.selections.flatMap((selection): SelectionSetNode['selections'] => {
      if (selection.kind === Kind.FIELD) {
        const changed = change((selection.alias ?? selection.name).value, selection.selectionSet);
        if (typeof changed === 'boolean') return changed ? [selection] : [];
        return [{ ...selection, selectionSet: changed }];
      }
      const fragment = selection.kind === Kind.INLINE_FRAGMENT ? selection : this.#fragments.get(selection.name.value)!;
      const selectionSet = this.#change(fragment.selectionSet, change);
      if (selectionSet.selections.length === 0) return [];
      const { directives = [] } = selection;
      const { typeCondition } = fragment;
      return [{ kind: Kind.INLINE_FRAGMENT, directives, selectionSet, ...(typeCondition ? { typeCondition } : {}) }];
    });
    return { ...set, selections };
  }

  along(set: SelectionSetNode, path: readonly string[], tree: FieldTree): SelectionSetNode {
    const [next, ...rest] = path;
    if (next === undefined) return this.#choose(set, tree, this.#kept);
    return this.#change(set, (key, below) => (key === next && below ? this.along(below, rest, tree) : true));
  }

  #choose(set: SelectionSetNode, tree: FieldTree, kept: ReadonlySet<string>): SelectionSetNode {
    return this.#change(set, (key, below) => {
      const chosen = tree.get(key);
      if (key.startsWith('__') || key.startsWith('facade__') || kept.has(key) || chosen?.size === 0) return true;
      return chosen && below ? this.#choose(below, chosen, new Set()) : chosen !== undefined;
    });
  }
}

function pruneDocument(route: Route, tree: FieldTree): { document: DocumentNode; variables: Set<string> } {
  const { state, resultId, error } = route.job ?? {};
  const mappings = [...route.rels.flatMap(({ args, when }) => [args, when]), state, resultId, error];
  const kept = new Set(mappings.flatMap((mapping) => mapping?.reads ?? []));
  const pruner = new DocumentPruner(route.document, route.collection ? new Set() : kept);
  const path = [...route.resultPath, ...itemsPath(route)];
  const operation = route.document.definitions.find((one) => one.kind === Kind.OPERATION_DEFINITION)!;
  const selectionSet = pruner.along(operation.selectionSet, path, tree);
  const [spread, variables] = [new Set<string>(), new Set<string>()];
  const note = (node: DefinitionNode | SelectionSetNode): unknown =>
    visit(node, {
      Variable: ({ name }) => void variables.add(name.value),
      FragmentSpread: ({ name }) => {
        if (spread.has(name.value)) return;
        spread.add(name.value);
        const fragment = route.document.definitions.find(
          (one) => one.kind === Kind.FRAGMENT_DEFINITION && one.name.value === name.value,
        );
        if (fragment) note(fragment);
      },
    });
  note(selectionSet);
  const variableDefinitions = operation.variableDefinitions?.filter((one) => variables.has(one.variable.name.value));
  const pruned = { ...operation, selectionSet, ...(variableDefinitions ? { variableDefinitions } : {}) };
  const definitions = route.document.definitions.flatMap((one): DefinitionNode[] => {
    if (one === operation) return [pruned];
    return one.kind === Kind.FRAGMENT_DEFINITION && spread.has(one.name.value) ? [one] : [];
  });
  return { document: { ...route.document, definitions }, variables };
}

function pruneShape(field: FieldShape, path: readonly string[], tree: FieldTree): FieldShape {
  if (!field.selection) return field;
  const [next, ...rest] = path;
  const variants = [...field.selection.variants].map(([name, { fragment: _fragment, ...variant }]) => {
    const fields = [...variant.fields].flatMap(([key, below]): [string, FieldShape][] => {
      if (next !== undefined) return [[key, key === next ? pruneShape(below, rest, tree) : below]];
      const chosen = tree.get(key);
      if (!chosen) return [];
      return [[key, chosen.size === 0 ? below : pruneShape(below, [], chosen)]];
    });
    return [name, { ...variant, fields: new Map(fields) }] as const;
  });
  return { ...field, selection: { ...field.selection, variants: new Map(variants) } };
}

const keysOf = (field: FieldShape | undefined): string[] =>
  [...(field?.selection?.variants.values() ?? [])].flatMap((variant) => [...variant.fields.keys()]);

/** What is wrong with the names, if anything. */
function checkNames(route: Route, names: readonly string[]): ProblemItem[] {
  const target = targetOf(route)!;
  return names.flatMap((name) => {
    const keys = name.split('.');
    const depth = keys.findIndex((_, i) => !fieldAt(target, keys.slice(0, i + 1)));
    if (depth < 0) return [];
    const known = keysOf(fieldAt(target, keys.slice(0, depth)));
    const hint = didYouMean(keys[depth]!, known);
    const detail = `"fields" names "${name}", which is not in the answer${hint === undefined ? '' : `. ${hint}`}`;
    return [{ parameter: 'fields', detail, code: 'unknown' }];
  });
}

export class FieldSets {
  readonly #sets = new Map<string, FieldSet>();
  readonly #capacity: number;

  /** `capacity`: how many sets are kept, of all routes together. */
  constructor(capacity = 500) {
    this.#capacity = capacity;
  }

  get size(): number {
    return this.#sets.size;
  }

  /** The route with the fields of a list such as `id,title`, or what is wrong with the list. */
  find(route: Route, list: string): FieldSet | readonly ProblemItem[] {
    const names = [...new Set(list.split(',').map((name) => name.trim()))].filter((name) => name !== '').sort();
    if (names.length === 0) return [{ parameter: 'fields', detail: '"fields" names nothing', code: 'empty' }];
    const errors = checkNames(route, names);
    if (errors.length > 0) return errors;
    const id = `${route.family.version} ${route.operation} ${names.join(',')}`;
    const set = this.#sets.get(id) ?? this.#build(route, buildTree(names));
    this.#sets.delete(id);
    this.#sets.set(id, set); // the last one asked for is the last to go
    for (const oldest of this.#sets.keys()) {
      if (this.#sets.size <= this.#capacity) break;
      this.#sets.delete(oldest);
    }
    return set;
  }

  #build(route: Route, tree: FieldTree): FieldSet {
    const { document, variables } = pruneDocument(route, tree);
    const result = pruneShape(route.result, itemsPath(route), tree);
    const representation = pruneShape(route.representation, itemsPath(route), tree);
    return { route: { ...route, document, result, representation }, variables };
  }
}

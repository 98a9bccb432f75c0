/** CollectFields of the GraphQL specification (6.3.2), done once, for one concrete type and known conditions. */
import {
  Kind,
  valueFromAST,
  GraphQLBoolean,
  type DirectiveNode,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';
import type { IsOfType } from './type-test.ts';

/** Values of the variables that @skip and @include ask for. */
export type Conditions = Readonly<Record<string, boolean>>;

export interface CollectOptions {
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  readonly conditions: Conditions;
  readonly isOfType: IsOfType;
}

/** Field nodes by response name, in the order of the answer. */
export function collectFields(
  typename: string,
  selectionSets: readonly SelectionSetNode[],
  options: CollectOptions,
): Map<string, FieldNode[]> {
  const fields = new Map<string, FieldNode[]>();
  const seenFragments = new Set<string>();
  const add = (selectionSet: SelectionSetNode): void => {
    for (const selection of selectionSet.selections) {
      if (!isIncluded(selection, options.conditions)) continue;
      if (selection.kind === Kind.FIELD) {
        const name = (selection.alias ?? selection.name).value;
        const nodes = fields.get(name);
        if (nodes === undefined) fields.set(name, [selection]);
        else nodes.push(selection);
      } else if (selection.kind === Kind.INLINE_FRAGMENT) {
        const condition = selection.typeCondition?.name.value;
        if (condition === undefined || options.isOfType(typename, condition)) add(selection.selectionSet);
      } else {
        const fragment = options.fragments.get(selection.name.value);
        if (fragment === undefined || seenFragments.has(selection.name.value)) continue;
        seenFragments.add(selection.name.value);
        if (options.isOfType(typename, fragment.typeCondition.name.value)) add(fragment.selectionSet);
      }
    }
  };
  selectionSets.forEach(add);
  return fields;
}

export function isIncluded(selection: SelectionNode, conditions: Conditions): boolean {
  return (selection.directives ?? []).every((directive) => {
    const name = directive.name.value;
    if (name !== 'skip' && name !== 'include') return true;
    return conditionOf(directive, conditions) === (name === 'include');
  });
}

function conditionOf(directive: DirectiveNode, conditions: Conditions): boolean {
  const value = directive.arguments?.find((argument) => argument.name.value === 'if')?.value;
  return valueFromAST(value, GraphQLBoolean, conditions) === true;
}

export const fragmentsOf = (document: DocumentNode): Map<string, FragmentDefinitionNode> =>
  new Map(
    document.definitions.flatMap((definition) =>
      definition.kind === Kind.FRAGMENT_DEFINITION ? [[definition.name.value, definition] as const] : [],
    ),
  );

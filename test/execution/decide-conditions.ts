/**
 * A query as it is once its conditions are known: `@skip` and `@include` with what they leave out are gone. Apollo is asked this,
 * since its planner loses conditions where it makes one that of a whole fetch, and forgets objects of which nothing is left.
 */
import {
  getDirectiveValues,
  GraphQLIncludeDirective,
  GraphQLSkipDirective,
  Kind,
  parse,
  print,
  valueFromASTUntyped,
  TypeInfo,
  visit,
  visitWithTypeInfo,
  isInterfaceType,
  type DocumentNode,
  type FieldNode,
  type GraphQLSchema,
  type SelectionNode,
} from 'graphql';
import type { RandomQuery } from './random-query.ts';

/** Stands for a selection of which nothing is left, which cannot be written. */
const EMPTY = 'nothing';

export function decideConditions({ text, variables }: RandomQuery, schema: GraphQLSchema): RandomQuery {
  const written = parse(text);
  const known = { ...defaultsOf(written), ...variables };
  const decide = {
    enter: (node: SelectionNode) => {
      const isSkipped = getDirectiveValues(GraphQLSkipDirective, node, known)?.['if'] === true;
      const isIncluded = getDirectiveValues(GraphQLIncludeDirective, node, known)?.['if'] !== false;
      return isSkipped || !isIncluded ? null : { ...node, directives: [] };
    },
  };
  const types = new TypeInfo(schema);
  const nothing = (): FieldNode => {
    // To ask for the name of a type can cost a fetch, which can fail.
    const type = types.getParentType();
    const name = isInterfaceType(type) && 'id' in type.getFields() ? 'id' : '__typename';
    return { kind: Kind.FIELD, alias: { kind: Kind.NAME, value: EMPTY }, name: { kind: Kind.NAME, value: name } };
  };
  const decided: DocumentNode = visit(written, { Field: decide, InlineFragment: decide, FragmentSpread: decide });
  const filled: DocumentNode = visit(
    decided,
    visitWithTypeInfo(types, {
      SelectionSet: (node) => (node.selections.length === 0 ? { ...node, selections: [nothing()] } : undefined),
    }),
  );
  return { text: print(withoutUnused(filled)), variables };
}

/** The answer as if a selection of which nothing is left had been asked for. */
export function withoutNothing<Value>(value: Value): Value {
  if (Array.isArray(value)) return value.map(withoutNothing) as Value;
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value).filter(([name]) => name !== EMPTY);
  return Object.fromEntries(members.map(([name, member]) => [name, withoutNothing(member)])) as Value;
}

function defaultsOf(document: DocumentNode): Record<string, unknown> {
  const defaults: Record<string, unknown> = {};
  visit(document, {
    VariableDefinition({ variable, defaultValue }) {
      if (defaultValue !== undefined) defaults[variable.name.value] = valueFromASTUntyped(defaultValue);
    },
  });
  return defaults;
}

/** Fragments and variables that nothing uses are not valid. */
function withoutUnused(document: DocumentNode): DocumentNode {
  const fragments = new Set<string>();
  const variables = new Set<string>();
  visit(document, {
    FragmentSpread: ({ name }) => void fragments.add(name.value),
    VariableDefinition: () => false,
    Variable: ({ name }) => void variables.add(name.value),
  });
  const kept: DocumentNode = visit(document, {
    FragmentDefinition: ({ name }) => (fragments.has(name.value) ? undefined : null),
    VariableDefinition: ({ variable }) => (variables.has(variable.name.value) ? undefined : null),
  });
  return kept.definitions.length === document.definitions.length ? kept : withoutUnused(kept);
}

/**
 * Several entity fetches for one subgraph as one operation: `_entities` once for each, under an alias, each with its own list
 * of representations. Names of fragments and variables are made different, so that nothing of one reaches another.
 */
import {
  Kind,
  OperationTypeNode,
  print,
  visit,
  type DefinitionNode,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type OperationDefinitionNode,
  type VariableDefinitionNode,
} from 'graphql';
import type { SubgraphOperation } from './fetch-target.ts';

/** The variable that holds what is sent of each entity (Apollo Federation, "Query._entities"). */
const REPRESENTATIONS = 'representations';

export interface MergedOperation {
  readonly operation: SubgraphOperation;
  /** In the order of the operations that were merged. */
  readonly parts: readonly MergedPart[];
}

export interface MergedPart {
  /** Under which name its entities come back. */
  readonly alias: string;
  /** Which variable takes its representations. */
  readonly variable: string;
}

/** Whether it is nothing but one query for entities, as the planner writes them. */
export function isMergeable({ document }: SubgraphOperation): boolean {
  const [operation, ...others] = document.definitions;
  if (operation?.kind !== Kind.OPERATION_DEFINITION || operation.operation !== OperationTypeNode.QUERY) return false;
  if ((operation.directives ?? []).length > 0 || others.some(({ kind }) => kind !== Kind.FRAGMENT_DEFINITION))
    return false;
  const [entities, ...further] = operation.selectionSet.selections;
  return entities?.kind === Kind.FIELD && entities.name.value === '_entities' && further.length === 0;
}

/** The operations must be mergeable. */
export function mergeOperations(operations: readonly SubgraphOperation[]): MergedOperation {
  const variables = new Map<string, VariableDefinitionNode>();
  const fragments: DefinitionNode[] = [];
  const selections: FieldNode[] = [];
  const parts: MergedPart[] = [];
  const taken = new Set(operations.flatMap(({ document }) => definitionsOf(document).map(nameOf)));
  operations.forEach(({ document }, index) => {
    let variable = `_${REPRESENTATIONS}${index}`;
    while (taken.has(variable)) variable = `_${variable}`;
    const alias = `_entities${index}`;
    const renamed = rename(document, `_${index}_`, variable);
    const [operation, ...others] = renamed.definitions;
    for (const definition of definitionsOf(renamed)) variables.set(nameOf(definition), definition);
    const [entities] = (operation as OperationDefinitionNode).selectionSet.selections;
    selections.push({ ...(entities as FieldNode), alias: { kind: Kind.NAME, value: alias } });
    fragments.push(...others);
    parts.push({ alias, variable });
  });
  const [first] = operations;
  const merged: OperationDefinitionNode = {
    kind: Kind.OPERATION_DEFINITION,
    operation: OperationTypeNode.QUERY,
    ...(first?.name === undefined ? {} : { name: { kind: Kind.NAME, value: first.name } }),
    variableDefinitions: [...variables.values()],
    selectionSet: { kind: Kind.SELECTION_SET, selections },
  };
  const document: DocumentNode = { kind: Kind.DOCUMENT, definitions: [merged, ...fragments] };
  return { operation: { text: print(document), name: first?.name, document }, parts };
}

/** Every fragment gets the prefix, and the representations another variable; other variables are the client's, and the same. */
function rename(document: DocumentNode, prefix: string, variable: string): DocumentNode {
  const prefixed = <Node extends { readonly name: FragmentDefinitionNode['name'] }>(node: Node): Node => ({
    ...node,
    name: { kind: Kind.NAME, value: prefix + node.name.value },
  });
  return visit(document, {
    FragmentSpread: prefixed,
    FragmentDefinition: { leave: prefixed },
    Variable: (node) =>
      node.name.value === REPRESENTATIONS ? { ...node, name: { kind: Kind.NAME, value: variable } } : undefined,
  });
}

const nameOf = ({ variable }: VariableDefinitionNode): string => variable.name.value;

const definitionsOf = ({ definitions }: DocumentNode): readonly VariableDefinitionNode[] =>
  definitions.flatMap((definition) =>
    definition.kind === Kind.OPERATION_DEFINITION ? (definition.variableDefinitions ?? []) : [],
  );

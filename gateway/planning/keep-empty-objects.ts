/**
 * An object of which conditions leave nothing is `{}` (GraphQL specification, 6.3.2). The planner drops what constants leave out,
 * and the field around it with it; and where all that is below a field has a condition, it makes that the condition of the
 * field. Both give null. So a selection that may be left empty asks for `__typename`, which the shape of the answer does not
 * show; of an interface that some subgraph has as an object, where the name of the type can cost a fetch, for a field of its key.
 */
import {
  isInterfaceType,
  isLeafType,
  getNamedType,
  Kind,
  TypeInfo,
  visit,
  visitWithTypeInfo,
  type ASTNode,
  type ASTVisitor,
  type DirectiveNode,
  type DocumentNode,
  type FieldNode,
  type GraphQLSchema,
  type SelectionNode,
} from 'graphql';
import { fieldsTypesOf, joinMarksOf, parseFieldSet } from './supergraph-document.ts';

export function createEmptyKeeper(
  supergraph: DocumentNode,
  apiSchema: GraphQLSchema,
): (document: DocumentNode) => DocumentNode {
  const keyFields = readKeyFields(supergraph, apiSchema);
  if (keyFields.size === 0)
    return (document) =>
      visit(
        document,
        fillEmpty(() => '__typename'),
      );
  return (document) => {
    const types = new TypeInfo(apiSchema);
    const nameOf = (): string => keyFields.get(types.getParentType()?.name ?? '') ?? '__typename';
    return visit(document, visitWithTypeInfo(types, fillEmpty(nameOf)));
  };
}

/** A field of the key, by the names of interfaces that are objects in some subgraph. */
function readKeyFields(supergraph: DocumentNode, apiSchema: GraphQLSchema): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const node of fieldsTypesOf(supergraph)) {
    const marks = joinMarksOf(node);
    const type = apiSchema.getType(node.name.value);
    if (!marks.some(({ isInterfaceObject }) => isInterfaceObject) || !isInterfaceType(type)) continue;
    const names = marks.flatMap(({ key }) => (key === undefined ? [] : parseFieldSet(key).selections)).map(nameOfField);
    const usable = names.find((name) => isLeafType(getNamedType(type.getFields()[name ?? '']?.type)));
    if (usable !== undefined) found.set(type.name, usable);
  }
  return found;
}

const nameOfField = (selection: SelectionNode): string | undefined =>
  selection.kind === Kind.FIELD ? selection.name.value : undefined;

function fillEmpty(nameOf: () => string): ASTVisitor {
  return {
    Field: { enter: leaveOut },
    InlineFragment: { enter: leaveOut },
    FragmentSpread: { enter: leaveOut },
    SelectionSet: {
      leave(node, _key, parent) {
        const { selections } = node;
        if (!selections.every(isConditional)) return undefined;
        // The root is there whatever is left of it.
        if (selections.length > 0 && (parent as ASTNode).kind === Kind.OPERATION_DEFINITION) return undefined;
        const filling: FieldNode = { kind: Kind.FIELD, name: { kind: Kind.NAME, value: nameOf() } };
        return { ...node, selections: [...selections, filling] };
      },
    },
  };
}

/** What is left out whatever the variables are. */
const leaveOut = ({ directives = [] }: SelectionNode): null | undefined =>
  directives.some(isAlwaysOut) ? null : undefined;

function isAlwaysOut({ name, arguments: [condition] = [] }: DirectiveNode): boolean {
  if (condition?.value.kind !== Kind.BOOLEAN) return false;
  return condition.value.value ? name.value === 'skip' : name.value === 'include';
}

const isConditional = ({ directives = [] }: SelectionNode): boolean =>
  directives.some(({ name }) => name.value === 'skip' || name.value === 'include');

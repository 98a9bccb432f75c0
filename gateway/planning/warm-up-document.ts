/**
 * A query over as much of a graph as fits: every root field, with the leaves and the objects below it down to a few levels.
 * Planned once before anybody asks, it has the planner build what it builds lazily, and V8 compile what all plans go through.
 */
import {
  getNamedType,
  isInterfaceType,
  isLeafType,
  isObjectType,
  isRequiredArgument,
  Kind,
  OperationTypeNode,
  type DocumentNode,
  type FieldNode,
  type GraphQLNamedType,
  type GraphQLSchema,
  type SelectionSetNode,
} from 'graphql';

const LEVELS = 4;
/** Planning costs more than the number of fields says, so a large graph is warmed up by a part of it. */
const MAX_FIELDS = 60;

/** Undefined for a graph that has nothing to ask without arguments. */
export function buildWarmUpDocument(schema: GraphQLSchema): DocumentNode | undefined {
  let left = MAX_FIELDS;
  const select = (type: GraphQLNamedType, levels: number): SelectionSetNode | undefined => {
    if (!isObjectType(type) && !isInterfaceType(type)) return undefined;
    const selections: FieldNode[] = [];
    for (const field of Object.values(type.getFields())) {
      if (left <= 0) break;
      if (field.args.some(isRequiredArgument)) continue;
      const named = getNamedType(field.type);
      const name = { kind: Kind.NAME, value: field.name } as const;
      if (isLeafType(named)) {
        left--;
        selections.push({ kind: Kind.FIELD, name });
      } else if (levels > 0) {
        const selectionSet = select(named, levels - 1);
        if (selectionSet !== undefined) selections.push({ kind: Kind.FIELD, name, selectionSet });
      }
    }
    return selections.length === 0 ? undefined : { kind: Kind.SELECTION_SET, selections };
  };
  const queryType = schema.getQueryType();
  const selectionSet = queryType ? select(queryType, LEVELS) : undefined;
  if (selectionSet === undefined) return undefined;
  return {
    kind: Kind.DOCUMENT,
    definitions: [{ kind: Kind.OPERATION_DEFINITION, operation: OperationTypeNode.QUERY, selectionSet }],
  };
}

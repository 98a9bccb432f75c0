/**
 * An object of which conditions leave nothing is `{}` (GraphQL specification, 6.3.2). The planner drops what constants leave out,
 * and the field around it with it; and where all that is below a field has a condition, it makes that the condition of the
 * field. Both give null. So a selection that may be left empty asks for `__typename`, which the shape of the answer does not
 * show.
 */
import { Kind, visit, type ASTNode, type DirectiveNode, type DocumentNode, type SelectionNode } from 'graphql';

export function keepEmptyObjects(document: DocumentNode): DocumentNode {
  return visit(document, {
    Field: { enter: leaveOut },
    InlineFragment: { enter: leaveOut },
    FragmentSpread: { enter: leaveOut },
    SelectionSet: {
      leave(node, _key, parent) {
        const { selections } = node;
        if (!selections.every(isConditional)) return undefined;
        // The root is there whatever is left of it.
        if (selections.length > 0 && (parent as ASTNode).kind === Kind.OPERATION_DEFINITION) return undefined;
        const typename = { kind: Kind.FIELD, name: { kind: Kind.NAME, value: '__typename' } } as const;
        return { ...node, selections: [...selections, typename] };
      },
    },
  });
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

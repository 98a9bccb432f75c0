/**
 * The planner takes the first key of a type as the one to come back to an entity by, even where it is `resolvable: false`
 * and no other subgraph may be asked by it. So those that can be used are put first; nothing else depends on the order.
 */
import { Kind, visit, type ConstDirectiveNode, type DocumentNode } from 'graphql';

/** `supergraph` with the `@join__type` of each type in the order the planner needs. */
export const orderKeys = (supergraph: DocumentNode): DocumentNode =>
  visit(supergraph, { ObjectTypeDefinition: withOrder, InterfaceTypeDefinition: withOrder });

function withOrder<Node extends { readonly directives?: readonly ConstDirectiveNode[] }>(node: Node): Node | undefined {
  const directives = node.directives ?? [];
  const last = directives.filter(isNotResolvable);
  if (last.length === 0) return undefined;
  return { ...node, directives: [...directives.filter((directive) => !isNotResolvable(directive)), ...last] };
}

const isNotResolvable = ({ name, arguments: args = [] }: ConstDirectiveNode): boolean =>
  name.value === 'join__type' &&
  args.some((arg) => arg.name.value === 'resolvable' && arg.value.kind === Kind.BOOLEAN && !arg.value.value);

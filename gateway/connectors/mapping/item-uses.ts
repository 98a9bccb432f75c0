/** Every item of every list and object of a mapping, for checks of how it is written. */
import type { ExpressionNode, ItemNode, ListNode, MappingNode } from './ast.ts';

export function collectItems({ root }: Pick<MappingNode, 'root'>): ItemNode[] {
  const found: ItemNode[] = [];
  const visit = (node: ListNode | ExpressionNode): void => {
    if (node.kind === 'literal') return;
    if (node.kind === 'array') return node.items.forEach(visit);
    if (node.kind === 'chain') return node.operands.forEach(visit);
    if (node.kind === 'list' || node.kind === 'object') {
      found.push(...node.items);
      return node.items.forEach(({ value }) => visit(value));
    }
    if (node.head.kind === 'expression') visit(node.head.value);
    for (const step of node.steps) if (step.kind === 'method') step.args?.forEach(visit);
    if (node.selection) visit(node.selection);
  };
  visit(root);
  return found;
}

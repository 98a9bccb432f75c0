/**
 * Where a mapping reads its own input: `$`, or a name that stands alone. In the request parts there is no input, so such
 * a read can give nothing (connectors.md 7). Inside a sub-selection `$` is the selected value, which is fine.
 */
import type { ExpressionNode, HeadNode, ListNode, MappingNode } from './ast.ts';

export function collectScopeReads({ root }: Pick<MappingNode, 'root'>): HeadNode[] {
  const found: HeadNode[] = [];
  const visit = (node: ListNode | ExpressionNode): void => {
    if (node.kind === 'literal') return;
    if (node.kind === 'array') return node.items.forEach(visit);
    if (node.kind === 'chain') return node.operands.forEach(visit);
    if (node.kind === 'list' || node.kind === 'object') return node.items.forEach(({ value }) => visit(value));
    if (node.head.kind === 'expression') visit(node.head.value);
    if (node.head.kind === 'scope' || node.head.kind === 'key') found.push(node.head);
    for (const step of node.steps) if (step.kind === 'method') step.args?.forEach(visit);
  };
  visit(root);
  return found;
}

/** Every method a mapping calls, wherever it stands, to check the names. */
import type { ExpressionNode, ListNode, MappingNode, MethodStep } from './ast.ts';

export function collectMethods({ root }: Pick<MappingNode, 'root'>): MethodStep[] {
  const found: MethodStep[] = [];
  const visit = (node: ListNode | ExpressionNode): void => {
    if (node.kind === 'literal') return;
    if (node.kind === 'array') return node.items.forEach(visit);
    if (node.kind === 'chain') return node.operands.forEach(visit);
    if (node.kind === 'list' || node.kind === 'object') return node.items.forEach(({ value }) => visit(value));
    if (node.head.kind === 'expression') visit(node.head.value);
    for (const step of node.steps) {
      if (step.kind !== 'method') continue;
      found.push(step);
      step.args?.forEach(visit);
    }
    if (node.selection) visit(node.selection);
  };
  visit(root);
  return found;
}

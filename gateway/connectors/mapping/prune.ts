/**
 * Cuts a mapping down to the fields that are wanted of its value, so that unused parts cost nothing and report no problems
 * (connectors.md 11.4 rule 1). Works on trees: what is left is compiled like any other mapping.
 */
import type { ExpressionNode, ItemNode, ListNode, MappingNode, MethodStep, PathNode, StepNode } from './ast.ts';

/** What is wanted of a value. */
export interface Wanted {
  /** Undefined: the whole value. */
  readonly fields: ReadonlyMap<string, Wanted> | undefined;
  /** What is wanted of an object that names its type, where types want different fields. */
  readonly byType?: ReadonlyMap<string, Wanted>;
}

/** Methods that pass elements of their input on and look at nothing inside of them. */
const passing = new Set(['first', 'last', 'slice']);

/** The same mapping when nothing can be cut. */
export function pruneMapping(mapping: MappingNode, wanted: Wanted): MappingNode {
  const { root } = mapping;
  const pruned = root.kind === 'list' ? pruneList(root, wanted) : pruneExpression(root, wanted);
  return pruned === root ? mapping : { ...mapping, root: pruned };
}

function pruneList<Node extends ListNode | (ExpressionNode & { kind: 'object' })>(node: Node, wanted: Wanted): Node {
  const items = pruneItems(node.items, wanted);
  return items === node.items ? node : { ...node, items };
}

function pruneItems(items: readonly ItemNode[], ofAnyType: Wanted): readonly ItemNode[] {
  const wanted = ofAnyType.byType?.get(typenameIn(items) ?? '') ?? ofAnyType;
  const { fields } = wanted;
  if (fields === undefined) return items;
  const kept = items.flatMap((item): ItemNode[] => {
    if (item.kind !== 'field') return [withValue(item, pruneExpression(item.value, wanted))];
    if (item.name === '__typename') return [item];
    const below = fields.get(item.name);
    return below === undefined ? [] : [withValue(item, pruneExpression(item.value, below))];
  });
  return kept.length === items.length && kept.every((item, index) => item === items[index]) ? items : kept;
}

/** The type that an object names: `__typename: "Book"`, or `$("Book")`. */
function typenameIn(items: readonly ItemNode[]): string | undefined {
  const item = items.find((candidate) => candidate.kind === 'field' && candidate.name === '__typename');
  const value = item?.value.kind === 'path' && item.value.steps.length === 0 ? item.value.head : item?.value;
  const literal = value?.kind === 'expression' ? value.value : value;
  return literal?.kind === 'literal' && typeof literal.value === 'string' ? literal.value : undefined;
}

const withValue = <Item extends ItemNode>(item: Item, value: ExpressionNode): Item =>
  value === item.value ? item : { ...item, value };

function pruneExpression(node: ExpressionNode, wanted: Wanted): ExpressionNode {
  if (wanted.fields === undefined) return node;
  switch (node.kind) {
    case 'literal':
      return node;
    case 'object':
      return pruneList(node, wanted);
    case 'array': {
      const items = pruneAll(node.items, wanted);
      return items === node.items ? node : { ...node, items };
    }
    case 'chain': {
      const operands = pruneAll(node.operands, wanted);
      return operands === node.operands ? node : { ...node, operands };
    }
    case 'path':
      return prunePath(node, wanted);
  }
}

function pruneAll(nodes: readonly ExpressionNode[], wanted: Wanted): readonly ExpressionNode[] {
  const pruned = nodes.map((node) => pruneExpression(node, wanted));
  return pruned.every((node, index) => node === nodes[index]) ? nodes : pruned;
}

/** What makes the value: the sub-selection, else the last method that builds it, else the expression at the head. */
function prunePath(node: PathNode, wanted: Wanted): PathNode {
  const { head, steps, selection } = node;
  if (selection) {
    const pruned = pruneList(selection, wanted);
    return pruned === selection ? node : { ...node, selection: pruned };
  }
  const index = steps.findLastIndex((step) => !isPassing(step));
  const step = steps[index];
  if (!step) {
    if (head.kind !== 'expression') return node;
    const value = pruneExpression(head.value, wanted);
    return value === head.value ? node : { ...node, head: { ...head, value } };
  }
  if (step.kind !== 'method') return node;
  const pruned = pruneMethod(step, wanted);
  return pruned === step ? node : { ...node, steps: steps.with(index, pruned) };
}

const isPassing = (step: StepNode): boolean =>
  step.kind === 'optional' || (step.kind === 'method' && passing.has(step.name));

function pruneMethod(step: MethodStep, wanted: Wanted): MethodStep {
  const { name, args } = step;
  if (!args) return step;
  const prune = (arg: ExpressionNode): ExpressionNode => {
    if (name === 'echo' || name === 'map') return pruneExpression(arg, wanted);
    if (name !== 'match' || arg.kind !== 'array' || arg.items.length !== 2) return arg;
    const [candidate, value] = arg.items as [ExpressionNode, ExpressionNode];
    const pruned = pruneExpression(value, wanted);
    return pruned === value ? arg : { ...arg, items: [candidate, pruned] };
  };
  const pruned = args.map(prune);
  return pruned.every((arg, index) => arg === args[index]) ? step : { ...step, args: pruned };
}

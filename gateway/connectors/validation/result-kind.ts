/** What kind of value an expression gives, as far as its text tells (connectors.md 13.2). Undefined: anything may come. */
import type { ExpressionNode, ItemNode, MappingNode, PathNode } from '../mapping/ast.ts';

export type ResultKind = 'null' | 'boolean' | 'number' | 'string' | 'list' | 'object';

const methodResults: Readonly<Record<string, ResultKind>> = {
  ...of('boolean', ['eq', 'ne', 'gt', 'gte', 'lt', 'lte', 'and', 'or', 'not', 'in', 'contains']),
  ...of('number', ['size', 'add', 'sub', 'mul', 'div', 'mod', 'parseInt']),
  ...of('string', ['joinNotNull', 'toString', 'jsonStringify', 'trim', 'trimStart', 'trimEnd']),
  ...of('list', ['entries', 'map', 'filter', 'split']),
};

function of(kind: ResultKind, methods: readonly string[]): Record<string, ResultKind> {
  return Object.fromEntries(methods.map((method) => [method, kind]));
}

export const resultKind = ({ root }: Pick<MappingNode, 'root'>): ResultKind | undefined =>
  root.kind === 'list' ? kindOfItems(root.items) : kindOf(root);

function kindOf(node: ExpressionNode): ResultKind | undefined {
  switch (node.kind) {
    case 'literal':
      return kindOfLiteral(node.value);
    case 'array':
      return 'list';
    case 'object':
      return kindOfItems(node.items);
    case 'chain':
      return common(node.operands.map(kindOf));
    case 'path':
      return kindOfPath(node);
  }
}

function kindOfLiteral(value: null | boolean | number | bigint | string): ResultKind {
  if (value === null) return 'null';
  return typeof value === 'bigint' ? 'number' : (typeof value as 'boolean' | 'number' | 'string');
}

/** An item list is an object, unless it is one path alone, or something that may be null is spread into it. */
function kindOfItems(items: readonly ItemNode[]): ResultKind | undefined {
  const [only] = items;
  if (items.length === 1 && only?.kind === 'anonymous') return kindOf(only.value);
  return items.some(({ kind }) => kind === 'spread') ? undefined : 'object';
}

function kindOfPath({ head, steps, selection }: PathNode): ResultKind | undefined {
  if (selection) return undefined;
  const last = steps.at(-1);
  if (last?.kind === 'method') {
    if (last.name !== 'match') return Object.hasOwn(methodResults, last.name) ? methodResults[last.name] : undefined;
    const pairs = (last.args ?? []).flatMap((arg) => (arg.kind === 'array' && arg.items.length === 2 ? [arg] : []));
    return common(pairs.map(({ items }) => kindOf(items[1]!)));
  }
  if (last) return undefined;
  if (head.kind === 'expression') return kindOf(head.value);
  return head.kind === 'variable' && head.name === '$status' ? 'number' : undefined;
}

function common(kinds: readonly (ResultKind | undefined)[]): ResultKind | undefined {
  return kinds.every((kind) => kind === kinds[0]) ? kinds[0] : undefined;
}

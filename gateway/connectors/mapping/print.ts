/** Writes a mapping tree back as text of its version, such that parsing it again gives the same tree. */
import type { ExpressionNode, HeadNode, ItemNode, MappingNode, ObjectNode, StepNode } from './ast.ts';
import { grammarOf } from './versions.ts';

const plainName = /^[A-Za-z_][A-Za-z0-9_]*$/;

const quote = (text: string): string =>
  `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')}"`;
const printKey = (key: string, isQuoted: boolean): string => (isQuoted ? quote(key) : key);

/** Without an exponent, which the language does not have; a float keeps its point. */
function printNumber(value: number | bigint): string {
  const text = value.toString();
  if (typeof value === 'bigint' || !text.includes('e')) return text;
  // oxlint-disable-next-line oxc/number-arg-out-of-range -- up to 100 digits since ES2018
  return Number.isInteger(value) ? `${BigInt(value)}.0` : value.toFixed(100);
}

/** The text of a mapping tree. */
export function printMapping({ root, version }: MappingNode): string {
  const { isUnified } = grammarOf(version);

  const list = (items: readonly ItemNode[]): string => items.map(item).join(' ');
  const braces = (items: readonly ItemNode[]): string => (items.length === 0 ? '{}' : `{ ${list(items)} }`);

  function item(node: ItemNode): string {
    if (node.kind === 'anonymous') return expression(node.value);
    if (node.kind === 'spread') return node.isExplicit ? `... ${expression(node.value)}` : expression(node.value);
    if (!node.hasAlias) return expression(node.value);
    return `${plainName.test(node.name) ? node.name : quote(node.name)}: ${expression(node.value)}`;
  }

  function object(node: ObjectNode): string {
    if (node.merges) return braces(node.items);
    return `{ ${node.items.map(item).join(', ')} }`;
  }

  function head(node: HeadNode): string {
    if (node.kind === 'scope') return '$';
    if (node.kind === 'current') return '@';
    if (node.kind === 'variable') return node.name;
    if (node.kind === 'key') return printKey(node.key, node.isQuoted);
    return `$(${expression(node.value)})`;
  }

  function step(node: StepNode): string {
    if (node.kind === 'optional') return '?';
    if (node.kind === 'key') return `.${printKey(node.key, node.isQuoted)}`;
    return `->${node.name}${node.args ? `(${node.args.map(expression).join(', ')})` : ''}`;
  }

  function expression(node: ExpressionNode): string {
    switch (node.kind) {
      case 'literal':
        if (typeof node.value === 'string') return quote(node.value);
        return node.value === null || typeof node.value === 'boolean' ? String(node.value) : printNumber(node.value);
      case 'array':
        return `[${node.items.map(expression).join(', ')}]`;
      case 'object':
        return object(node);
      case 'chain':
        return node.operands.map(expression).join(` ${node.operator} `);
      case 'path':
        return `${head(node.head)}${node.steps.map(step).join('')}${node.selection ? ` ${braces(node.selection.items)}` : ''}`;
    }
  }

  if (root.kind !== 'list') return expression(root);
  // A lone quoted key at the top of a v0.4 text would be read as a string, so a comma marks it as an item
  const only = root.items.length === 1 ? root.items[0] : undefined;
  return isUnified && only?.kind === 'field' && !only.hasAlias ? `${item(only)},` : list(root.items);
}

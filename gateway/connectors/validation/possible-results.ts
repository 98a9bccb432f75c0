/**
 * What an expression gives, as far as its text tells (connectors.md 13.2): each alternative of a `->match` or `??` that
 * is certain, with its place. What comes out of the input may be anything and is not listed.
 */
import type { ExpressionNode, ItemNode, MappingNode, MethodStep, PathNode, Span } from '../mapping/ast.ts';

export type ResultKind = 'null' | 'boolean' | 'number' | 'string' | 'list' | 'object';

export interface PossibleResult extends Span {
  readonly kind: ResultKind;
  /** The value itself, when it is written there. */
  readonly literal?: boolean | number | bigint | string;
}

const methodResults: Readonly<Record<string, ResultKind>> = {
  ...of('boolean', ['eq', 'ne', 'gt', 'gte', 'lt', 'lte', 'and', 'or', 'not', 'in', 'contains']),
  ...of('number', ['size', 'add', 'sub', 'mul', 'div', 'mod', 'parseInt']),
  ...of('string', ['joinNotNull', 'toString', 'jsonStringify', 'trim', 'trimStart', 'trimEnd']),
  ...of('list', ['entries', 'map', 'filter', 'split']),
};

function of(kind: ResultKind, methods: readonly string[]): Record<string, ResultKind> {
  return Object.fromEntries(methods.map((method) => [method, kind]));
}

/** Of a whole mapping. */
export const possibleResults = ({ root }: Pick<MappingNode, 'root'>): PossibleResult[] =>
  root.kind === 'list' ? ofItems(root.items, root) : resultsOf(root);

/** Whether a result is the value of the whole mapping, not one of several; `$( )` around it does not count. */
export function isWhole({ start, end }: PossibleResult, { root }: Pick<MappingNode, 'root'>): boolean {
  const only = root.kind === 'list' && root.items.length === 1 ? root.items[0] : undefined;
  let node: Span & { readonly kind: string } = only?.kind === 'anonymous' ? only.value : root;
  for (let inner = innerOf(node as ExpressionNode); inner; inner = innerOf(inner)) node = inner;
  return start === node.start && end === node.end;
}

const innerOf = (node: ExpressionNode): ExpressionNode | undefined =>
  node.kind === 'path' && node.head.kind === 'expression' && node.steps.length === 0 && !node.selection
    ? node.head.value
    : undefined;

/** Of one expression. */
export function resultsOf(node: ExpressionNode): PossibleResult[] {
  const { start, end } = node;
  switch (node.kind) {
    case 'literal': {
      if (node.value === null) return [{ kind: 'null', start, end }];
      const kind = typeof node.value === 'bigint' ? 'number' : (typeof node.value as 'boolean' | 'number' | 'string');
      return [{ kind, literal: node.value, start, end }];
    }
    case 'array':
      return [{ kind: 'list', start, end }];
    case 'object':
      return ofItems(node.items, node);
    case 'chain': {
      // Behind an operand that always has a value nothing is read
      const last = node.operands.findIndex((operand) => operand.kind === 'literal' && operand.value !== null);
      return node.operands.slice(0, last < 0 ? undefined : last + 1).flatMap(resultsOf);
    }
    case 'path':
      return ofPath(node);
  }
}

/** An item list is an object, unless it is one path alone, or something that may be null is spread into it. */
function ofItems(items: readonly ItemNode[], { start, end }: Span): PossibleResult[] {
  const [only] = items;
  if (items.length === 1 && only?.kind === 'anonymous') return resultsOf(only.value);
  return items.some(({ kind }) => kind === 'spread') ? [] : [{ kind: 'object', start, end }];
}

function ofPath({ head, steps, selection, ...span }: PathNode): PossibleResult[] {
  if (selection) return [];
  const last = steps.findLast((step) => step.kind !== 'optional' && !(step.kind === 'method' && step.name === 'as'));
  if (last?.kind === 'method') return ofMethod(last, span);
  if (last) return [];
  if (head.kind === 'expression') return resultsOf(head.value);
  const { start, end } = span;
  return head.kind === 'variable' && head.name === '$status' ? [{ kind: 'number', start, end }] : [];
}

function ofMethod({ name, args = [] }: MethodStep, { start, end }: Span): PossibleResult[] {
  if (name === 'echo') return args[0] ? resultsOf(args[0]) : [];
  if (name === 'match') {
    return args.flatMap((arg) => (arg.kind === 'array' && arg.items.length === 2 ? resultsOf(arg.items[1]!) : []));
  }
  const kind = Object.hasOwn(methodResults, name) ? methodResults[name] : undefined;
  return kind === undefined ? [] : [{ kind, start, end }];
}

/** `a string`, `an object`, for sentences. */
export const withArticle = (kind: ResultKind): string =>
  kind === 'null' ? 'null' : `${kind === 'object' ? 'an' : 'a'} ${kind}`;

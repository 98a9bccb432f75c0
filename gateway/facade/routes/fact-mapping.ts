/**
 * Mappings over a representation (facade.md 2.2): conditions and arguments of links, and the holes of `location`. The
 * language is that of the connectors, so there is one to learn; this is the only place where the facade meets it.
 */
import type { ExpressionNode, ListNode, MappingNode } from '../../connectors/mapping/ast.ts';
import { compileMapping } from '../../connectors/mapping/compile.ts';
import { parseExpression, parseMapping } from '../../connectors/mapping/parser.ts';
import { MappingSyntaxFault } from '../../connectors/mapping/syntax-fault.ts';
import type { Json } from '../contract.ts';

/** A mapping ready to be applied. */
export interface FactMapping {
  readonly text: string;
  /** Keys of the representation that it reads. */
  readonly reads: readonly string[];
  /** Names of what it gives, when it gives an object. */
  readonly gives: readonly string[];
  /** The value; undefined where something it needs is missing. */
  readonly apply: (value: Json) => Json | undefined;
}

/** Why a text is no mapping. */
export interface MappingFault {
  readonly fault: string;
  readonly hint?: string;
}

/** The first key of every path that starts at the input. What stands in a sub-selection reads something else. */
function collectKeys(node: ListNode | ExpressionNode, into: Set<string>): void {
  if (node.kind === 'literal') return;
  if (node.kind === 'array') return node.items.forEach((item) => collectKeys(item, into));
  if (node.kind === 'chain') return node.operands.forEach((operand) => collectKeys(operand, into));
  if (node.kind === 'list' || node.kind === 'object')
    return node.items.forEach(({ value }) => collectKeys(value, into));
  const { head, steps } = node;
  if (head.kind === 'expression') collectKeys(head.value, into);
  if (head.kind === 'key') into.add(head.key);
  const [first] = steps;
  if (head.kind === 'scope' && first?.kind === 'key') into.add(first.key);
  for (const step of steps) if (step.kind === 'method') step.args?.forEach((arg) => collectKeys(arg, into));
}

const namesOf = ({ root }: MappingNode): string[] =>
  root.kind === 'list' || root.kind === 'object'
    ? root.items.flatMap((item) => (item.kind === 'field' ? [item.name] : []))
    : [];

/** A mapping that the boot rules have read before. */
export function soundMapping(text: string, form: 'expression' | 'selection'): FactMapping {
  const mapping = readFactMapping(text, form);
  if ('fault' in mapping) throw new TypeError(mapping.fault);
  return mapping;
}

/** Reads one expression (`when`, a hole), or a whole selection (`args`). */
export function readFactMapping(text: string, form: 'expression' | 'selection'): FactMapping | MappingFault {
  let node: MappingNode;
  try {
    node = (form === 'expression' ? parseExpression : parseMapping)(text, '0.4');
  } catch (error) {
    if (!(error instanceof MappingSyntaxFault)) throw error;
    return { fault: error.message, ...(error.hint === undefined ? {} : { hint: error.hint }) };
  }
  const keys = new Set<string>();
  collectKeys(node.root, keys);
  const compiled = compileMapping(node);
  return {
    text,
    reads: [...keys],
    gives: namesOf(node),
    apply: (value) => {
      const result = compiled(value);
      // What JSON has no number for leaves as text: it goes into a URL.
      return typeof result.value === 'bigint' ? String(result.value) : (result.value as Json | undefined);
    },
  };
}

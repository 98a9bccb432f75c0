/**
 * Which variables a mapping reads, and which keys of them (connectors.md 7, 11.1). Keys inferred from `$this` and
 * `$batch`, and every check of a variable, start here. Names bound by `->as` are not references.
 */
import type { ExpressionNode, HeadNode, ItemNode, ListNode, MappingNode, PathNode, Span } from './ast.ts';

interface ReferencedKey extends Span {
  readonly key: string;
}

export interface Reference extends Span {
  /** With its `$`. */
  readonly variable: string;
  /** `$this.org.id` reads `org`, `id`; `?` between them does not count. */
  readonly keys: readonly ReferencedKey[];
}

interface Context {
  readonly found: Reference[];
  readonly bound: ReadonlySet<string>;
  /** What `@` and `$` stand for, as far as a variable is known to flow there. */
  readonly current: Omit<Reference, keyof Span> | undefined;
  readonly scope: Omit<Reference, keyof Span> | undefined;
}

/** All references of a mapping in the order of its text. */
export function collectReferences({ root }: Pick<MappingNode, 'root'>): Reference[] {
  const found: Reference[] = [];
  visit(root, { found, bound: new Set(), current: undefined, scope: undefined });
  return found;
}

function visit(node: ListNode | ExpressionNode, context: Context): void {
  switch (node.kind) {
    case 'literal':
      return;
    case 'array':
      return node.items.forEach((item) => visit(item, context));
    case 'chain':
      return node.operands.forEach((operand) => visit(operand, context));
    case 'object':
    case 'list':
      return node.items.forEach((item: ItemNode) => visit(item.value, context));
    case 'path':
      return visitPath(node, context);
  }
}

function headReference(head: HeadNode, { bound, current, scope }: Context): Omit<Reference, keyof Span> | undefined {
  if (head.kind === 'variable') return bound.has(head.name) ? undefined : { variable: head.name, keys: [] };
  if (head.kind === 'current') return current;
  if (head.kind === 'scope') return scope;
  if (head.kind !== 'key' || !scope) return undefined;
  return { ...scope, keys: [...scope.keys, { key: head.key, start: head.start, end: head.end }] };
}

function visitPath(node: PathNode, context: Context): void {
  const { head, steps, selection } = node;
  if (head.kind === 'expression') visit(head.value, context);
  let reference = headReference(head, context);
  let isComplete = reference === undefined;
  let bound = context.bound;
  const note = (flowsOn: boolean): void => {
    // `$batch->map(@.id)` reads id: what flows on is reported where its keys are read
    if (!isComplete && reference && !flowsOn) context.found.push({ ...reference, start: head.start, end: node.end });
    isComplete = true;
  };
  for (const step of steps) {
    if (step.kind === 'key' && !isComplete && reference) {
      reference = { ...reference, keys: [...reference.keys, { key: step.key, start: step.start, end: step.end }] };
    }
    if (step.kind !== 'method') continue;
    const before = context.found.length;
    const current = isComplete ? undefined : reference;
    const args = step.args ?? [];
    const name = step.name === 'as' && args[0]?.kind === 'path' ? args[0].head : undefined;
    for (const arg of name ? args.slice(1) : args) visit(arg, { ...context, bound, current });
    if (name?.kind === 'variable') bound = new Set([...bound, name.name]);
    note(context.found.slice(before).some(({ variable }) => variable === reference?.variable));
  }
  if (selection) {
    const scope = isComplete ? undefined : reference;
    const before = context.found.length;
    visit(selection, { ...context, bound, scope, current: scope });
    note(context.found.length > before);
  } else note(false);
}

/**
 * The tree of a parsed mapping (connectors.md 8.2, 8.3). One set of nodes serves all versions: an object in braces is an
 * `object` node whose `merges` says whether equal keys merge (lists, and every object of v0.4) or the last one wins.
 * Offsets count UTF-16 units from the start of the mapping text; `end` is exclusive.
 */
import type { MappingVersion } from './versions.ts';

export interface Span {
  readonly start: number;
  readonly end: number;
}

/** `{ items }`, or the items of a whole selection. */
export interface ListNode extends Span {
  readonly kind: 'list';
  readonly items: readonly ItemNode[];
}

export type ItemNode = FieldItem | SpreadItem | AnonymousItem;

/** `alias: value`, or a single-key path, which names itself. */
interface FieldItem extends Span {
  readonly kind: 'field';
  readonly name: string;
  readonly nameSpan: Span;
  /** False when the name is the key of the path itself. */
  readonly hasAlias: boolean;
  readonly value: ExpressionNode;
}

/** `... value`, or in a list a path that ends in a sub-selection (then `isExplicit` is false). */
interface SpreadItem extends Span {
  readonly kind: 'spread';
  readonly isExplicit: boolean;
  readonly value: ExpressionNode;
}

/** A path alone in its list: the list's value is the path's value. */
interface AnonymousItem extends Span {
  readonly kind: 'anonymous';
  readonly value: ExpressionNode;
}

export type ExpressionNode = PathNode | LiteralNode | ObjectNode | ArrayNode | ChainNode;

export interface PathNode extends Span {
  readonly kind: 'path';
  readonly head: HeadNode;
  readonly steps: readonly StepNode[];
  readonly selection?: ListNode;
}

export type HeadNode = Span &
  (
    | { readonly kind: 'scope' }
    | { readonly kind: 'current' }
    | { readonly kind: 'variable'; readonly name: string }
    | { readonly kind: 'expression'; readonly value: ExpressionNode }
    | { readonly kind: 'key'; readonly key: string; readonly isQuoted: boolean }
  );

export type StepNode = KeyStep | MethodStep | OptionalStep;

interface KeyStep extends Span {
  readonly kind: 'key';
  readonly key: string;
  readonly isQuoted: boolean;
}

export interface MethodStep extends Span {
  readonly kind: 'method';
  readonly name: string;
  readonly nameSpan: Span;
  /** Undefined when the method is called without parentheses. */
  readonly args?: readonly ExpressionNode[];
}

interface OptionalStep extends Span {
  readonly kind: 'optional';
}

export interface LiteralNode extends Span {
  readonly kind: 'literal';
  readonly value: null | boolean | number | bigint | string;
}

export interface ObjectNode extends Span {
  readonly kind: 'object';
  readonly merges: boolean;
  readonly items: readonly ItemNode[];
}

interface ArrayNode extends Span {
  readonly kind: 'array';
  readonly items: readonly ExpressionNode[];
}

interface ChainNode extends Span {
  readonly kind: 'chain';
  readonly operator: '??' | '?!';
  readonly operands: readonly ExpressionNode[];
}

/** A whole mapping: a list of items, or one expression (a path selection, or any v0.4 expression). */
export interface MappingNode {
  readonly text: string;
  readonly version: MappingVersion;
  readonly root: ListNode | ExpressionNode;
}

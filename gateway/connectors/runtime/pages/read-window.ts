/** Which items a client asks for (Relay's cursor connections): its arguments, checked before any call. */
import type { Maybe, ValueObject } from '../../mapping/value.ts';
import type { PageRule } from '../../spec/connector.ts';
import { readCursor, type TokenPosition } from './cursor.ts';

/** Items by their numbers. */
export interface ItemWindow {
  readonly kind: 'item';
  readonly start: number;
  /** This one not. */
  readonly end: number;
  /** An item is known to stand behind the window: the one of `before`. */
  readonly isBounded: boolean;
}

/** Items behind a position in the chain of pages. */
export interface TokenWindow {
  readonly kind: 'token';
  readonly from: TokenPosition;
  readonly count: number;
}

/** An argument that no items can be found for. */
export interface BadArgument {
  readonly kind: 'bad';
  readonly argument: string;
  readonly reason: string;
}

/** The window that `first`, `after`, `last` and `before` describe. */
export function readWindow(args: ValueObject, rule: PageRule): ItemWindow | TokenWindow | BadArgument {
  const first = readCount(args, 'first', rule);
  if (typeof first === 'object') return first;
  return rule.style === 'cursor' || rule.style === 'link'
    ? readTokenWindow(args, first, rule)
    : readItemWindow(args, first, rule);
}

function readTokenWindow(args: ValueObject, first: number | undefined, rule: PageRule): TokenWindow | BadArgument {
  const count = first ?? rule.defaultSize;
  const after = textOf(args, 'after');
  const start: TokenPosition = {
    ...{ kind: 'token', token: null, skip: 0 },
    size: rule.fixedSize ?? Math.min(Math.max(count, 1), rule.maxSize),
  };
  const from = after === undefined ? start : readCursor(after, 'token');
  // A size beyond what is declared was not written here
  if (!from || from.size > Math.max(rule.maxSize, rule.fixedSize ?? 0)) return notACursor('after');
  return { kind: 'token', from: rule.fixedSize ? { ...from, size: rule.fixedSize } : from, count };
}

function readItemWindow(args: ValueObject, first: number | undefined, rule: PageRule): ItemWindow | BadArgument {
  const last = readCount(args, 'last', rule);
  if (typeof last === 'object') return last;
  const [after, before] = [textOf(args, 'after'), textOf(args, 'before')];
  const from = after === undefined ? { index: 0 } : readCursor(after, 'item');
  if (!from) return notACursor('after');
  const to = before === undefined ? undefined : readCursor(before, 'item');
  if (before !== undefined && !to) return notACursor('before');
  const start = from.index;
  const kind = 'item';
  // A cursor stands behind its item, which itself is not before it
  const bound = to && Math.max(to.index - 1, start);
  if (last !== undefined) {
    if (first !== undefined) return bad('last', '"first" and "last" do not go together');
    if (bound === undefined) return bad('last', '"last" needs "before"');
    return { kind, start: Math.max(start, bound - last), end: bound, isBounded: true };
  }
  const end = start + (first ?? rule.defaultSize);
  return { kind, start, end: Math.min(end, bound ?? end), isBounded: bound !== undefined };
}

function readCount(args: ValueObject, name: 'first' | 'last', { maxSize }: PageRule): number | undefined | BadArgument {
  const value = ownValue(args, name);
  if (typeof value !== 'number') return undefined;
  if (value < 0) return bad(name, `"${name}" is ${value}, expected 0 or more`);
  return value > maxSize ? bad(name, `"${name}" is ${value}, expected at most ${maxSize}`) : value;
}

function textOf(args: ValueObject, name: string): string | undefined {
  const value = ownValue(args, name);
  return typeof value === 'string' ? value : undefined;
}

const ownValue = (args: ValueObject, name: string): Maybe => (Object.hasOwn(args, name) ? args[name] : undefined);

const notACursor = (argument: string): BadArgument => bad(argument, `"${argument}" is no cursor of this list`);

const bad = (argument: string, reason: string): BadArgument => ({ kind: 'bad', argument, reason });

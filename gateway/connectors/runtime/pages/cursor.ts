/**
 * Cursors: opaque to clients, and all there is to go on with; the gateway keeps nothing between two requests. One stands
 * behind an item: by its number in the list, or by the token of its page and the number of items to leave out there.
 * The page's size is part of it, because a token such as "page 2" means nothing without.
 */
import { isObject, type Maybe } from '../../mapping/value.ts';

export type Token = string | number | null;

export interface ItemPosition {
  readonly kind: 'item';
  /** How many items stand before it. */
  readonly index: number;
}

export interface TokenPosition {
  readonly kind: 'token';
  /** Null on the first page. */
  readonly token: Token;
  readonly skip: number;
  /** How many items the pages of this chain have. */
  readonly size: number;
}

export type Position = ItemPosition | TokenPosition;

/** Base 64 of `[index]` or `[token, skip, size]`, without characters that a URL would escape. */
export function writeCursor(position: Position): string {
  const parts = position.kind === 'item' ? [position.index] : [position.token, position.skip, position.size];
  return Buffer.from(JSON.stringify(parts)).toString('base64url');
}

/** Undefined when the text is no cursor of this kind, whoever made it. */
export function readCursor(text: string, kind: 'item'): ItemPosition | undefined;
export function readCursor(text: string, kind: 'token'): TokenPosition | undefined;
export function readCursor(text: string, kind: Position['kind']): Position | undefined {
  const parts = parse(text);
  const position = Array.isArray(parts) ? toPosition(parts as unknown[], kind) : undefined;
  return position && writeCursor(position) === text ? position : undefined;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(Buffer.from(text, 'base64url').toString());
  } catch {
    return undefined;
  }
}

function toPosition(parts: readonly unknown[], kind: Position['kind']): Position | undefined {
  const [first, skip, size] = parts;
  if (kind === 'item') return parts.length === 1 && isCount(first) ? { kind, index: first } : undefined;
  const isWhole = parts.length === 3 && isToken(first) && isCount(skip) && isCount(size) && size > 0;
  return isWhole ? { kind, token: first, skip, size } : undefined;
}

const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;

const isToken = (value: unknown): value is Token =>
  value === null || typeof value === 'string' || Number.isSafeInteger(value);

/** The token that a mapping found; null where there is none: nothing, null, true, false or the empty text. */
export function tokenOf(value: Maybe): Token {
  if (value === undefined || value === null || value === '' || typeof value === 'boolean') return null;
  if (Array.isArray(value) || isObject(value)) return null;
  return typeof value === 'bigint' || !isToken(value) ? String(value) : value;
}

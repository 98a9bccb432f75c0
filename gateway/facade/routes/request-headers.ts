/** Reads the request headers the facade acts on: `Prefer` (RFC 7240), entity tags (RFC 9110, 8.8.3), media types. */
import { parseItem } from 'structured-headers';
import type { FacadeRequest } from '../contract.ts';

type Headers = FacadeRequest['headers'];

/** A header as one text; several fields of one name are joined, as RFC 9110, 5.3 has it. */
export function headerText(headers: Headers, name: string): string | undefined {
  const value = headers[name];
  return value === undefined || typeof value === 'string' ? value : value.join(', ');
}

/** The preferences that are honoured. */
export interface Prefer {
  readonly isLenient: boolean;
  readonly isMinimal: boolean;
  /** `respond-async`. */
  readonly isAsync?: boolean;
  /** `wait`, in seconds. */
  readonly waitSeconds?: number;
}

/** Reads `Prefer`; what is not understood is ignored, as the RFC asks. The first of two equal preferences counts. */
export function readPrefer(headers: Headers): Prefer {
  const preferences = new Map<string, string>();
  for (const part of (headerText(headers, 'prefer') ?? '').split(',')) {
    const match = /^\s*([!#$%&'*+\-.^_`|~\w]+)\s*(?:=\s*"?([^";]*)"?)?/.exec(part);
    const name = match?.[1]?.toLowerCase();
    if (name !== undefined && !preferences.has(name)) preferences.set(name, (match?.[2] ?? '').trim().toLowerCase());
  }
  const wait = preferences.get('wait') ?? '';
  return {
    isLenient: preferences.get('handling') === 'lenient',
    isMinimal: preferences.get('return') === 'minimal',
    isAsync: preferences.has('respond-async'),
    ...(/^\d{1,6}$/.test(wait) ? { waitSeconds: Number(wait) } : {}),
  };
}

/** The value of If-Match or If-None-Match. */
export type EntityTags =
  | { readonly kind: 'absent' }
  | { readonly kind: 'any' }
  | { readonly kind: 'tags'; readonly tags: readonly string[] }
  | { readonly kind: 'broken' };

/** Reads a list of entity tags, each with its quotes and its `W/`. */
export function readEntityTags(headers: Headers, name: 'if-match' | 'if-none-match'): EntityTags {
  const text = headerText(headers, name)?.trim();
  if (text === undefined) return { kind: 'absent' };
  if (text === '*') return { kind: 'any' };
  const tag = '(?:W/)?"[\\x21\\x23-\\x7e\\x80-\\xff]*"';
  if (!new RegExp(`^${tag}(?:\\s*,\\s*${tag})*$`).test(text)) return { kind: 'broken' };
  return { kind: 'tags', tags: text.match(new RegExp(tag, 'g')) ?? [] };
}

/** Type, and charset when given, of a Content-Type; undefined when it does not read. */
export function readContentType(text: string): { type: string; charset: string | undefined } | undefined {
  const match = /^\s*([\w!#$&^.+-]+\/[\w!#$&^.+-]+)\s*(?:;(.*))?$/s.exec(text);
  if (!match) return undefined;
  const charset = /(?:^|;)\s*charset\s*=\s*"?([^";\s]+)"?/i.exec(match[2] ?? '')?.[1];
  return { type: match[1]!.toLowerCase(), charset: charset?.toLowerCase() };
}

/** The key behind Idempotency-Key: a structured string by the draft, a bare text in practice. Empty when it is none. */
export function readIdempotencyKey(text: string): string {
  try {
    const [value] = parseItem(text);
    if (typeof value === 'string') return value;
  } catch {
    // not a structured field: taken as it is
  }
  return /^[\x21-\x7e]+$/.test(text.trim()) ? text.trim() : '';
}

/** Text becomes a typed value by the GraphQL input type (facade.md 2.3, point 4). */
import { getNullableType, isEnumType, isListType, type GraphQLInputType } from 'graphql';
import type { Json } from '../contract.ts';
import { scalarRule } from './scalars.ts';

/** A value, or what would have been one, in words. */
export type TextValue = { readonly ok: true; readonly value: Json } | { readonly ok: false; readonly expected: string };

/** One text for one scalar or enum. */
export function readText(type: GraphQLInputType, text: string | undefined): TextValue {
  const nullable = getNullableType(type);
  if (text === undefined) return { ok: false, expected: 'sound percent-encoding of UTF-8' };
  if (isEnumType(nullable)) {
    const names = nullable.getValues().map((value) => value.name);
    if (names.includes(text)) return { ok: true, value: text };
    return { ok: false, expected: `one of ${names.map((name) => `"${name}"`).join(', ')}` };
  }
  const rule = scalarRule((nullable as { name: string }).name);
  const value = rule.read(text);
  return value === undefined ? { ok: false, expected: rule.expected } : { ok: true, value };
}

/** Several raw texts for one place: a list takes them all, anything else takes exactly one. */
export function readTexts(
  type: GraphQLInputType,
  raw: readonly string[],
  split: boolean,
  decode: (raw: string) => string | undefined,
): TextValue {
  const nullable = getNullableType(type);
  if (!isListType(nullable)) {
    if (raw.length > 1) return { ok: false, expected: 'one value, not several' };
    return readText(nullable, decode(raw[0]!));
  }
  const items: Json[] = [];
  for (const text of split ? raw.flatMap((one) => (one === '' ? [] : one.split(','))) : raw) {
    const item = readText(nullable.ofType, decode(text));
    if (!item.ok) return { ok: false, expected: `${item.expected} for each item` };
    items.push(item.value);
  }
  return { ok: true, value: items };
}

/** Fills `{mapping}` holes in the texts of a use case; a text that is one hole keeps the type of its value. */
import type { Json } from '../facade/index.ts';
import { readFactMapping, type FactMapping } from '../facade/routes/fact-mapping.ts';

export type Scope = { readonly [name: string]: Json };

/** A mistake in a use case, found while it runs: it ends the cell, not the comparison. */
export class UseCaseError extends Error {
  override readonly name = 'UseCaseError';
}

function read(text: string): FactMapping {
  const mapping = readFactMapping(text, 'expression');
  if ('fault' in mapping) throw new UseCaseError(`"${text}" is no mapping: ${mapping.fault}`);
  return mapping;
}

/** The value of a mapping; undefined when something it reads is missing. */
export const applyMapping = (text: string, scope: Scope): Json | undefined => read(text).apply(scope);

const hole = /\{(\$[^{}]*)\}/g;

/** The text with its holes filled; throws when a hole stays empty. `encode` is for paths. */
export function fillText(text: string, scope: Scope, encode: (part: string) => string = (part) => part): string {
  return text.replaceAll(hole, (_, mapping: string) => {
    const value = applyMapping(mapping, scope);
    if (value === undefined || value === null) throw new UseCaseError(`Nothing to fill {${mapping}} with`);
    return encode(typeof value === 'string' ? value : JSON.stringify(value));
  });
}

export function fillValue(value: Json, scope: Scope): Json {
  if (typeof value === 'string') {
    const [whole] = value.matchAll(hole);
    if (whole === undefined) return value;
    return whole[0] === value ? (applyMapping(whole[1]!, scope) ?? null) : fillText(value, scope);
  }
  if (Array.isArray(value)) return value.map((item) => fillValue(item, scope));
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, fillValue(member, scope)]));
}

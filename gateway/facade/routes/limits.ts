/**
 * How large a value may be: said in the OpenAPI document and held when requests are read, from one place (facade.md 7.1).
 * What a scalar's own rule says more strictly stays.
 */
import type { Json } from '../contract.ts';

export interface Limits {
  /** Characters of a text. */
  readonly maxLength: number;
  /** Items of a list. */
  readonly maxItems: number;
  /** The largest integer. */
  readonly maximum: number;
}

export const defaultLimits: Limits = { maxLength: 65_536, maxItems: 1_000, maximum: 2_147_483_647 };

type Schema = { [name: string]: Json };

/** The schema of a scalar or enum with the limits of its type. */
export function limitScalar(schema: Readonly<Schema>, { maxLength, maximum }: Limits): Schema {
  const isFree = schema['enum'] === undefined && schema['const'] === undefined;
  if (schema['type'] === 'string' && isFree)
    return { ...schema, maxLength: Math.min(Number(schema['maxLength'] ?? maxLength), maxLength) };
  if (schema['type'] === 'integer') return { ...schema, maximum: Math.min(Number(schema['maximum']), maximum) };
  return { ...schema };
}

/** What would have been small enough, in words; undefined where the value is. */
export function expectSmaller(value: Json, { maxLength, maxItems, maximum }: Limits): string | undefined {
  if (typeof value === 'string') {
    // Characters are counted only where the cheap count, of code units, is above.
    const isFine = value.length <= maxLength || Array.from(value).length <= maxLength;
    return isFine ? undefined : `at most ${maxLength} characters`;
  }
  if (typeof value === 'number') {
    return Number.isInteger(value) && value > maximum ? `at most ${maximum}` : undefined;
  }
  if (!Array.isArray(value)) return undefined;
  if (value.length > maxItems) return `at most ${maxItems} items`;
  return value.map((item) => expectSmaller(item, { maxLength, maxItems, maximum })).find((one) => one !== undefined);
}

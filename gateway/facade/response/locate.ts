/** Finds the representation in a result, and brings it into the shape the document describes (facade.md 3.3, S2 to S4). */
import { getNamedType, getNullableType, isLeafType, isListType } from 'graphql';
import type { FacadeResult, Json } from '../contract.ts';
import type { FieldShape, ObjectShape, Route } from '../routes/route.ts';
import { variantOf } from '../routes/selection-shape.ts';

/** Where the path led. */
export type Located =
  | { readonly state: 'found'; readonly value: Json; readonly raw: Json }
  /** The result itself is null; everything above it is there. */
  | { readonly state: 'null' }
  /** An ancestor is null. */
  | { readonly state: 'ancestor-null'; readonly ancestor: string }
  /** There is no data at all. */
  | { readonly state: 'no-data' };

type JsonObject = { [name: string]: Json };

export const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The value with the selected keys only, in the order of the document: what the facade added is left out. */
export function project(value: Json, shape: FieldShape, isNamed = true): Json {
  if (Array.isArray(value)) return value.map((item) => project(item, shape));
  if (!shape.selection || !isObject(value)) return value;
  const variant = variantOf(shape.selection, value);
  if (!variant) return {};
  // Members of an abstract type are told apart by name, whether the author asked for it or not.
  const projected: JsonObject = isNamed && variant.isMember ? { __typename: variant.typeName } : {};
  for (const field of variant.fields.values()) {
    const member = value[field.key];
    if (member !== undefined) projected[field.key] = project(member, field);
  }
  return projected;
}

export function locate(route: Route, result: FacadeResult): Located {
  let value = result.data as Json | undefined;
  if (value === null || value === undefined) return { state: 'no-data' };
  for (const [i, key] of route.resultPath.entries()) {
    value = isObject(value) ? (value[key] ?? null) : null;
    if (value === null && i < route.resultPath.length - 1) return { state: 'ancestor-null', ancestor: key };
  }
  return value === null
    ? { state: 'null' }
    : { state: 'found', raw: value, value: project(value, route.result, route.successType === undefined) };
}

/** Is the result a list, or an object that holds one (`@collection`)? */
export const isCollection = (route: Route): boolean =>
  route.collection !== undefined || isListType(getNullableType(route.result.type));

function emptyObject(variant: ObjectShape | undefined): JsonObject {
  const empty: JsonObject = {};
  for (const field of variant?.fields.values() ?? []) empty[field.key] = emptyOf(field);
  return empty;
}

/** The empty collection in the shape of the selection (O2): no items, nothing more to come, a count of zero. */
export function emptyOf(field: FieldShape): Json {
  if (isListType(getNullableType(field.type))) return [];
  if (field.selection) return emptyObject([...field.selection.variants.values()][0]);
  const named = getNamedType(field.type);
  if (!isLeafType(named)) return null;
  if (named.name === 'Boolean') return false;
  if (named.name === 'Int') return 0;
  return null;
}

/** The value of a key or version field of the result, under the name the facade asked for it. */
export function hiddenValue(route: Route, raw: Json, fieldName: string): Json | undefined {
  const key = route.hidden.get(fieldName);
  return key !== undefined && isObject(raw) ? raw[key] : undefined;
}

/** A leaf as text; undefined for null and for anything that is no leaf. */
export const leafText = (value: Json | undefined): string | undefined =>
  value === null || value === undefined || typeof value === 'object' ? undefined : String(value);

/** The key of the result as texts, when all of it is known. */
export function keyValues(route: Route, raw: Json): string[] | undefined {
  const values = (route.resource?.key ?? []).map((name) => leafText(hiddenValue(route, raw, name)));
  const texts = values.filter((value) => value !== undefined);
  return texts.length > 0 && texts.length === values.length ? texts : undefined;
}

/**
 * The entities an answer shows, for caches that can drop what a write changed (facade.md 5.5): `Book:1 list:Book`. They
 * come from the answer itself; what was not selected with its key is not named.
 */
import type { FacadeSettings, Json } from '../contract.ts';
import type { FieldShape, Route, RouteFamily } from '../routes/route.ts';
import { keyOfField, variantOf } from '../routes/selection-shape.ts';
import { isObject, keyValues, leafText } from './locate.ts';

export type TagHeader = NonNullable<FacadeSettings['cacheTags']>[number];

/** More would not fit into a header field that every cache reads. */
const MOST_TAGS = 200;

/** Spaces and commas part the tags. */
const printTag = (type: string, key: readonly string[]): string =>
  `${type}:${key.map((part) => encodeURIComponent(part)).join(':')}`;

function gather(family: RouteFamily, shape: FieldShape, value: Json, into: Set<string>): void {
  if (into.size >= MOST_TAGS) return;
  if (Array.isArray(value)) {
    for (const item of value) gather(family, shape, item, into);
    return;
  }
  const variant = shape.selection && isObject(value) ? variantOf(shape.selection, value) : undefined;
  if (!variant || !isObject(value)) return;
  const names = family.itemRoutes.get(variant.typeName)?.resource?.key ?? [];
  const key = names.flatMap((name) => leafText(value[keyOfField(variant, name) ?? '']) ?? []);
  if (key.length > 0 && key.length === names.length) into.add(printTag(variant.typeName, key));
  for (const field of variant.fields.values()) gather(family, field, value[field.key] ?? null, into);
}

/** The tags of an answer, the item or the list itself first. */
export function entityTags(route: Route, raw: Json): string[] {
  const tags = new Set<string>();
  if (route.collection) tags.add(`list:${route.collection.of}`);
  const own = route.collection ? undefined : keyValues(route, raw);
  if (own && route.successType !== undefined) tags.add(printTag(route.successType, own));
  gather(route.family, route.representation, raw, tags);
  return [...tags].slice(0, MOST_TAGS);
}

/** The tags as each of the fields wants them. */
export function tagHeaders(headers: readonly TagHeader[], route: Route, raw: Json): Record<string, string> {
  if (headers.length === 0) return {};
  const tags = entityTags(route, raw);
  if (tags.length === 0) return {};
  const written = headers.map((name) => [name.toLowerCase(), tags.join(name === 'Cache-Tag' ? ',' : ' ')] as const);
  return Object.fromEntries(written);
}

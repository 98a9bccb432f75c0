/**
 * The entities an answer shows, for caches that can drop what a write changed (facade.md 5.5): `Book:1 list:Book`. They
 * come from the answer itself; what was not selected with its key is not named.
 */
import { getNullableType, isListType } from 'graphql';
import type { FacadeSettings, Json } from '../contract.ts';
import type { FieldShape, Route } from '../routes/route.ts';
import { keyOfField, variantOf } from '../routes/selection-shape.ts';
import { isObject, keyValues, leafText } from './locate.ts';

export type TagHeader = NonNullable<FacadeSettings['cacheTags']>[number];

/** More would not fit into a header field that every cache reads. */
const MOST_TAGS = 200;

/** Spaces and commas part the tags. */
const printTag = (type: string, key: readonly string[]): string =>
  `${type}:${key.map((part) => encodeURIComponent(part)).join(':')}`;

/** Names of the fields that are the key of a type; none where it has no address of its own. */
export type KeyOf = (type: string) => readonly string[];

/** Adds the tags of what a field shows: entities as they are, and lists that belong to no entity, also when they are empty. */
export function gatherTags(keyOf: KeyOf, shape: FieldShape, value: Json, into: Set<string>): void {
  gather(keyOf, shape, value, into);
  nameLists(keyOf, shape, { isInEntity: false, isInList: false }, into);
}

function gather(keyOf: KeyOf, shape: FieldShape, value: Json, into: Set<string>): void {
  if (into.size >= MOST_TAGS) return;
  if (Array.isArray(value)) {
    for (const item of value) gather(keyOf, shape, item, into);
    return;
  }
  const variant = shape.selection && isObject(value) ? variantOf(shape.selection, value) : undefined;
  if (!variant || !isObject(value)) return;
  const names = keyOf(variant.typeName);
  const key = names.flatMap((name) => leafText(value[keyOfField(variant, name) ?? '']) ?? []);
  if (key.length > 0 && key.length === names.length) into.add(printTag(variant.typeName, key));
  for (const field of variant.fields.values()) gather(keyOf, field, value[field.key] ?? null, into);
}

interface Place {
  readonly isInEntity: boolean;
  readonly isInList: boolean;
}

/** A list below a page or a root is a search, and changes with what is added; the list of an entity changes with the entity. */
function nameLists(keyOf: KeyOf, { type, selection }: FieldShape, place: Place, into: Set<string>): void {
  const isInList = place.isInList || (isListType(getNullableType(type)) && !place.isInEntity);
  for (const { typeName, fields } of selection?.variants.values() ?? []) {
    const isEntity = keyOf(typeName).length > 0;
    if (isEntity && isInList) into.add(`list:${typeName}`);
    const below = { isInEntity: isEntity, isInList: isInList && !isEntity };
    for (const field of fields.values()) nameLists(keyOf, field, below, into);
  }
}

/** The tags of a route's answer, the item or the list itself first. */
function entityTags(route: Route, raw: Json): Set<string> {
  const tags = new Set<string>();
  if (route.collection) tags.add(`list:${route.collection.of}`);
  const own = route.collection ? undefined : keyValues(route, raw);
  if (own && route.successType !== undefined) tags.add(printTag(route.successType, own));
  gatherTags((type) => route.family.itemRoutes.get(type)?.resource?.key ?? [], route.representation, raw, tags);
  return tags;
}

/** The tags as each of the fields wants them. */
export function printTags(headers: readonly TagHeader[], tags: ReadonlySet<string>): Record<string, string> {
  if (tags.size === 0) return {};
  const listed = [...tags].slice(0, MOST_TAGS);
  return Object.fromEntries(
    headers.map((name) => [name.toLowerCase(), listed.join(name === 'Cache-Tag' ? ',' : ' ')] as const),
  );
}

export const tagHeaders = (headers: readonly TagHeader[], route: Route, raw: Json): Record<string, string> =>
  headers.length === 0 ? {} : printTags(headers, entityTags(route, raw));

/**
 * HAL (application/hal+json): the same representation with `_links`, and entities that have a route of their own moved to
 * `_embedded`, each with its `self` (facade.md 4.1). Nothing is asked for that was not selected.
 */
import type { Json } from '../contract.ts';
import { isCollection, isObject } from '../response/locate.ts';
import type { Facts } from '../response/route-request.ts';
import type { FieldShape, Route, RouteFamily } from '../routes/route.ts';
import { variantOf } from '../routes/selection-shape.ts';
import type { Link } from './link.ts';
import { entityHref } from './links.ts';

type Base = Pick<Facts, 'basePath' | 'publicUrl'>;
type JsonObject = { [name: string]: Json };

interface Context {
  readonly family: RouteFamily;
  readonly base: Base;
  readonly prefix: string;
}

/** A link object; the rel is the name it stands under. */
const linkObject = ({ href, title, type }: Omit<Link, 'rel'>): JsonObject => ({
  href,
  ...(title === undefined ? {} : { title }),
  ...(type === undefined ? {} : { type }),
});

const entityOf = (context: Context, shape: FieldShape, value: Json): string | undefined => {
  const variant = shape.selection && isObject(value) ? variantOf(shape.selection, value) : undefined;
  return variant && isObject(value)
    ? entityHref(context.family, context.base, context.prefix, variant, value)
    : undefined;
};

/** One value below the top: an entity gets its `self`, everything else is walked through. */
function toHal(context: Context, shape: FieldShape, value: Json): Json {
  if (Array.isArray(value)) return value.map((item) => toHal(context, shape, item));
  const variant = shape.selection && isObject(value) ? variantOf(shape.selection, value) : undefined;
  if (!variant || !isObject(value)) return value;
  const self = entityOf(context, shape, value);
  return objectToHal(context, shape, value, self === undefined ? {} : { self: { href: self } });
}

/** An object's members: plain ones stay, entities go to `_embedded`, and a to-one entity is linked as well. */
function objectToHal(context: Context, shape: FieldShape, value: JsonObject, ownLinks: JsonObject): JsonObject {
  const variant = shape.selection && variantOf(shape.selection, value);
  const links: JsonObject = { ...ownLinks };
  const embedded: JsonObject = {};
  const plain: JsonObject = {};
  for (const [key, member] of Object.entries(value)) {
    const field = variant?.fields.get(key);
    const items = Array.isArray(member) ? member : [member];
    const isEntities =
      field !== undefined && items.length > 0 && items.every((item) => entityOf(context, field, item) !== undefined);
    if (!field || !isEntities) {
      plain[key] = field ? toHal(context, field, member) : member;
      continue;
    }
    embedded[key] = toHal(context, field, member);
    if (!Array.isArray(member) && links[key] === undefined) links[key] = { href: entityOf(context, field, member)! };
  }
  return {
    ...(Object.keys(links).length > 0 ? { _links: links } : {}),
    ...plain,
    ...(Object.keys(embedded).length > 0 ? { _embedded: embedded } : {}),
  };
}

/** Moves the items of a collection to `_embedded.item` (O2), and links each that has a route. */
function collectionToHal(context: Context, route: Route, value: Json, links: JsonObject): JsonObject {
  const path = route.collection?.items ?? [];
  const itemsOf = (current: Json, keys: readonly string[], shape: FieldShape): { items: Json; rest: Json } => {
    const [key, ...rest] = keys;
    if (key === undefined) return { items: toHal(context, shape, current), rest: undefined as never };
    const variant = shape.selection && isObject(current) ? variantOf(shape.selection, current) : undefined;
    const field = variant?.fields.get(key);
    if (!field || !isObject(current)) return { items: [], rest: current };
    const { [key]: member, ...others } = current;
    const below = itemsOf(member ?? [], rest, field);
    const remaining = Object.fromEntries(
      Object.entries(others).map(([name, one]) => {
        const shapeOfOne = variant?.fields.get(name);
        return [name, shapeOfOne ? toHal(context, shapeOfOne, one) : one];
      }),
    );
    return { items: below.items, rest: rest.length === 0 ? remaining : { ...remaining, [key]: below.rest } };
  };
  const { items, rest } = itemsOf(value, path, route.representation);
  const list = Array.isArray(items) ? items : [];
  const hrefs = list.flatMap((item): Json[] => {
    const self = isObject(item) && isObject(item['_links']) ? item['_links']['self'] : undefined;
    return self === undefined ? [] : [self];
  });
  return {
    _links: { ...links, ...(hrefs.length > 0 ? { item: hrefs } : {}) },
    ...(isObject(rest) ? rest : {}),
    _embedded: { item: list },
  };
}

export interface HalInput {
  readonly route: Route;
  readonly base: Base;
  readonly prefix: string;
  readonly value: Json;
  readonly links: readonly Link[];
}

/** The HAL document of a representation. */
export function renderHal({ route, base, prefix, value, links }: HalInput): Json {
  const context: Context = { family: route.family, base, prefix };
  const own: JsonObject = Object.fromEntries(links.map((link) => [link.rel, linkObject(link)]));
  if (isCollection(route)) return collectionToHal(context, route, value, own);
  if (!isObject(value)) return { _links: own, value };
  return objectToHal(context, route.representation, value, own);
}

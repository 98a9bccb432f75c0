/**
 * Links are derived, not written (facade.md 4.1): from the routes of the version, the key of the result and the page
 * info. A link costs no upstream call: what it needs comes with the answer, or it is left out.
 */
import type { Json } from '../contract.ts';
import type { Facts, RouteRequest } from '../response/route-request.ts';
import { isCollection, isObject, keyValues, leafText } from '../response/locate.ts';
import { isItemRoute } from '../routes/route-relations.ts';
import { decodeQueryText } from '../routes/query-string.ts';
import type { Binding, CollectionRule, RelRule, Route, RouteFamily } from '../routes/route.ts';
import { eraseNames, extendsTemplate, fillTemplate, type Segment } from '../routes/route-template.ts';
import { keyOfField } from '../routes/selection-shape.ts';
import type { ObjectShape } from '../routes/route.ts';
import { hrefOf, hrefOfRequest, ownHref } from './hrefs.ts';
import { lifecycleLinks } from './lifecycle-links.ts';
import type { Link } from './link.ts';

type Base = Pick<Facts, 'basePath' | 'publicUrl'>;

/** The noun at the end of a template: the rel of what lies there. */
export const lastNoun = (segments: readonly Segment[]): string | undefined => {
  const last = segments.findLast((segment) => segment.kind === 'literal');
  return last?.kind === 'literal' ? last.text : undefined;
};

const titled = (route: Route): { title?: string } => (route.summary === undefined ? {} : { title: route.summary });

/** What hangs below an item: sub-resources and actions by their noun, and one `edit` for the writes on the item itself. */
function subordinateLinks(item: Route, base: Base, prefix: string, key: readonly string[]): Link[] {
  const links = new Map<string, Link>();
  for (const route of item.family.routes) {
    const isOneBelow = route.segments.length === item.segments.length + 1 && route.segments.at(-1)!.kind === 'literal';
    const rel = lastNoun(route.segments);
    if (isOneBelow && rel !== undefined && extendsTemplate(route.segments, item.segments)) {
      // A read names the link best, whatever the order of the documents.
      if (!links.has(rel) || route.method === 'GET') {
        links.set(rel, { rel, href: hrefOf(base, prefix, route.segments, key), ...titled(route), to: route.operation });
      }
    } else if (route.isMutation && eraseNames(route.segments) === eraseNames(item.segments)) {
      links.set('edit', { rel: 'edit', href: hrefOf(base, prefix, item.segments, key) });
    }
  }
  const above = item.family.routes.find(
    (route) =>
      route.method === 'GET' &&
      isCollection(route) &&
      eraseNames(route.segments) === eraseNames(item.segments.slice(0, -1)),
  );
  const isPlain = above?.segments.every((segment) => segment.kind === 'literal') ?? false;
  if (above && isPlain && !above.bindings.some((binding) => binding.required)) {
    links.set('collection', { rel: 'collection', href: hrefOf(base, prefix, above.segments, []), ...titled(above) });
  }
  return [...links.values()];
}

/** The address of a link by hand: path and query filled by its mapping, or the path by the key. */
function relHref(
  rule: RelRule,
  target: Route,
  key: readonly string[] | undefined,
  input: LinkInput,
): string | undefined {
  const { base, request, raw } = input;
  if (!rule.args) return key && hrefOf(base, request.prefix, target.segments, key);
  const args = rule.args.apply(raw);
  const given = isObject(args ?? null) ? (args as { [name: string]: Json }) : {};
  const names = target.segments.flatMap((segment) => (segment.kind === 'parameter' ? [segment.name] : []));
  const values = names.map((name) => leafText(given[name]));
  if (values.includes(undefined)) return undefined;
  const query = target.bindings.flatMap(({ from, name }) => {
    const text = from === 'query' ? leafText(given[name]) : undefined;
    return text === undefined ? [] : [`${encodeURIComponent(name)}=${encodeURIComponent(text)}`];
  });
  const path = hrefOf(base, request.prefix, target.segments, values as string[]);
  return query.length === 0 ? path : `${path}?${query.join('&')}`;
}

/** The rules of a representation: those of its route, and of the item it shows. */
function rulesOf(route: Route): RelRule[] {
  const item = route.successType === undefined ? undefined : route.family.itemRoutes.get(route.successType);
  return [...route.rels, ...(item && item.operation !== route.operation ? item.rels : [])];
}

const holds = (rule: RelRule, raw: Json): boolean => rule.when === undefined || rule.when.apply(raw) === true;

/** May the operation be offered, as far as the conditions on links to it can tell? */
export function holdsFor(target: Route, { route, raw }: LinkInput): boolean {
  const rules = rulesOf(route).filter((rule) => rule.to === target.operation);
  return rules.length === 0 || rules.some((rule) => holds(rule, raw));
}

/**
 * `@rels`, of the route and of the item it answers with: a rule about a derived link takes its place, under the name and
 * the condition it gives; any other adds a link. A condition that cannot be told does not hold.
 */
function applyRels(
  links: readonly Link[],
  rules: readonly RelRule[],
  key: string[] | undefined,
  input: LinkInput,
): Link[] {
  const ruled = new Set(rules.map((rule) => rule.to));
  const result = links.filter((link) => link.to === undefined || !ruled.has(link.to));
  for (const rule of rules) {
    const target = input.route.family.routes.find((route) => route.operation === rule.to);
    const href = target && holds(rule, input.raw) ? relHref(rule, target, key, input) : undefined;
    if (target && href !== undefined) result.push({ rel: rule.rel, href, ...titled(target), to: rule.to });
  }
  return result;
}

/** A value at a path of keys. */
export function valueAt(value: Json, path: readonly string[]): Json | undefined {
  let current: Json | undefined = value;
  for (const key of path) current = isObject(current) ? current[key] : undefined;
  return current;
}

/** The query of the request with some parameters replaced, the others as they were sent. */
function replaceQuery(query: string, name: string, value: string | undefined): string {
  const kept = query.split('&').filter((pair) => pair !== '' && decodeQueryText(pair.split('=')[0]!) !== name);
  if (value !== undefined) kept.push(`${encodeURIComponent(name)}=${encodeURIComponent(value)}`);
  return kept.join('&');
}

/** A whole number of the query, the default of its variable, or a fallback. */
function numberOf(request: RouteRequest, binding: Binding | undefined, fallback: number): number {
  const pair = request.query.split('&').find((one) => decodeQueryText(one.split('=')[0]!) === binding?.name);
  const value = pair === undefined ? binding?.defaultValue : Number(pair.slice(pair.indexOf('=') + 1));
  return typeof value === 'number' && Number.isInteger(value) ? value : fallback;
}

/** Pages by offset: every page can be named, the last one once the total is known. */
function offsetLinks(
  collection: CollectionRule,
  request: RouteRequest,
  value: Json,
  to: (place: string) => string,
): Link[] {
  const { cursor, max } = collection;
  const size = Math.min(numberOf(request, collection.size, max), max);
  const offset = numberOf(request, cursor, 0);
  const total = collection.total ? valueAt(value, collection.total) : undefined;
  const info = collection.info ? valueAt(value, collection.info) : undefined;
  const hasNext = typeof total === 'number' ? offset + size < total : isObject(info) && info['hasNextPage'] === true;
  const last = typeof total === 'number' && total > 0 ? Math.floor((total - 1) / size) * size : undefined;
  return [
    ...(offset > 0 ? [{ rel: 'prev', href: to(String(Math.max(0, offset - size))) }] : []),
    ...(hasNext ? [{ rel: 'next', href: to(String(offset + size)) }] : []),
    ...(last === undefined ? [] : [{ rel: 'last', href: to(String(last)) }]),
  ];
}

/** Pages by cursor lead forward only: what a cursor stands for is the service's own, so no cursor can be made up. */
function cursorLinks({ info: path }: CollectionRule, value: Json, to: (place: string) => string): Link[] {
  const info = path ? valueAt(value, path) : undefined;
  if (!isObject(info) || info['hasNextPage'] !== true || typeof info['endCursor'] !== 'string') return [];
  return [{ rel: 'next', href: to(info['endCursor']) }];
}

function pageLinks(route: Route, request: RouteRequest, base: Base, value: Json): Link[] {
  const { collection } = route;
  if (!collection?.cursor) return [];
  const { name } = collection.cursor;
  const to = (place: string | undefined) => hrefOfRequest(base, request, replaceQuery(request.query, name, place));
  const others =
    collection.style === 'OFFSET' ? offsetLinks(collection, request, value, to) : cursorLinks(collection, value, to);
  return [{ rel: 'first', href: to(undefined) }, ...others];
}

/** The description of this version's API. */
export const describedBy = (family: RouteFamily, base: Base): Link => ({
  rel: 'describedby',
  href: ownHref(base, `${family.isCurrent ? '' : `/${family.version}`}/openapi.json`),
  type: 'application/openapi+json',
});

export const profileHref = (family: RouteFamily, base: Base): string =>
  ownHref(base, `${family.isCurrent ? '' : `/${family.version}`}/profile`);

/** What the members and the rels of this version mean. */
const profileOf = (family: RouteFamily, base: Base): Link => ({
  rel: 'profile',
  href: profileHref(family, base),
});

/** The address of the resource in a result: its canonical route, when the key is known. */
export function itemHref(route: Route, request: RouteRequest, base: Base, raw: Json): string | undefined {
  const item = route.successType === undefined ? undefined : route.family.itemRoutes.get(route.successType);
  const key = item && !isCollection(route) ? keyValues(route, raw) : undefined;
  return item && key ? hrefOf(base, request.prefix, item.segments, key) : undefined;
}

export interface LinkInput {
  readonly route: Route;
  readonly request: RouteRequest;
  readonly base: Base & Pick<Facts, 'lifecycleLinks'>;
  /** The representation, and the result it was made from. */
  readonly value: Json;
  readonly raw: Json;
}

/** The links of a whole representation; `self` comes first. */
export function deriveLinks(input: LinkInput): Link[] {
  const { route, request, base, value, raw } = input;
  const item = route.successType === undefined ? undefined : route.family.itemRoutes.get(route.successType);
  const canonical = isItemRoute(route) || route.isMutation ? itemHref(route, request, base, raw) : undefined;
  const self = canonical ?? hrefOfRequest(base, request);
  const key = canonical === undefined ? undefined : keyValues(route, raw);
  const below = item && key ? subordinateLinks(item, base, request.prefix, key) : [];
  return [
    { rel: 'self', href: self },
    ...(isCollection(route) ? pageLinks(route, request, base, value) : []),
    ...applyRels(below, rulesOf(route), key, input),
    ...lifecycleLinks(route, request, base),
    describedBy(route.family, base),
    profileOf(route.family, base),
  ];
}

/** The address of an entity inside an answer, when its type has a route and its key is selected. */
export function entityHref(
  family: RouteFamily,
  base: Base,
  prefix: string,
  variant: ObjectShape,
  value: { [name: string]: Json },
): string | undefined {
  const item = family.itemRoutes.get(variant.typeName);
  const names = item?.resource?.key ?? [];
  const values = names.map((name) => {
    const key = keyOfField(variant, name);
    return key === undefined ? undefined : leafText(value[key]);
  });
  if (!item || values.includes(undefined)) return undefined;
  return `${base.publicUrl}${base.basePath}${prefix}${fillTemplate(item.segments, values as string[])}`;
}

/**
 * Links are derived, not written (facade.md 4.1): from the routes of the version, the key of the result and the page
 * info. A link costs no upstream call: what it needs comes with the answer, or it is left out.
 */
import type { Json } from '../contract.ts';
import type { Facts, RouteRequest } from '../response/route-request.ts';
import { isCollection, isObject, keyValues, leafText } from '../response/locate.ts';
import { isItemRoute } from '../routes/route-relations.ts';
import { decodeQueryText } from '../routes/query-string.ts';
import type { Route, RouteFamily } from '../routes/route.ts';
import { eraseNames, extendsTemplate, fillTemplate, type Segment } from '../routes/route-template.ts';
import { keyOfField } from '../routes/selection-shape.ts';
import type { ObjectShape } from '../routes/route.ts';
import { hrefOf, hrefOfRequest, ownHref } from './hrefs.ts';

export interface Link {
  readonly rel: string;
  readonly href: string;
  readonly title?: string;
  readonly type?: string;
}

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
        links.set(rel, { rel, href: hrefOf(base, prefix, route.segments, key), ...titled(route) });
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

function pageLinks(route: Route, request: RouteRequest, base: Base, value: Json): Link[] {
  const { collection } = route;
  if (!collection?.cursor) return [];
  const { name } = collection.cursor;
  const links: Link[] = [
    { rel: 'first', href: hrefOfRequest(base, request, replaceQuery(request.query, name, undefined)) },
  ];
  const info = collection.info ? valueAt(value, collection.info) : undefined;
  if (isObject(info) && info['hasNextPage'] === true && typeof info['endCursor'] === 'string') {
    links.push({
      rel: 'next',
      href: hrefOfRequest(base, request, replaceQuery(request.query, name, info['endCursor'])),
    });
  }
  return links;
}

function lifecycleLinks(route: Route, request: RouteRequest, base: Base): Link[] {
  const { successor } = route.lifecycle;
  if (!successor) return [];
  const names = route.segments.flatMap((segment) => (segment.kind === 'parameter' ? [segment.name] : []));
  const values = successor.segments.flatMap((segment) =>
    segment.kind === 'parameter' ? [request.parameters[names.indexOf(segment.name)]] : [],
  );
  if (values.includes(undefined)) return [];
  return [
    { rel: 'successor-version', href: hrefOf(base, `/${successor.version}`, successor.segments, values as string[]) },
  ];
}

export const successorLinks = lifecycleLinks;

/** The description of this version's API. */
export const describedBy = (family: RouteFamily, base: Base): Link => ({
  rel: 'describedby',
  href: ownHref(base, `${family.isCurrent ? '' : `/${family.version}`}/openapi.json`),
  type: 'application/openapi+json',
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
  readonly base: Base;
  /** The representation, and the result it was made from. */
  readonly value: Json;
  readonly raw: Json;
}

/** The links of a whole representation; `self` comes first. */
export function deriveLinks({ route, request, base, value, raw }: LinkInput): Link[] {
  const item = route.successType === undefined ? undefined : route.family.itemRoutes.get(route.successType);
  const canonical = isItemRoute(route) || route.isMutation ? itemHref(route, request, base, raw) : undefined;
  const self = canonical ?? hrefOfRequest(base, request);
  const key = canonical === undefined ? undefined : keyValues(route, raw);
  return [
    { rel: 'self', href: self },
    ...(isCollection(route) ? pageLinks(route, request, base, value) : []),
    ...(item && key ? subordinateLinks(item, base, request.prefix, key) : []),
    ...lifecycleLinks(route, request, base),
    describedBy(route.family, base),
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

/** Links as a `Link` header (RFC 8288). */
export const printLinks = (links: readonly Link[]): string =>
  links
    .map(({ rel, href, type }) => `<${href}>; rel="${rel}"${type === undefined ? '' : `; type="${type}"`}`)
    .join(', ');

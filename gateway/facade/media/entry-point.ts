/** The entry point (facade.md 4.1, 7): from this one address everything else is found by following links. */
import type { FacadeOptions, Json } from '../contract.ts';
import { isCollection } from '../response/locate.ts';
import type { Facts } from '../response/route-request.ts';
import { queryNames } from '../routes/read-parameters.ts';
import type { Route, RouteFamily } from '../routes/route.ts';
import { printTemplate } from '../routes/route-template.ts';
import { ownHref } from './hrefs.ts';
import { describedBy, lastNoun } from './links.ts';
import type { MediaType } from './negotiate.ts';

type Base = Pick<Facts, 'basePath' | 'publicUrl'>;

interface EntryLink {
  readonly rel: string;
  readonly href: string;
  readonly title?: string;
  readonly name?: string;
  readonly templated?: true;
}

/** A collection's links: itself where it can be read as it is, and its search as an RFC 6570 template. */
function collectionLinks(route: Route, base: Base, prefix: string): EntryLink[] {
  const rel = lastNoun(route.segments) ?? route.operation;
  const href = ownHref(base, prefix + printTemplate(route.segments));
  const title = route.summary === undefined ? {} : { title: route.summary };
  const names = queryNames(route);
  const template = names.length === 0 ? undefined : `${href}{?${names.map(encodeURIComponent).join(',')}}`;
  const isPlain = !route.bindings.some((binding) => binding.required);
  return [
    ...(isPlain ? [{ rel, href, ...title }] : []),
    ...(template === undefined
      ? []
      : [{ rel: 'search', name: rel, href: template, templated: true as const, ...title }]),
  ];
}

const isTopLevel = (route: Route): boolean => route.segments.every((segment) => segment.kind === 'literal');

/** A link for every collection, an item template for every resource. */
export function entryLinks(family: RouteFamily, base: Base, prefix: string, docsPath: string): EntryLink[] {
  const reads = family.routes.filter((route) => route.method === 'GET');
  const items = [...family.itemRoutes.values()].map((route): EntryLink => ({
    rel: 'item',
    name: route.resource?.type.toLowerCase() ?? route.operation,
    href: ownHref(base, prefix + printTemplate(route.segments)),
    templated: true,
    ...(route.summary === undefined ? {} : { title: route.summary }),
  }));
  const { rel, href } = describedBy(family, base);
  return [
    { rel: 'self', href: ownHref(base, prefix === '' && base.basePath === '' ? '/' : prefix) },
    ...reads
      .filter((route) => isCollection(route) && isTopLevel(route))
      .flatMap((route) => collectionLinks(route, base, prefix)),
    ...items,
    { rel, href },
    { rel: 'service-doc', href: docsPath, title: 'API documentation' },
  ];
}

/** The document, as JSON or HAL; several links of one rel become a list in HAL. */
export function renderEntryPoint(links: readonly EntryLink[], info: FacadeOptions['info'], mediaType: MediaType): Json {
  const about = { title: info?.title ?? 'API', version: info?.version ?? '1.0.0' };
  if (mediaType === 'application/json') {
    return { ...about, links: links.map((link) => ({ ...link })) };
  }
  const byRel: Record<string, Json> = {};
  for (const { rel, ...link } of links) {
    const before = byRel[rel];
    const isMany = rel === 'search' || rel === 'item';
    byRel[rel] = isMany ? [...((before as Json[] | undefined) ?? []), { ...link }] : { ...link };
  }
  return { _links: byRel, ...about };
}

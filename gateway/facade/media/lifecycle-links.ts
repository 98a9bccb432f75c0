/** Where somebody who calls a route on its way out goes from here (facade.md, section 6). */
import type { Facts, RouteRequest } from '../response/route-request.ts';
import type { Route } from '../routes/route.ts';
import { hrefOf } from './hrefs.ts';
import type { Link } from './link.ts';

type Base = Pick<Facts, 'basePath' | 'publicUrl' | 'lifecycleLinks'>;

/** The same resource in the version that follows; undefined when there is none, or not all of its path is known. */
export function successorHref(route: Route, request: RouteRequest, base: Base): string | undefined {
  const { successor } = route.lifecycle;
  if (!successor) return undefined;
  const names = route.segments.flatMap((segment) => (segment.kind === 'parameter' ? [segment.name] : []));
  const values = successor.segments.flatMap((segment) =>
    segment.kind === 'parameter' ? [request.parameters[names.indexOf(segment.name)]] : [],
  );
  if (values.includes(undefined)) return undefined;
  return hrefOf(base, `/${successor.version}`, successor.segments, values as string[]);
}

/** The successor, and the pages that say what deprecation (RFC 9745, 3) and sunset (RFC 8594, 6) mean here. */
export function lifecycleLinks(route: Route, request: RouteRequest, base: Base): Link[] {
  const { lifecycle, family } = route;
  const { isOn, deprecation, sunset } = base.lifecycleLinks;
  if (!isOn) return [];
  const successor = successorHref(route, request, base);
  const page = (rel: string, address: string): Link => ({
    rel,
    href: address.replaceAll('{version}', family.version),
    type: 'text/html',
  });
  return [
    ...(successor === undefined ? [] : [{ rel: 'successor-version', href: successor }]),
    ...(lifecycle.deprecated && deprecation !== undefined ? [page('deprecation', deprecation)] : []),
    ...(lifecycle.sunset && sunset !== undefined ? [page('sunset', sunset)] : []),
  ];
}

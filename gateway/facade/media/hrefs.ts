/** Addresses of routes and of the facade's own pages; relative to the host unless `publicUrl` is set (facade.md 4.1). */
import type { Facts, RouteRequest } from '../response/route-request.ts';
import { fillTemplate, type Segment } from '../routes/route-template.ts';

type Base = Pick<Facts, 'basePath' | 'publicUrl'>;

/** The path of a route with values for its parameters, under the version prefix the client used. */
export const hrefOf = (base: Base, prefix: string, segments: readonly Segment[], values: readonly string[]): string =>
  `${base.publicUrl}${base.basePath}${prefix}${fillTemplate(segments, values)}`;

/** The address the client asked for, with or without its query. */
export const hrefOfRequest = (
  base: Base,
  request: Pick<RouteRequest, 'prefix' | 'path' | 'query'>,
  query = request.query,
): string => `${base.publicUrl}${base.basePath}${request.prefix}${request.path}${query === '' ? '' : `?${query}`}`;

/** A page of the facade itself, such as `/openapi.json`. */
export const ownHref = (base: Base, path: string): string => `${base.publicUrl}${base.basePath}${path}`;

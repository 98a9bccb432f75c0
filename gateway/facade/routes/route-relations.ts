/** How routes of one version relate: the canonical route of an entity, and what else is on a path. */
import type { HttpMethod, Route } from './route.ts';
import { eraseNames } from './route-template.ts';

/** Is the route the canonical one of its resource? */
export const isItemRoute = (route: Route): boolean =>
  route.successType !== undefined && route.family.itemRoutes.get(route.successType)?.operation === route.operation;

/** The route of another method on the same path. */
export const routeBeside = (route: Route, method: HttpMethod): Route | undefined =>
  route.family.routes.find(
    (other) => other.method === method && eraseNames(other.segments) === eraseNames(route.segments),
  );

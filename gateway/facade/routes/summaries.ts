/** What is told of routes and versions to whoever lists them. */
import type { RouteSummary, VersionSummary } from '../contract.ts';
import { printTemplate } from './route-template.ts';
import type { Route, RouteFamily } from './route.ts';

export const summarizeRoute = ({ method, segments, operation, family, file, line }: Route): RouteSummary => ({
  method,
  route: printTemplate(segments),
  operation,
  version: family.version,
  isCurrent: family.isCurrent,
  file,
  line,
});

export function summarizeVersion({ version, isCurrent, routes }: RouteFamily): VersionSummary {
  const datesOf = (name: 'deprecated' | 'sunset') =>
    routes.flatMap(({ lifecycle }) => lifecycle[name] ?? []).toSorted((a, b) => a.getTime() - b.getTime());
  const [deprecated] = datesOf('deprecated');
  const sunset = datesOf('sunset').at(-1);
  return {
    version,
    isCurrent,
    routes: routes.map(summarizeRoute),
    ...(deprecated === undefined ? {} : { deprecated }),
    ...(sunset === undefined ? {} : { sunset }),
  };
}

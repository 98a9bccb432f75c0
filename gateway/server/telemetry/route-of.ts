/** Which declared route a request has run: by the operation, since the facade matches with its own table. */
import type { Facade } from '../../facade/index.ts';
import type { RoutedRequest } from './trace-requests.ts';

/** `/rest/v1/books/{id}`; undefined when no operation was run. */
export function routeOf(
  facade: Pick<Facade, 'routes'> | undefined,
  basePath: string,
  { method, path, operationName }: RoutedRequest,
): string | undefined {
  if (operationName === undefined) return undefined;
  const wanted = method === 'HEAD' ? 'GET' : method;
  const candidates = (facade?.routes ?? []).filter(
    (route) => route.operation === operationName && route.method === wanted,
  );
  const versioned = candidates.find(({ version }) => path.startsWith(`${basePath}/${version}/`));
  if (versioned !== undefined) return `${basePath}/${versioned.version}${versioned.route}`;
  const found = candidates.find(({ isCurrent }) => isCurrent) ?? candidates[0];
  return found && `${basePath}${found.route}`;
}

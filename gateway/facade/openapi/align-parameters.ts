/**
 * In OpenAPI `/books/{id}/reviews` and `/books/{bookId}/reviews` must not stand side by side: they are one path. Here the
 * routes of a version get the names that the first of them uses, for the document alone.
 */
import type { Binding, Route } from '../routes/route.ts';
import { eraseNames } from '../routes/route-template.ts';

/** The routes with path parameters of the same name at the same place. */
export function alignParameters(routes: readonly Route[]): Route[] {
  const names = new Map<string, string>();
  return routes.map((route) => {
    const renamed = new Map<string, string>();
    const segments = route.segments.map((segment, i) => {
      if (segment.kind === 'literal') return segment;
      const place = eraseNames(route.segments.slice(0, i + 1));
      const name = names.get(place) ?? segment.name;
      names.set(place, name);
      renamed.set(segment.name, name);
      return { ...segment, name };
    });
    const bindings = route.bindings.map((binding): Binding => {
      if (binding.from !== 'path') return binding;
      return { ...binding, name: renamed.get(binding.name) ?? binding.name };
    });
    return { ...route, segments, bindings };
  });
}

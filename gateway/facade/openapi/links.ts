/**
 * OpenAPI links of an answer (facade.md 7.1): the routes below the item that the answer is, with the members of the body
 * that fill their paths. The same rule as for links in answers: an address that extends the item route belongs to it.
 */
import type { JsonSchema } from '../routes/input-schema.ts';
import { eraseNames, extendsTemplate, type Segment } from '../routes/route-template.ts';
import type { Route } from '../routes/route.ts';
import { keyOfField } from '../routes/selection-shape.ts';

const parameterNames = (segments: readonly Segment[]): string[] =>
  segments.flatMap((segment) => (segment.kind === 'parameter' ? [segment.name] : []));

/** Where each part of the key is in the body; undefined where one is not selected. */
function keyExpressions({ resource, successType, representation }: Route): string[] | undefined {
  const variant = representation.selection?.variants.get(successType ?? '');
  if (!resource || !variant) return undefined;
  const keys = resource.key.map((field) => keyOfField(variant, field));
  return keys.every((key) => key !== undefined) ? keys.map((key) => `$response.body#/${key}`) : undefined;
}

/** The links by the names of the operations they lead to; none for an answer that is no item. */
export function buildLinks(route: Route): JsonSchema {
  const item = route.successType === undefined ? undefined : route.family.itemRoutes.get(route.successType);
  const expressions = keyExpressions(route);
  if (!item || !expressions || route.collection) return {};
  const erased = eraseNames(item.segments);
  const near = route.family.routes.filter(
    ({ segments }) => extendsTemplate(segments, item.segments) || eraseNames(segments) === erased,
  );
  const links = near
    .filter(({ operation }) => operation !== route.operation)
    .filter(({ segments }) => parameterNames(segments).length === expressions.length)
    .map(({ operation, segments, summary }): [string, JsonSchema] => [
      operation,
      {
        operationId: operation,
        parameters: Object.fromEntries(parameterNames(segments).map((name, i) => [name, expressions[i]!])),
        ...(summary === undefined ? {} : { description: summary }),
      },
    ]);
  return Object.fromEntries(links);
}

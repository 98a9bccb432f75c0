/** What the description of an operation says where the document says nothing: how it behaves, from what it declares. */
import type { Route } from '../routes/route.ts';

function sentences(route: Route): string[] {
  const { method, collection, guard, idempotency, creates, success, lifecycle } = route;
  return [
    ...(collection ? ['One page at a time: the header `Link` has the next one as `next`.'] : []),
    ...(method === 'GET'
      ? ['With the `ETag` of a copy in `If-None-Match`, 304 says that the copy is still good.']
      : []),
    ...(route.isBackground ? ['It is worked on later: `Location` says where its operation can be read.'] : []),
    ...(creates && !route.isBackground ? ['The header `Location` says where the new resource is.'] : []),
    ...(guard?.required ? ['Needs the `ETag` of the resource in `If-Match`; 412 when it has changed since.'] : []),
    ...(guard && !guard.required
      ? ['With the `ETag` of the resource in `If-Match`, 412 when it has changed since.']
      : []),
    ...(idempotency?.required ? ['Needs an `Idempotency-Key`: a repeat with the same key gets the first answer.'] : []),
    ...(idempotency && !idempotency.required
      ? ['With an `Idempotency-Key`, a repeat with the same key gets the first answer.']
      : []),
    ...(success === 204 && !route.isBackground ? ['The answer has no body.'] : []),
    ...(lifecycle.sunset ? [`Goes away on ${lifecycle.sunset.toISOString().slice(0, 10)}.`] : []),
  ];
}

/** The description of an operation: the author's words, else what the route does. */
export function describeRoute(route: Route): string {
  if (route.description !== undefined) return route.description;
  const text = sentences(route).join(' ');
  return text === '' ? `${route.summary ?? route.operation}.` : text;
}

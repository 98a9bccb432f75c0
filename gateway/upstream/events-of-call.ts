/** The part that all events of one call have in common. */
import type { Call } from './call.ts';

export function aboutCall({ id, request }: Call) {
  const { service, method, url, context } = request;
  return { service, method, url, requestId: context.requestId, call: id };
}

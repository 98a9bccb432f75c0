/** Which media type is answered (P12). Problems are sent whatever `Accept` says (facade.md 3.1). */
import Negotiator from 'negotiator';
import type { FacadeRequest } from '../contract.ts';

/** What is made, the preferred first. */
export const mediaTypes = ['application/json', 'application/hal+json', 'application/prs.hal-forms+json'] as const;

export type MediaType = (typeof mediaTypes)[number];

/** The best type for the client, or undefined when `Accept` excludes them all. */
export function negotiate<Type extends string>(
  headers: FacadeRequest['headers'],
  types: readonly Type[],
): Type | undefined {
  return new Negotiator({ headers }).mediaType(types) as Type | undefined;
}

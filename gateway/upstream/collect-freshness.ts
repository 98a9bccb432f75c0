/**
 * What services say about the freshness of all answers behind one client request, for whoever answers with what was made of
 * them. Read as a shared cache reads it, since that is who may come next (RFC 9111, 4.2 and 5.2.2).
 */
import { readCacheControl } from './policies/freshness.ts';
import type { CallContext } from './upstream-call.ts';

/** What is left; ages and lifetimes in seconds. */
export interface CollectedFreshness {
  /** The smallest that was told. */
  readonly maxAge?: number;
  readonly isPrivate: boolean;
  readonly noStore: boolean;
  readonly noCache: boolean;
  /** Every answer said how long it is fresh. */
  readonly isComplete: boolean;
}

export interface FreshnessCollector {
  readonly note: NonNullable<CallContext['noteAnswer']>;
  /** Undefined when there was no answer. */
  read(): CollectedFreshness | undefined;
}

const secondsOf = (value: string | true | undefined): number | undefined =>
  value === undefined ? undefined : value !== true && /^\d{1,10}$/.test(value) ? Number(value) : 0;

export function createFreshnessCollector(): FreshnessCollector {
  let collected: CollectedFreshness | undefined;
  return {
    note(headers) {
      const told = readCacheControl(headers);
      const lifetime = secondsOf(told.get('s-maxage')) ?? secondsOf(told.get('max-age'));
      const age = secondsOf([headers['age'] ?? []].flat()[0]) ?? 0;
      const left = lifetime === undefined ? undefined : Math.max(0, lifetime - age);
      const maxAge = Math.min(collected?.maxAge ?? Number.POSITIVE_INFINITY, left ?? Number.POSITIVE_INFINITY);
      collected = {
        ...(Number.isFinite(maxAge) ? { maxAge } : {}),
        isPrivate: told.has('private') || collected?.isPrivate === true,
        noStore: told.has('no-store') || collected?.noStore === true,
        noCache: told.has('no-cache') || collected?.noCache === true,
        isComplete: left !== undefined && collected?.isComplete !== false,
      };
    },
    read: () => collected,
  };
}

/** Deprecation and sunset (facade.md, section 6). RFC 9745 wants a structured date, RFC 8594 an HTTP date. */
import type { Fault } from '../../errors/fault.ts';
import type { LifecycleRule, RouteFamily } from './route.ts';

/** A planned window in which a version answers as if its sunset had come, so that its last callers notice in time. */
export interface BrownOut {
  readonly version: string;
  readonly from: Date;
  /** The first moment after it. */
  readonly until: Date;
}

/** The headers of a route in its lifecycle; the links are separate. */
export function lifecycleHeaders({ deprecated, sunset }: LifecycleRule): Record<string, string> {
  return {
    ...(deprecated ? { deprecation: `@${Math.floor(deprecated.getTime() / 1000)}` } : {}),
    ...(sunset ? { sunset: sunset.toUTCString() } : {}),
  };
}

/** Is the route past its sunset (P4)? */
export const isGone = ({ sunset }: LifecycleRule, now: Date): boolean => sunset !== undefined && now >= sunset;

/** The window that a version is in. */
export const findBrownOut = (all: readonly BrownOut[], version: string, now: Date): BrownOut | undefined =>
  all.find((one) => one.version === version && one.from <= now && now < one.until);

/** Windows of versions that there are not: a slip that would show only on the day. */
export function checkBrownOuts(all: readonly BrownOut[], families: readonly RouteFamily[]): Fault[] {
  const known = families.map(({ version }) => version);
  return all
    .filter(({ version }) => !known.includes(version))
    .map(({ version }) => ({
      code: 'ROUTE_INVALID',
      severity: 'error',
      message: `A brown-out names version "${version}", expected one of ${known.map((name) => `"${name}"`).join(', ')}`,
    }));
}

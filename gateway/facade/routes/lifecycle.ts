/** Deprecation and sunset (facade.md, section 6). RFC 9745 wants a structured date, RFC 8594 an HTTP date. */
import type { LifecycleRule } from './route.ts';

/** The headers of a route in its lifecycle; the links are separate. */
export function lifecycleHeaders({ deprecated, sunset }: LifecycleRule): Record<string, string> {
  return {
    ...(deprecated ? { deprecation: `@${Math.floor(deprecated.getTime() / 1000)}` } : {}),
    ...(sunset ? { sunset: sunset.toUTCString() } : {}),
  };
}

/** Is the route past its sunset (P4)? */
export const isGone = ({ sunset }: LifecycleRule, now: Date): boolean => sunset !== undefined && now >= sunset;

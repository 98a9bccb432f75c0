/** Reads `Retry-After` (RFC 9110, 10.2.3): seconds or a date. Negative or unreadable values count as absent. */
import type { UpstreamResponse } from './upstream-call.ts';

const first = (response: UpstreamResponse, name: string) => response.headers[name]?.[0];

/**
 * How long the service asks to wait, in milliseconds. A date is measured against the service's own `Date` where it sent
 * one, so clocks that differ do no harm.
 */
export function readRetryAfter(response: UpstreamResponse, wallTime: () => number): number | undefined {
  const value = first(response, 'retry-after')?.trim();
  if (value === undefined) return undefined;
  if (/^\d{1,9}$/.test(value)) return Number(value) * 1000;
  // Date.parse accepts far too much ("1", "-5"); an HTTP date starts with the name of a day.
  if (!/^[A-Z][a-z]{2}/.test(value)) return undefined;
  const until = Date.parse(value);
  if (Number.isNaN(until)) return undefined;
  const sentAt = Date.parse(first(response, 'date') ?? '');
  const waitMs = until - (Number.isNaN(sentAt) ? wallTime() : sentAt);
  return waitMs < 0 ? undefined : waitMs;
}

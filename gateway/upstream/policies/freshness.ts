/**
 * How long an answer may be used again, by RFC 9111: a private cache, so one that keeps things for the identity that asked.
 * An answer that says nothing about its freshness is not kept; guessing (4.2.2) is left to those who know the service.
 */
import type { UpstreamRequest, UpstreamResponse } from '../upstream-call.ts';

type Headers = Readonly<Record<string, string | readonly string[]>>;

const valuesOf = (headers: Headers, name: string): readonly string[] => {
  const value = headers[name] ?? [];
  return typeof value === 'string' ? [value] : value;
};

/** Directives of Cache-Control (5.2), names in lower case; true where there is no value. The first of each name counts. */
export function readCacheControl(headers: Headers): ReadonlyMap<string, string | true> {
  const directives = new Map<string, string | true>();
  const text = valuesOf(headers, 'cache-control').join(',');
  for (const [, name = '', quoted, token] of text.matchAll(/([\w!#$%&'*+.^`|~-]+)(?:=(?:"([^"]*)"|([^\s,;]*)))?/g)) {
    const key = name.toLowerCase();
    if (!directives.has(key)) directives.set(key, quoted ?? token ?? true);
  }
  return directives;
}

type Directives = ReturnType<typeof readCacheControl>;

/** Delta-seconds (1.2.2) in milliseconds; something unreadable counts as 0, which is stale (4.2.1). */
function readSeconds(directives: Directives, name: string): number | undefined {
  const value = directives.get(name);
  if (value === undefined) return undefined;
  return value !== true && /^\d+$/.test(value) ? Math.min(Number(value), 2 ** 31) * 1000 : 0;
}

/** Statuses that are final and understood (3), and say the same to everybody who asks the same. */
const storable: ReadonlySet<number> = new Set([200, 203, 204, 300, 301, 308, 404, 405, 410, 414, 501]);

export interface Freshness {
  /** From the moment the answer was made (4.2.1). */
  readonly lifetimeMs: number;
  /** Its age when it arrived (4.2.3). */
  readonly ageMs: number;
  /** How long after that it may still be used while it is asked for anew (RFC 5861, 3). */
  readonly whileRevalidateMs: number;
  /** How long after that it may be used when asking fails (RFC 5861, 4). */
  readonly ifErrorMs: number;
  /** Other identities may have it as well (5.2.2.9). */
  readonly isPublic: boolean;
}

/** Undefined when the answer must not be kept, or there would be no point (3). */
export function readFreshness(
  request: UpstreamRequest,
  response: UpstreamResponse,
  wallTime: number,
): Freshness | undefined {
  const { headers } = response;
  if (headers['cache-control'] === undefined && headers['expires'] === undefined) return undefined;
  const asked = readCacheControl(request.headers);
  const told = readCacheControl(headers);
  if (!storable.has(response.status) || asked.has('no-store') || told.has('no-store')) return undefined;
  if (valuesOf(response.headers, 'vary').some((value) => value.includes('*'))) return undefined;
  const lifetimeMs = told.has('no-cache') ? 0 : readLifetime(response, told, wallTime);
  if (lifetimeMs === undefined || (lifetimeMs === 0 && !hasValidator(response))) return undefined;
  const mustAsk = told.has('must-revalidate') || told.has('no-cache');
  return {
    lifetimeMs,
    ageMs: readAge(response, wallTime),
    whileRevalidateMs: mustAsk ? 0 : (readSeconds(told, 'stale-while-revalidate') ?? 0),
    ifErrorMs: mustAsk ? 0 : (readSeconds(told, 'stale-if-error') ?? 0),
    // With Authorization only what says so is shared (3.5); `public` does.
    isPublic: told.has('public') && !told.has('private') && response.headers['set-cookie'] === undefined,
  };
}

/** s-maxage is for shared caches (5.2.2.10), so it says nothing here; max-age goes before Expires (5.3). */
function readLifetime(response: UpstreamResponse, told: Directives, wallTime: number): number | undefined {
  const maxAgeMs = readSeconds(told, 'max-age');
  if (maxAgeMs !== undefined) return maxAgeMs;
  const expires = response.headers['expires']?.[0];
  if (expires === undefined) return undefined;
  // An Expires that is no date, "0" above all, is in the past (5.3).
  const until = readDate(expires);
  return until === undefined ? 0 : Math.max(0, until - (readDate(response.headers['date']?.[0]) ?? wallTime));
}

function readAge(response: UpstreamResponse, wallTime: number): number {
  const sentAt = readDate(response.headers['date']?.[0]);
  const apparentMs = sentAt === undefined ? 0 : Math.max(0, wallTime - sentAt);
  const age = response.headers['age']?.[0];
  const toldMs = age !== undefined && /^\d+$/.test(age) ? Number(age) * 1000 : 0;
  return Math.max(apparentMs, toldMs);
}

/** Date.parse accepts far too much; an HTTP date starts with the name of a day. */
function readDate(text: string | undefined): number | undefined {
  const time = text !== undefined && /^[A-Z][a-z]{2}/.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(time) ? undefined : time;
}

const hasValidator = ({ headers }: UpstreamResponse): boolean =>
  headers['etag'] !== undefined || headers['last-modified'] !== undefined;

/** The fields that ask whether a kept answer still holds (4.3.1). */
export function conditionOf({ headers }: UpstreamResponse): Record<string, string> {
  const [etag, lastModified] = [headers['etag']?.[0], headers['last-modified']?.[0]];
  return {
    ...(etag === undefined ? {} : { 'if-none-match': etag }),
    ...(lastModified === undefined ? {} : { 'if-modified-since': lastModified }),
  };
}

/** What the answer to a condition says goes over what was kept (3.2); the length and coding belong to the body that stays. */
export function refreshed(kept: UpstreamResponse, { headers }: UpstreamResponse): UpstreamResponse {
  const told = Object.entries(headers).filter(([name]) => !/^content-(length|encoding|type|range)$/.test(name));
  return { ...kept, headers: { ...kept.headers, ...Object.fromEntries(told) } };
}

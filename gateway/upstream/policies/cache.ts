/**
 * Keeps the answers of GETs as long as they say they may be kept (RFC 9111, and RFC 5861 for stale ones). A private cache:
 * the identity is part of the key, and only what says `public` is given to others. Stands before the breaker, so what is
 * kept works while a service is down (upstream.md, section 4).
 */
import { UpstreamError } from '../../errors/upstream-error.ts';
import { CallController } from '../call-limit.ts';
import type { Call, Next, Policy } from '../call.ts';
import type { Clock } from '../clock.ts';
import type { EmitUpstreamEvent } from '../events.ts';
import { aboutCall } from '../events-of-call.ts';
import type { UpstreamResponse } from '../upstream-call.ts';
import type { CacheStore, Kept, Lookup } from './cache-store.ts';
import { conditionOf, readCacheControl, readFreshness, refreshed } from './freshness.ts';

export interface CacheOptions {
  readonly store: CacheStore;
  /** How long a call may take that nobody waits for. */
  readonly callMs: number;
  readonly clock: Clock;
  readonly emit: EmitUpstreamEvent;
  /** Takes work nobody waits for, so that it can be waited for at the end. */
  readonly onBackground: (work: Promise<unknown>) => void;
}

type Found = NonNullable<Lookup['found']>;

/** Whoever sends one of these asks a question of his own. */
const ownQuestion = ['if-none-match', 'if-modified-since', 'if-match', 'if-unmodified-since', 'if-range', 'range'];
/** Fields that say who asks; what is public is the same for all of them. */
const credentials: ReadonlySet<string> = new Set(['authorization', 'cookie']);
/** RFC 5861, 4. */
const errorStatuses: ReadonlySet<number> = new Set([500, 502, 503, 504]);
const safeMethods: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE']);

/** The policy for one service. */
export function cache({ store, callMs, clock, emit, onBackground }: CacheOptions): Policy {
  /** By key: what is being asked for anew behind somebody's back. */
  const refreshing = new Set<string>();

  const ageOf = ({ freshness, askedAt }: Kept): number => freshness.ageMs + clock.now() - askedAt;
  const staleBy = (kept: Kept): number => ageOf(kept) - kept.freshness.lifetimeMs;

  const answerFrom = (call: Call, kept: Kept, how: 'hit' | 'stale' | 'stale-if-error'): UpstreamResponse => {
    emit({ kind: 'call-cached', ...aboutCall(call), how });
    const ttl = Math.ceil(-staleBy(kept) / 1000);
    const detail = how === 'hit' ? '' : `; detail=${how}`;
    const headers = { ...kept.response.headers, age: [String(Math.floor(ageOf(kept) / 1000))] };
    return withStatus({ ...kept.response, headers }, `hit; ttl=${ttl}${detail}`);
  };

  const keep = (call: Call, response: UpstreamResponse, askedAt: number, lookup: Lookup): boolean => {
    const freshness = readFreshness(call.request, response, clock.wallTime());
    if (freshness === undefined) return false;
    const key = freshness.isPublic && !variesByCaller(response) ? publicKeyOf(call) : keyOf(call);
    return store.set(key, { url: call.request.url, response, freshness, askedAt }, lookup);
  };

  const ask = async (call: Call, next: Next, lookup: Lookup): Promise<UpstreamResponse> => {
    const askedAt = clock.now();
    const response = await next(call);
    // Of answers that are not for keeping there is nothing to say.
    return keep(call, response, askedAt, lookup) ? withStatus(response, 'fwd=uri-miss; stored') : response;
  };

  /** Asks whether what was kept still holds (4.3). */
  const askAgain = async (call: Call, next: Next, [key, kept]: Found, lookup: Lookup): Promise<UpstreamResponse> => {
    const askedAt = clock.now();
    const answer = await next(withHeaders(call, conditionOf(kept.response)));
    if (answer.status >= 500) return withStatus(answer, `fwd=stale; fwd-status=${answer.status}`);
    store.delete(key);
    const response = answer.status === 304 ? refreshed(kept.response, answer) : answer;
    const stored = keep(call, response, askedAt, lookup) ? '; stored' : '';
    return withStatus(response, `fwd=stale; fwd-status=${answer.status}${stored}`);
  };

  const refreshBehind = (call: Call, next: Next, [key, kept]: Found, lookup: Lookup): void => {
    if (refreshing.has(key)) return;
    refreshing.add(key);
    // Nobody's leaving ends it, and the limits of attempts do.
    const own = { ...call, limit: new CallController(clock.now() + callMs) };
    const work = askAgain(own, next, [key, kept], lookup).then(
      () => {},
      () => {},
    );
    onBackground(work.finally(() => refreshing.delete(key)));
  };

  /** What may be used when asking failed: with an error, or with a status that says so. */
  const askOrUseStale = async (
    call: Call,
    next: Next,
    [key, kept]: Found,
    lookup: Lookup,
  ): Promise<UpstreamResponse> => {
    const mayUse = () => staleBy(kept) < kept.freshness.ifErrorMs;
    try {
      const response = await askAgain(call, next, [key, kept], lookup);
      return errorStatuses.has(response.status) && mayUse() ? answerFrom(call, kept, 'stale-if-error') : response;
    } catch (error) {
      const isOver = call.limit.aborted || !(error instanceof UpstreamError);
      if (isOver || !mayUse()) throw error;
      return answerFrom(call, kept, 'stale-if-error');
    }
  };

  const answer = (call: Call, next: Next, lookup: Lookup): Promise<UpstreamResponse> | UpstreamResponse => {
    if (lookup.found === undefined) return ask(call, next, lookup);
    const [, kept] = lookup.found;
    const stale = staleBy(kept);
    if (stale < 0) return answerFrom(call, kept, 'hit');
    if (stale >= kept.freshness.whileRevalidateMs) return askOrUseStale(call, next, lookup.found, lookup);
    refreshBehind(call, next, lookup.found, lookup);
    return answerFrom(call, kept, 'stale');
  };

  return async (call, next) => {
    const { method, url, body, isWrite = !safeMethods.has(method) } = call.request;
    if (method !== 'GET' || body !== undefined || isWrite) {
      const response = await next(call);
      // What was written may have changed what was read (4.4).
      if (isWrite && response.status < 400) store.deleteUrl(url);
      return response;
    }
    if (asksForItself(call)) return next(call);
    const lookup = store.look(url, () => [keyOf(call), publicKeyOf(call)]);
    return answer(call, next, lookup instanceof Promise ? await lookup : lookup);
  };
}

function asksForItself({ request }: Call): boolean {
  if (ownQuestion.some((name) => request.headers[name] !== undefined)) return true;
  if (request.headers['cache-control'] === undefined) return false;
  const asked = readCacheControl(request.headers);
  return ['no-store', 'no-cache', 'max-age'].some((name) => asked.has(name));
}

/** Every field the connector sets is in the key, so whatever Vary names (4.1) is in it. */
function keyOf({ request: { url, headers, context } }: Call): string {
  return JSON.stringify([url, context.identity, sorted(headers)]);
}

function publicKeyOf({ request: { url, headers } }: Call): string {
  return JSON.stringify([url, sorted(headers).filter(([name]) => !credentials.has(name))]);
}

const sorted = (headers: Call['request']['headers']) => Object.entries(headers).sort(([a], [b]) => (a < b ? -1 : 1));

const variesByCaller = ({ headers }: UpstreamResponse): boolean =>
  (headers['vary'] ?? []).some((value) => value.split(',').some((name) => credentials.has(name.trim().toLowerCase())));

const withHeaders = (call: Call, headers: Record<string, string>): Call => ({
  ...call,
  request: { ...call.request, headers: { ...call.request.headers, ...headers } },
});

/** Cache-Status (RFC 9211): what this cache did, after what caches nearer to the service did. */
function withStatus(response: UpstreamResponse, said: string): UpstreamResponse {
  const before = response.headers['cache-status'] ?? [];
  return { ...response, headers: { ...response.headers, 'cache-status': [...before, `Tributary; ${said}`] } };
}

/** Cache-Control of a success (facade.md 5.4): revalidate by default, longer where all that is known allows it. */
import type { CacheRule } from '../routes/route.ts';
import type { CachePolicy } from './cache-policy.ts';

/** May a cache that serves several clients keep it (RFC 9111, 3.5)? */
const isShareable = ({ isForbidden, scope }: CachePolicy, isPersonal: boolean): boolean =>
  !isForbidden && scope !== 'PRIVATE' && (!isPersonal || scope === 'PUBLIC');

/** `isPersonal`: the request carried credentials, so a shared cache may not keep the answer unless somebody says PUBLIC. */
function buildCacheControl(policy: CachePolicy, rule: CacheRule, isPersonal: boolean): string {
  if (policy.isForbidden) return 'no-store';
  const parts: string[] = [];
  if (!isShareable(policy, isPersonal)) parts.push('private');
  else if (policy.scope === 'PUBLIC') parts.push('public');
  if (policy.maxAge === undefined) parts.push('no-cache');
  else parts.push(`max-age=${policy.maxAge}`);
  if (rule.staleWhileRevalidate !== undefined) parts.push(`stale-while-revalidate=${rule.staleWhileRevalidate}`);
  if (rule.staleIfError !== undefined) parts.push(`stale-if-error=${rule.staleIfError}`);
  return parts.join(', ');
}

export interface Kept {
  readonly policy: CachePolicy;
  readonly rule: CacheRule;
  readonly isPersonal: boolean;
  /** Seconds; undefined where CDNs are told nothing of their own. */
  readonly cdnMaxAge: number | undefined;
}

/** Who may keep a whole answer to a read, and for how long (5.4). */
export function cacheHeaders({ policy, rule, isPersonal, cdnMaxAge }: Kept): Record<string, string> {
  const isForCdn = cdnMaxAge !== undefined && isShareable(policy, isPersonal);
  return {
    'cache-control': buildCacheControl(policy, rule, isPersonal),
    ...(isForCdn ? { 'cdn-cache-control': `max-age=${cdnMaxAge}` } : {}),
  };
}

/** Cache-Control of a 404 or 410: `no-store` unless a time is set. */
export const buildNegativeCacheControl = (seconds: number): string => (seconds > 0 ? `max-age=${seconds}` : 'no-store');

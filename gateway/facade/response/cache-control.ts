/** Cache-Control of a success (facade.md 5.4): revalidate by default, longer where all that is known allows it. */
import type { CacheRule } from '../routes/route.ts';
import type { CachePolicy } from './cache-policy.ts';

/** May a cache that serves several clients keep it (RFC 9111, 3.5)? */
export const isShareable = ({ isForbidden, scope }: CachePolicy, isPersonal: boolean): boolean =>
  !isForbidden && scope !== 'PRIVATE' && (!isPersonal || scope === 'PUBLIC');

/** `isPersonal`: the request carried credentials, so a shared cache may not keep the answer unless somebody says PUBLIC. */
export function buildCacheControl(policy: CachePolicy, rule: CacheRule, isPersonal: boolean): string {
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

/** Cache-Control of a 404 or 410: `no-store` unless a time is set. */
export const buildNegativeCacheControl = (seconds: number): string => (seconds > 0 ? `max-age=${seconds}` : 'no-store');

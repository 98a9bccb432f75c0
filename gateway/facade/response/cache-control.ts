/** Cache-Control of a success (facade.md 5.4): revalidate by default, longer where the route says so. */
import type { CacheRule } from '../routes/route.ts';

/** `isPersonal`: the request carried credentials, so a shared cache may not keep the answer unless the route says PUBLIC. */
export function buildCacheControl(rule: CacheRule, isPersonal: boolean): string {
  const parts: string[] = [];
  if (rule.scope === 'PRIVATE' || (isPersonal && rule.scope !== 'PUBLIC')) parts.push('private');
  else if (rule.scope === 'PUBLIC') parts.push('public');
  if (rule.maxAge === undefined) parts.push('no-cache');
  else parts.push(`max-age=${Math.max(0, rule.maxAge)}`);
  if (rule.staleWhileRevalidate !== undefined) parts.push(`stale-while-revalidate=${rule.staleWhileRevalidate}`);
  if (rule.staleIfError !== undefined) parts.push(`stale-if-error=${rule.staleIfError}`);
  return parts.join(', ');
}

/** Cache-Control of a 404 or 410: `no-store` unless a time is set. */
export const buildNegativeCacheControl = (seconds: number): string => (seconds > 0 ? `max-age=${seconds}` : 'no-store');

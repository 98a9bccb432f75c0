/** The store of each service as its settings say; services with the same Redis share one connection. */
import type { Clock, RandomSource } from '../clock.ts';
import type { EmitUpstreamEvent } from '../events.ts';
import type { UpstreamSettings } from '../settings.ts';
import type { CacheStore } from './cache-store.ts';
import { MemoryStore } from './memory-store.ts';
import { createRedisLink, type RedisLink } from './redis-link.ts';
import { createRedisStore } from './redis-store.ts';

export interface CacheStoresOptions {
  readonly clock: Clock;
  readonly random: RandomSource;
  readonly emit: EmitUpstreamEvent;
}

export function createCacheStores({ clock, random, emit }: CacheStoresOptions) {
  const links = new Map<string, RedisLink>();

  /** Its changes are told once, in the name of the service that came first. */
  const linkOf = (service: string, url: string, timeoutMs: number): RedisLink => {
    const name = `${timeoutMs} ${url}`;
    let link = links.get(name);
    if (link === undefined) {
      const onChange = (change: { isUp: boolean; reason: string }) =>
        emit({ kind: 'cache-store-changed', service, ...change });
      link = createRedisLink({ url, timeoutMs, clock, random, onChange });
      links.set(name, link);
    }
    return link;
  };

  return {
    open(service: string, { cache, limits: { jsonDepth } }: UpstreamSettings): CacheStore {
      const { store, url, prefix, timeoutMs, entryBytes } = cache;
      if (store === 'memory' || url === null) return new MemoryStore(cache);
      const link = linkOf(service, url, timeoutMs);
      return createRedisStore({ link, service, prefix, entryBytes, jsonDepth, clock });
    },
    async close(): Promise<void> {
      await Promise.all([...links.values()].map((link) => link.close()));
    },
  };
}

/**
 * Kept answers in Redis, shared by all gateways that use the same prefix. Same rules and keys as in memory: the identity is part
 * of the key, which is hashed, because it holds the fields that the connector sends. Ages travel on the wall clock.
 *
 * Each URL has an epoch. An answer is kept under the one that was read before it was asked for; a write starts a new one, and
 * with it everything older is gone, also what was under way meanwhile.
 */
import { createHash, randomUUID } from 'node:crypto';
import type { Clock } from '../clock.ts';
import { parseJson } from '../json-reader.ts';
import { stringifyJson } from '../json-writer.ts';
import type { CacheStore, Kept, Lookup } from './cache-store.ts';
import type { RedisLink } from './redis-link.ts';

export interface RedisStoreOptions {
  readonly link: RedisLink;
  readonly service: string;
  readonly prefix: string;
  readonly entryBytes: number;
  readonly jsonDepth: number;
  readonly clock: Clock;
}

/** What is stale is kept so long for asking whether it still holds. */
const staleMs = 3_600_000;
const longestMs = 24 * 3_600_000;

interface Entry extends Omit<Kept, 'askedAt' | 'url'> {
  readonly epoch: string;
  /** On the wall clock, because the monotonic one is this process's own. */
  readonly askedAtWall: number;
}

export function createRedisStore(options: RedisStoreOptions): CacheStore {
  const { link, service, prefix, entryBytes, jsonDepth, clock } = options;
  const hash = (text: string) => createHash('sha256').update(text).digest('base64url');
  const keyOf = (kind: 'answer' | 'epoch', text: string) => `${prefix}${service}:${kind}:${hash(text)}`;
  /** A write that Redis did not hear of: older answers are not used here any more. */
  let ignoredBefore = Number.NEGATIVE_INFINITY;

  const readEntry = (text: string | null | undefined, url: string, epoch: string): Kept | undefined => {
    const entry = parseEntry(text, jsonDepth);
    if (entry === undefined || entry.epoch !== epoch || entry.askedAtWall <= ignoredBefore) return undefined;
    // A clock of another machine that is ahead must not make an answer younger than new.
    const agoMs = Math.max(0, clock.wallTime() - entry.askedAtWall);
    return { url, response: entry.response, freshness: entry.freshness, askedAt: clock.now() - agoMs };
  };

  return {
    async look(url, keys): Promise<Lookup> {
      const asked = keys();
      const values = await link.get([keyOf('epoch', url), ...asked.map((key) => keyOf('answer', key))]);
      if (values === undefined) return {};
      const [epoch, ...texts] = values;
      for (const [index, key] of asked.entries()) {
        const kept = readEntry(texts[index], url, epoch ?? '');
        if (kept !== undefined) return { found: [key, kept], epoch: epoch ?? '' };
      }
      return { epoch: epoch ?? '' };
    },
    set(key, { response, freshness, askedAt }, { epoch }) {
      // Without a word from Redis before, there will be none after.
      if (epoch === undefined || holdsInfinite(response.body)) return false;
      const askedAtWall = clock.wallTime() - (clock.now() - askedAt);
      const entry: Entry = { epoch, response, freshness, askedAtWall };
      const text = stringifyJson(entry);
      if (Buffer.byteLength(text) > entryBytes) return false;
      const { lifetimeMs, ageMs, whileRevalidateMs, ifErrorMs } = freshness;
      const usableMs = Math.max(0, lifetimeMs - ageMs) + Math.max(whileRevalidateMs, ifErrorMs, staleMs);
      return link.set(keyOf('answer', key), text, Math.min(usableMs, longestMs));
    },
    delete: (key) => link.delete(keyOf('answer', key)),
    deleteUrl(url) {
      if (!link.set(keyOf('epoch', url), randomUUID(), longestMs)) ignoredBefore = clock.wallTime();
    },
  };
}

/** A number beyond a double has no form in JSON that would come back as one. */
function holdsInfinite(value: unknown): boolean {
  if (typeof value === 'number') return !Number.isFinite(value);
  return typeof value === 'object' && value !== null && Object.values(value).some(holdsInfinite);
}

/** Undefined for whatever this gateway would not have written. */
function parseEntry(text: string | null | undefined, jsonDepth: number): Entry | undefined {
  if (text === null || text === undefined) return undefined;
  try {
    // The body is two levels down.
    const entry = parseJson(text, { maxDepth: jsonDepth + 4 }) as unknown as Partial<Entry> | null;
    const isWhole =
      typeof entry?.epoch === 'string' &&
      typeof entry.askedAtWall === 'number' &&
      typeof entry.response?.status === 'number' &&
      typeof entry.response.body?.kind === 'string' &&
      typeof entry.freshness?.lifetimeMs === 'number';
    return isWhole ? (entry as Entry) : undefined;
  } catch {
    return undefined;
  }
}

/** Where kept answers are: in this process (`memory-store.ts`) or in Redis (`redis-store.ts`), under the same rules and keys. */
import type { UpstreamResponse } from '../upstream-call.ts';
import type { Freshness } from './freshness.ts';

export interface Kept {
  readonly url: string;
  readonly response: UpstreamResponse;
  readonly freshness: Freshness;
  /** When it was asked for, on the monotonic clock: its age is counted from there, never too low. */
  readonly askedAt: number;
}

/** What was found under one of the keys, and what the store wants to see again when something is kept in its place. */
export interface Lookup {
  readonly found?: readonly [key: string, kept: Kept];
  readonly epoch?: string;
}

/** Nothing here rejects: a store that fails holds nothing. */
export interface CacheStore {
  /** The keys are asked for only where there may be something. */
  look(url: string, keys: () => readonly string[]): Lookup | Promise<Lookup>;
  /** False when it is not kept. */
  set(key: string, kept: Kept, lookup: Lookup): boolean;
  delete(key: string): void;
  /** Whatever was kept of a URL, whoever asked for it. */
  deleteUrl(url: string): void;
}

/** Answers kept in memory, the one used longest ago goes first. Bounded in number and in size. */
import type { JsonValue, UpstreamResponse } from '../upstream-call.ts';
import type { UpstreamSettings } from '../settings.ts';
import type { CacheStore, Kept, Lookup } from './cache-store.ts';

type Limits = Pick<UpstreamSettings['cache'], 'entries' | 'bytes' | 'entryBytes'>;

type Sized = Kept & { readonly bytes: number };

const nothing: Lookup = {};

export class MemoryStore implements CacheStore {
  readonly #settings: Limits;
  readonly #kept = new Map<string, Sized>();
  #bytes = 0;

  constructor(settings: Limits) {
    this.#settings = settings;
  }

  look(_url: string, keys: () => readonly string[]): Lookup {
    if (this.#kept.size === 0) return nothing;
    for (const key of keys()) {
      const kept = this.#kept.get(key);
      if (kept === undefined) continue;
      this.#kept.delete(key);
      this.#kept.set(key, kept);
      return { found: [key, kept] };
    }
    return nothing;
  }

  /** False when it is too large to be kept. */
  set(key: string, kept: Kept): boolean {
    this.delete(key);
    const bytes = sizeOf(kept.response);
    if (bytes > Math.min(this.#settings.entryBytes, this.#settings.bytes)) return false;
    this.#kept.set(key, { ...kept, bytes });
    this.#bytes += bytes;
    for (const oldest of this.#kept.keys()) {
      if (this.#kept.size <= this.#settings.entries && this.#bytes <= this.#settings.bytes) break;
      this.delete(oldest);
    }
    return this.#kept.has(key);
  }

  delete(key: string): void {
    this.#bytes -= this.#kept.get(key)?.bytes ?? 0;
    this.#kept.delete(key);
  }

  /** Whatever was kept of a URL, whoever asked for it. */
  deleteUrl(url: string): void {
    for (const [key, kept] of this.#kept) if (kept.url === url) this.delete(key);
  }
}

/** What it takes in memory, roughly: 2 bytes a character, 16 a value. */
function sizeOf({ headers, body }: UpstreamResponse): number {
  const size = body.kind === 'json' ? sizeOfJson(body.value) : body.kind === 'empty' ? 0 : body.text.length * 2;
  return size + JSON.stringify(headers).length * 2;
}

function sizeOfJson(value: JsonValue): number {
  if (typeof value === 'string') return 16 + value.length * 2;
  if (typeof value !== 'object' || value === null) return 16;
  if (Array.isArray(value)) return value.reduce<number>((sum, item) => sum + sizeOfJson(item), 16);
  return Object.entries(value).reduce((sum, [name, member]) => sum + name.length * 2 + sizeOfJson(member), 16);
}

/**
 * Where automatic persisted queries are kept: texts of queries by their hash, in memory, as many bytes as allowed. A query
 * that is gone is sent again by the client, so nothing is lost but a round trip.
 */

/** What Apollo Server takes for `persistedQueries.cache`. */
export interface PersistedTexts {
  get(key: string): Promise<string | undefined>;
  set(key: string, text: string): Promise<void>;
  delete(key: string): Promise<boolean>;
}

/** The one not used for the longest time goes first; `limitBytes` counts characters as two bytes each, as they are held. */
export function createPersistedTexts(limitBytes: number): PersistedTexts {
  const texts = new Map<string, string>();
  let bytes = 0;
  const sizeOf = (key: string, text: string): number => (key.length + text.length) * 2;
  const drop = (key: string): boolean => {
    const text = texts.get(key);
    if (text === undefined) return false;
    bytes -= sizeOf(key, text);
    return texts.delete(key);
  };
  const put = (key: string, text: string): void => {
    drop(key);
    const size = sizeOf(key, text);
    if (size > limitBytes) return;
    texts.set(key, text);
    bytes += size;
    // A Map keeps the order of insertion, so its first is the oldest.
    for (const oldest of texts.keys()) {
      if (bytes <= limitBytes) break;
      drop(oldest);
    }
  };
  return {
    async get(key) {
      const text = texts.get(key);
      if (text !== undefined) put(key, text);
      return text;
    },
    async set(key, text) {
      put(key, text);
    },
    async delete(key) {
      return drop(key);
    },
  };
}

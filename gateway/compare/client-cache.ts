/**
 * What a client remembers between two runs of a use case: answers that are fresh are not asked for again, those with a
 * validator are asked for with it (RFC 9111). Only what the comparison needs: GET, one user, time by `Date`.
 */
import type { Answer, ClientRequest } from './exchange.ts';

interface Entry {
  readonly answer: Answer;
  readonly freshUntil: number;
}

export type Lookup =
  | { readonly kind: 'fresh'; readonly answer: Answer }
  | { readonly kind: 'stale'; readonly answer: Answer; readonly headers: Readonly<Record<string, string>> }
  | { readonly kind: 'none' };

export interface ClientCache {
  find(request: ClientRequest): Lookup;
  keep(request: ClientRequest, answer: Answer): void;
}

const keyOf = ({ path, headers }: ClientRequest): string => `${headers['accept'] ?? ''} ${path}`;

/** `now` in milliseconds. */
export function createClientCache(now: () => number): ClientCache {
  const entries = new Map<string, Entry>();
  return {
    find(request) {
      const entry = request.method === 'GET' ? entries.get(keyOf(request)) : undefined;
      if (entry === undefined) return { kind: 'none' };
      if (entry.freshUntil > now()) return { kind: 'fresh', answer: entry.answer };
      const { etag } = entry.answer.headers;
      if (etag === undefined) return { kind: 'none' };
      return { kind: 'stale', answer: entry.answer, headers: { 'if-none-match': etag } };
    },
    keep(request, answer) {
      const control = answer.headers['cache-control'] ?? '';
      if (request.method !== 'GET' || answer.status !== 200 || /\bno-store\b/.test(control)) return;
      const maxAge = /\bno-cache\b/.test(control) ? 0 : Number(/\bmax-age=(\d+)/.exec(control)?.[1] ?? 0);
      entries.set(keyOf(request), { answer, freshUntil: now() + maxAge * 1000 });
    },
  };
}

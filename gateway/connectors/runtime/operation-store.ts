/**
 * What the connectors of one client request share: loaded entities, batches being collected, calls in flight. Emptied
 * after each root field of a mutation (connectors.md 3.3, 11.6 rule 4), so that nothing read before a write is taken for
 * what is there after it.
 */
import type { UpstreamResponse } from '../../upstream/upstream-call.ts';

const storeKey = 'tributary.connectors';

export class OperationStore {
  #loaded = new Map<unknown, unknown>();
  #inFlight = new Map<string, Promise<UpstreamResponse>>();
  /** Calls sent, by source; a mutation counts on from root field to root field. */
  readonly #sent = new Map<unknown, number>();

  /** The store of the client request that `operation` belongs to. */
  static of(operation: Map<unknown, unknown>): OperationStore {
    let store = operation.get(storeKey) as OperationStore | undefined;
    if (!store) operation.set(storeKey, (store = new OperationStore()));
    return store;
  }

  /** The loader of `owner`, made when it is first asked for. */
  loaderOf<T>(owner: unknown, create: () => T): T {
    let loader = this.#loaded.get(owner) as T | undefined;
    if (loader === undefined) this.#loaded.set(owner, (loader = create()));
    return loader;
  }

  /** Joins the same call while it is in flight; nothing is kept after the response. */
  shareInFlight(key: string, send: () => Promise<UpstreamResponse>): Promise<UpstreamResponse> {
    const inFlight = this.#inFlight;
    const waiting = inFlight.get(key);
    if (waiting) return waiting;
    const response = send().finally(() => {
      if (inFlight.get(key) === response) inFlight.delete(key);
    });
    inFlight.set(key, response);
    return response;
  }

  /** Counts a call to be sent; false when it would be one too many. */
  countCall(source: unknown, limit: number | undefined): boolean {
    if (limit === undefined) return true;
    const sent = this.#sent.get(source) ?? 0;
    if (sent >= limit) return false;
    this.#sent.set(source, sent + 1);
    return true;
  }

  clear(): void {
    this.#loaded = new Map();
    this.#inFlight = new Map();
  }
}

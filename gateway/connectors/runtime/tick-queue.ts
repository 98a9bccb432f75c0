/**
 * Collects what is asked for in one tick of graphql-js and hands it on together: after all promise jobs that are already
 * queued, and those they queue, but before any I/O. The same moment DataLoader chooses.
 */
export class TickQueue<T> {
  readonly #flush: (items: readonly T[]) => void;
  #items: T[] = [];

  constructor(flush: (items: readonly T[]) => void) {
    this.#flush = flush;
  }

  add(item: T): void {
    this.#items.push(item);
    if (this.#items.length > 1) return;
    void Promise.resolve().then(() =>
      process.nextTick(() => {
        const items = this.#items;
        this.#items = [];
        this.#flush(items);
      }),
    );
  }
}

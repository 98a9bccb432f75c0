/** Keeps what was made of the operations seen last, so that an operation is planned once while it is in use. */

/** As many entries as it may hold; the one not used for the longest time goes first. */
export class PlanCache<Value> {
  readonly #entries = new Map<string, Value>();
  readonly #limit: number;

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** What is kept under the key, made first if need be. What cannot be made is not kept. */
  get(key: string, make: () => Value): Value {
    let value = this.#entries.get(key);
    if (value === undefined) {
      value = make();
      if (this.#entries.size >= this.#limit) this.#dropOldest();
    } else {
      this.#entries.delete(key);
    }
    // A Map keeps the order of insertion: put in last, it is the youngest.
    this.#entries.set(key, value);
    return value;
  }

  /** Forgets what is kept under the key, if it still is this. */
  drop(key: string, value: Value): void {
    if (this.#entries.get(key) === value) this.#entries.delete(key);
  }

  /** Everything kept, what was used last first. */
  values(): Value[] {
    return [...this.#entries.values()].toReversed();
  }

  #dropOldest(): void {
    const [oldest] = this.#entries.keys();
    if (oldest !== undefined) this.#entries.delete(oldest);
  }
}

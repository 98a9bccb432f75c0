/**
 * What came out of the same inputs before. Equal answers of subgraphs come as the same objects (see KnownAnswers), so identity
 * alone says whether a step of an operation stands on what it stood on before; then its outcome is the same too.
 */

/** Stands for what has come: the same object for the same content. Undefined for what cannot come again. */
export type Token = object | undefined;

interface RecollectionLimits {
  /** Outcomes that are kept. */
  readonly entries: number;
  /** Characters of all of them together. */
  readonly size: number;
  readonly entrySize: number;
}

const DEFAULT_LIMITS: RecollectionLimits = { entries: 256, size: 4 * 1024 * 1024, entrySize: 1024 * 1024 };

interface Entry<Outcome> {
  readonly key: string;
  readonly outcome: Outcome;
  readonly size: number;
  readonly home: Map<string, Entry<Outcome>>;
}

/** Bounds what all recollections of an engine keep together; the outcome used longest ago goes first. */
export class RecollectionBound {
  readonly #limits: RecollectionLimits;
  readonly #entries = new Set<Entry<unknown>>();
  readonly #numbers = new WeakMap<object, number>();
  #size = 0;
  #lastNumber = 0;

  constructor(limits: RecollectionLimits = DEFAULT_LIMITS) {
    this.#limits = limits;
  }

  /** The same for the very same inputs; undefined when one of them cannot come again. */
  keyOf(inputs: readonly Token[]): string | undefined {
    let key = '';
    for (const input of inputs) {
      if (input === undefined) return undefined;
      let number = this.#numbers.get(input);
      if (number === undefined) this.#numbers.set(input, (number = ++this.#lastNumber));
      key += ` ${number}`;
    }
    return key === '' ? undefined : key;
  }

  isTooLarge(size: number): boolean {
    return size > this.#limits.entrySize;
  }

  touch(entry: Entry<unknown>): void {
    if (!this.#entries.delete(entry)) this.#size += entry.size;
    this.#entries.add(entry);
    for (const oldest of this.#entries) {
      if (this.#entries.size <= this.#limits.entries && this.#size <= this.#limits.size) break;
      this.forget(oldest);
    }
  }

  forget(entry: Entry<unknown>): void {
    if (!this.#entries.delete(entry)) return;
    this.#size -= entry.size;
    entry.home.delete(entry.key);
  }
}

/** Of one step of one compiled operation. */
export class Recollection<Outcome> {
  readonly #bound: RecollectionBound;
  readonly #kept = new Map<string, Entry<Outcome>>();

  constructor(bound: RecollectionBound) {
    this.#bound = bound;
  }

  find(inputs: readonly Token[]): Outcome | undefined {
    const key = this.#bound.keyOf(inputs);
    const entry = key === undefined ? undefined : this.#kept.get(key);
    if (entry !== undefined) this.#bound.touch(entry);
    return entry?.outcome;
  }

  /** `size` in characters; what is too large, or stands on something that cannot come again, is not kept. */
  keep(inputs: readonly Token[], outcome: Outcome, size: number): void {
    const key = this.#bound.keyOf(inputs);
    if (key === undefined || this.#bound.isTooLarge(size)) return;
    const before = this.#kept.get(key);
    if (before !== undefined) this.#bound.forget(before);
    const entry = { key, outcome, size, home: this.#kept };
    this.#kept.set(key, entry);
    this.#bound.touch(entry);
  }
}

/** Whether both hold the very same, one by one. */
export function isSame(one: readonly unknown[], other: readonly unknown[]): boolean {
  if (one.length !== other.length) return false;
  for (let index = 0; index < one.length; index++) if (one[index] !== other[index]) return false;
  return true;
}

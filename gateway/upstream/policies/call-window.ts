/** Counts the calls of the last seconds in slices, so that old ones fall out without being kept one by one. */

export interface WindowTotals {
  calls: number;
  failures: number;
  slow: number;
}

interface Slice extends WindowTotals {
  number: number;
}

export class CallWindow {
  readonly totals: WindowTotals = { calls: 0, failures: 0, slow: 0 };
  readonly #slices: Slice[];
  readonly #sliceMs: number;
  /** The slice counted in last. */
  #number = -1;

  constructor(windowMs: number, slices: number) {
    this.#sliceMs = windowMs / slices;
    this.#slices = Array.from({ length: slices }, () => ({ number: -1, calls: 0, failures: 0, slow: 0 }));
  }

  add(now: number, isFailure: boolean, isSlow: boolean): void {
    const number = Math.floor(now / this.#sliceMs);
    if (number !== this.#number) this.#dropBefore(number - this.#slices.length + 1);
    this.#number = number;
    const slice = this.#slices[number % this.#slices.length]!;
    slice.number = number;
    slice.calls++;
    this.totals.calls++;
    if (isFailure) {
      slice.failures++;
      this.totals.failures++;
    }
    if (isSlow) {
      slice.slow++;
      this.totals.slow++;
    }
  }

  #dropBefore(first: number): void {
    for (const slice of this.#slices) {
      if (slice.calls === 0 || slice.number >= first) continue;
      this.totals.calls -= slice.calls;
      this.totals.failures -= slice.failures;
      this.totals.slow -= slice.slow;
      slice.calls = slice.failures = slice.slow = 0;
    }
  }
}

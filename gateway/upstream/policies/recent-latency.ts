/** The median of the last answers of a service: an estimate of what one more attempt would need. */

const remembered = 32;

export class RecentLatency {
  readonly #durations: number[] = [];

  add(durationMs: number): void {
    this.#durations.push(durationMs);
    if (this.#durations.length > remembered) this.#durations.shift();
  }

  /** 0 while nothing is known. */
  get medianMs(): number {
    const sorted = this.#durations.toSorted((a, b) => a - b);
    return sorted[Math.floor(sorted.length / 2)] ?? 0;
  }
}

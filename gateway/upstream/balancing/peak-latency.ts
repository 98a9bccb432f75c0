/**
 * How slow an instance is: jumps up to each slow answer at once, and comes down over time, also without answers, so that an
 * instance that was slow once is asked again.
 */

/** Below this, differences are noise. */
const floorMs = 1;

export class PeakLatency {
  readonly #decayMs: number;
  #valueMs = 0;
  #at: number | undefined;

  constructor(decayMs: number) {
    this.#decayMs = decayMs;
  }

  add(now: number, sampleMs: number): void {
    const kept = this.#at === undefined ? 0 : Math.exp((this.#at - now) / this.#decayMs);
    const averageMs = this.#valueMs * kept + sampleMs * (1 - kept);
    this.#valueMs = Math.max(averageMs, sampleMs);
    this.#at = now;
  }

  /** Undefined while nothing is known. */
  read(now: number): number | undefined {
    if (this.#at === undefined) return undefined;
    return Math.max(floorMs, this.#valueMs * Math.exp((this.#at - now) / this.#decayMs));
  }
}

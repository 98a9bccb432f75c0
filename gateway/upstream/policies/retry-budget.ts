/**
 * Keeps retries from turning an outage into a bigger one: in any window they are at most a share of the calls plus a floor
 * (rule 8 of upstream.md, section 7). Counts in ten slices of the window.
 */
import type { Clock } from '../clock.ts';
import type { UpstreamSettings } from '../settings.ts';

const slices = 10;

interface Slice {
  readonly number: number;
  calls: number;
  retries: number;
}

export class RetryBudget {
  readonly #settings: UpstreamSettings['retry']['budget'];
  readonly #clock: Clock;
  #window: Slice[] = [];

  constructor(settings: UpstreamSettings['retry']['budget'], clock: Clock) {
    this.#settings = settings;
    this.#clock = clock;
  }

  countCall(): void {
    this.#current().calls++;
  }

  /** Counts one more retry, unless it would be one too many. */
  takeRetry(): boolean {
    const current = this.#current();
    const calls = this.#window.reduce((sum, slice) => sum + slice.calls, 0);
    const retries = this.#window.reduce((sum, slice) => sum + slice.retries, 0);
    const { ratio, floorPerSecond, windowMs } = this.#settings;
    if (retries + 1 > calls * ratio + (floorPerSecond * windowMs) / 1000) return false;
    current.retries++;
    return true;
  }

  #current(): Slice {
    const number = Math.floor((this.#clock.now() * slices) / this.#settings.windowMs);
    this.#window = this.#window.filter((slice) => slice.number > number - slices);
    let slice = this.#window.at(-1);
    if (slice?.number !== number) {
      slice = { number, calls: 0, retries: 0 };
      this.#window.push(slice);
    }
    return slice;
  }
}

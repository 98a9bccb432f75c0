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
    if (this.left() < 1) return false;
    this.#current().retries++;
    return true;
  }

  /** How many retries may still be made now; whole ones, never fewer than none. */
  left(): number {
    this.#current();
    const calls = this.#window.reduce((sum, slice) => sum + slice.calls, 0);
    const retries = this.#window.reduce((sum, slice) => sum + slice.retries, 0);
    const { ratio, floorPerSecond, windowMs } = this.#settings;
    return Math.max(0, Math.floor(calls * ratio + (floorPerSecond * windowMs) / 1000) - retries);
  }

  #current(): Slice {
    const number = Math.floor((this.#clock.now() * slices) / this.#settings.windowMs);
    const last = this.#window.at(-1);
    if (last?.number === number) return last;
    const slice: Slice = { number, calls: 0, retries: 0 };
    this.#window = [...this.#window.filter((kept) => kept.number > number - slices), slice];
    return slice;
  }
}

/**
 * Durations counted in buckets: what Prometheus sums up, and percentiles that are near enough to see what is slow, in
 * constant memory however many calls there are.
 */
import { writeNumber, type Sample } from './prometheus.ts';

export class Histogram {
  readonly #bounds: readonly number[];
  /** One more than there are bounds: the last is for everything above. */
  readonly #counts: number[];
  #sum = 0;
  #count = 0;
  #max = 0;

  /** `bounds` are the upper ends of the buckets, rising. */
  constructor(bounds: readonly number[]) {
    this.#bounds = bounds;
    this.#counts = Array.from({ length: bounds.length + 1 }, () => 0);
  }

  add(value: number): void {
    const found = this.#bounds.findIndex((bound) => value <= bound);
    const index = found === -1 ? this.#bounds.length : found;
    this.#counts[index] = this.#counts[index]! + 1;
    this.#sum += value;
    this.#count++;
    this.#max = Math.max(this.#max, value);
  }

  get count(): number {
    return this.#count;
  }

  get max(): number {
    return this.#max;
  }

  /** The upper end of the bucket that the share `p` of the values reaches into; never more than the largest value. */
  percentile(p: number): number {
    let below = 0;
    for (const [index, bound] of this.#bounds.entries()) {
      below += this.#counts[index]!;
      if (below >= p * this.#count) return Math.min(bound, this.#max);
    }
    return this.#max;
  }

  samples(labels: Readonly<Record<string, string>>): Sample[] {
    let below = 0;
    const buckets = [...this.#bounds, Number.POSITIVE_INFINITY].map((bound, index): Sample => {
      below += this.#counts[index]!;
      return { suffix: '_bucket', labels: { ...labels, le: writeNumber(bound) }, value: below };
    });
    return [...buckets, { suffix: '_sum', labels, value: this.#sum }, { suffix: '_count', labels, value: this.#count }];
  }
}

/** Each bound is a tenth above the one before, from 0.5 ms to more than a minute. */
const fineBoundsMs = Array.from({ length: 125 }, (_, index) => 0.5 * 1.1 ** index);

export interface Percentiles {
  readonly count: number;
  readonly p50: number;
  readonly p90: number;
  readonly p99: number;
  readonly max: number;
}

/** Percentiles of the last while: of one span at least, of two at most. */
export class RecentHistogram {
  readonly #spanMs: number;
  readonly #now: () => number;
  #startedAt: number;
  #current = new Histogram(fineBoundsMs);
  #previous: Histogram | undefined;

  constructor(spanMs: number, now: () => number) {
    this.#spanMs = spanMs;
    this.#now = now;
    this.#startedAt = now();
  }

  add(durationMs: number): void {
    this.#turn();
    this.#current.add(durationMs);
    this.#previous?.add(durationMs);
  }

  /** Undefined when there was nothing. */
  get percentiles(): Percentiles | undefined {
    this.#turn();
    const histogram = this.#previous ?? this.#current;
    if (histogram.count === 0) return undefined;
    const at = (p: number) => Math.round(histogram.percentile(p) * 100) / 100;
    const { count } = histogram;
    return { count, p50: at(0.5), p90: at(0.9), p99: at(0.99), max: at(1) };
  }

  /** The older of the two began a span earlier, so it holds what the younger holds as well. */
  #turn(): void {
    const spans = Math.floor((this.#now() - this.#startedAt) / this.#spanMs);
    if (spans === 0) return;
    this.#previous = spans === 1 ? this.#current : new Histogram(fineBoundsMs);
    this.#current = new Histogram(fineBoundsMs);
    this.#startedAt += spans * this.#spanMs;
  }
}

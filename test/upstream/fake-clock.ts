/** A clock that stands still until a test moves it. */
import type { Clock } from '../../gateway/upstream/clock.ts';

interface Timer {
  readonly at: number;
  readonly action: () => void;
}

export class FakeClock implements Clock {
  #now = 1_000_000;
  #timers: Timer[] = [];
  #waiting: (() => void)[] = [];

  now = (): number => this.#now;

  wallTime = (): number => Date.UTC(2026, 0, 1) + this.#now;

  schedule = (action: () => void, delayMs: number): (() => void) => {
    const timer = { at: this.#now + delayMs, action };
    this.#timers.push(timer);
    for (const notify of this.#waiting.splice(0)) notify();
    return () => {
      this.#timers = this.#timers.filter((other) => other !== timer);
    };
  };

  /** Runs what is due within the next `ms`, in order of time. */
  advance(ms: number): void {
    const end = this.#now + ms;
    for (;;) {
      const due = this.#timers.filter((timer) => timer.at <= end).sort((a, b) => a.at - b.at)[0];
      if (due === undefined) break;
      this.#timers = this.#timers.filter((timer) => timer !== due);
      this.#now = Math.max(this.#now, due.at);
      due.action();
    }
    this.#now = end;
  }

  /** Delays of the timers that are set, shortest first. */
  get pending(): number[] {
    return this.#timers.map((timer) => timer.at - this.#now).sort((a, b) => a - b);
  }

  /** Resolves once a timer with this delay is set. */
  async untilScheduled(delayMs: number): Promise<void> {
    while (!this.pending.includes(delayMs)) await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }
}

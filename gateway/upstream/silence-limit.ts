/** How long a service may say nothing: before its answer, and inside it. One timer for both, set again only when it fires. */
import type { Clock } from './clock.ts';
import type { UpstreamSettings } from './settings.ts';

type Limits = Pick<UpstreamSettings['deadline'], 'headersMs' | 'bodyIdleMs'>;

export class SilenceLimit {
  readonly #clock: Clock;
  readonly #limits: Limits;
  readonly #onExpired: (reason: string) => void;
  readonly #check = () => this.#expireOrWait();
  #isBody = false;
  #endsAt: number;
  #firesAt: number;
  #stopTimer: () => void;

  constructor(clock: Clock, limits: Limits, onExpired: (reason: string) => void) {
    this.#clock = clock;
    this.#limits = limits;
    this.#onExpired = onExpired;
    this.#endsAt = this.#firesAt = clock.now() + limits.headersMs;
    this.#stopTimer = clock.schedule(this.#check, limits.headersMs);
  }

  /** Bytes of the answer have come. */
  heard(): void {
    this.#isBody = true;
    this.#endsAt = this.#clock.now() + this.#limits.bodyIdleMs;
    if (this.#endsAt >= this.#firesAt) return;
    this.#stopTimer();
    this.#wait(this.#limits.bodyIdleMs);
  }

  stop(): void {
    this.#stopTimer();
  }

  #wait(delayMs: number): void {
    this.#firesAt = this.#clock.now() + delayMs;
    this.#stopTimer = this.#clock.schedule(this.#check, delayMs);
  }

  #expireOrWait(): void {
    const leftMs = this.#endsAt - this.#clock.now();
    const { headersMs, bodyIdleMs } = this.#limits;
    if (leftMs > 0) this.#wait(leftMs);
    else this.#onExpired(this.#isBody ? `deadline.bodyIdle, ${bodyIdleMs} ms` : `deadline.headers, ${headersMs} ms`);
  }
}

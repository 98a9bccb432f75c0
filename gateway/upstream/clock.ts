/**
 * Time and chance as parameters. Everything in `upstream/` measures on the monotonic clock, so a jump of the wall clock
 * changes nothing (upstream.md, section 3); the wall clock is asked only to read a date in a header.
 */
import { setTimeout as startTimer, clearTimeout as stopTimer } from 'node:timers';

export interface Clock {
  /** Milliseconds on a clock that never goes back. */
  now(): number;
  /** Milliseconds since 1970, as the machine believes. */
  wallTime(): number;
  /** Runs `action` once after `delayMs`; the function returned takes it back. An idle one keeps no process alive. */
  schedule(action: () => void, delayMs: number, options?: { readonly isIdle?: boolean }): () => void;
}

/** At least 0 and less than 1. */
export type RandomSource = () => number;

/** The clock of the machine. */
export const systemClock: Clock = {
  now: () => performance.now(),
  wallTime: () => Date.now(),
  schedule(action, delayMs, { isIdle = false } = {}) {
    // Node turns a delay of 2^31 or more into 1 ms.
    const timer = startTimer(action, Math.min(Math.max(delayMs, 0), 2 ** 31 - 1));
    if (isIdle) timer.unref();
    return () => stopTimer(timer);
  },
};

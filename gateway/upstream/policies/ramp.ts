/** Coming back slowly, and not all at one time: what a breaker and an instance do after an outage. */
import type { RandomSource } from '../clock.ts';

export interface Ramp {
  readonly timeMs: number;
  /** The share at the start. */
  readonly from: number;
}

/** The share of the traffic that is let in, 1 at the end. */
export function rampShare(elapsedMs: number, { timeMs, from }: Ramp): number {
  return elapsedMs >= timeMs ? 1 : from + ((1 - from) * elapsedMs) / timeMs;
}

/** Between 1 - share and 1 + share times the value. */
export const jittered = (value: number, share: number, random: RandomSource): number =>
  value * (1 + share * (2 * random() - 1));

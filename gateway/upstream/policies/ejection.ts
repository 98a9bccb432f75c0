/**
 * Takes an instance out of its set that keeps failing, for longer each time (upstream.md, section 8). Sees attempts. It never
 * takes so many out that the rest would break under the load.
 */
import type { Member } from '../balancing/member.ts';
import type { Clock, RandomSource } from '../clock.ts';
import type { Outcome } from '../events.ts';
import type { UpstreamSettings } from '../settings.ts';
import { jittered } from './ramp.ts';

export interface EjectionOptions {
  readonly settings: UpstreamSettings['ejection'];
  readonly clock: Clock;
  readonly random: RandomSource;
}

const minute = 60_000;

export class Ejection {
  readonly #options: EjectionOptions;

  constructor(options: EjectionOptions) {
    this.#options = options;
  }

  /** Counts one attempt; gives the time it is out for, when this was one failure too many. */
  count(member: Member, outcome: Outcome, set: readonly Member[]): number | undefined {
    if (outcome === 'success') member.failuresInRow = 0;
    if (outcome === 'failure') member.failuresInRow++;
    const { settings } = this.#options;
    const isTooMany = outcome === 'failure' && member.failuresInRow >= settings.failures;
    return isTooMany ? this.#ejectFrom(set, member) : undefined;
  }

  /**
   * Counts one active check. A dead instance is ejected as by calls, and stays out while its checks fail; one that is out and
   * answers is to be taken back by `takeBack`, before its time.
   */
  countCheck(member: Member, isAlive: boolean, set: readonly Member[], againMs: number): number | undefined {
    const { settings, clock } = this.#options;
    member.failedChecks = isAlive ? 0 : member.failedChecks + 1;
    const isDead = member.failedChecks >= settings.failures;
    if (member.outUntil === undefined) return isDead ? this.#ejectFrom(set, member) : undefined;
    if (isAlive) member.outUntil = clock.now();
    else if (isDead) member.outUntil = Math.max(member.outUntil, clock.now() + againMs);
    return undefined;
  }

  #ejectFrom(set: readonly Member[], member: Member): number | undefined {
    const { settings } = this.#options;
    if (member.outUntil !== undefined || !set.includes(member)) return undefined;
    const out = set.filter(({ outUntil }) => outUntil !== undefined).length;
    return out < Math.max(1, Math.floor(set.length * settings.maxShare)) ? this.#eject(member) : undefined;
  }

  /** Takes back those whose time is over. */
  takeBack(set: readonly Member[], now: number): Member[] {
    const back = set.filter(({ outUntil }) => outUntil !== undefined && outUntil <= now);
    for (const member of back) {
      member.outUntil = undefined;
      member.rampFrom = now;
      member.returnedAt = now;
      member.failuresInRow = 0;
    }
    return back;
  }

  /** Who takes calls: those that are not out, or everybody when they are too few. */
  usable(set: readonly Member[]): readonly Member[] {
    const healthy = set.filter(({ outUntil }) => outUntil === undefined);
    return healthy.length < set.length * this.#options.settings.panicBelow ? set : healthy;
  }

  /** Each minute without an ejection takes one off. */
  #eject(member: Member): number {
    const { settings, clock, random } = this.#options;
    const now = clock.now();
    const forgiven = Math.floor((now - member.returnedAt) / minute);
    member.ejections = Math.max(0, member.ejections - forgiven) + 1;
    const outMs = jittered(Math.min(settings.timeMs * member.ejections, settings.timeMaxMs), settings.jitter, random);
    member.outUntil = now + outMs;
    return outMs;
  }
}

/**
 * Power of two choices (upstream.md, section 8): two different instances by chance, and the cheaper one takes the call. Cost
 * is work in hand times recent latency; neither alone keeps traffic away from a slow instance.
 */
import type { RandomSource } from '../clock.ts';
import { rampShare, type Ramp } from '../policies/ramp.ts';
import type { Member } from './member.ts';

export interface PickOptions {
  readonly now: number;
  readonly random: RandomSource;
  readonly ramp: Ramp;
}

/** One of `members`, undefined when there is none. */
export function pickOfTwo(members: readonly Member[], options: PickOptions): Member | undefined {
  const { now, random } = options;
  if (members.length < 2) return members[0];
  const first = Math.floor(random() * members.length);
  const step = 1 + Math.floor(random() * (members.length - 1));
  const [a, b] = [members[first]!, members[(first + step) % members.length]!];
  return costOf(a, b, now) <= costOf(b, a, now) ? yieldWhileNew(a, b, options) : yieldWhileNew(b, a, options);
}

/** Of an instance that nothing is known about, the latency is taken to be that of the other. */
function costOf(member: Member, other: Member, now: number): number {
  const latencyMs = member.latency.read(now) ?? other.latency.read(now) ?? 1;
  return ((member.inFlight + 1) * latencyMs) / member.instance.weight;
}

/** An instance that is new or back takes only a part of what would be its own. */
function yieldWhileNew(chosen: Member, other: Member, { now, random, ramp }: PickOptions): Member {
  const shareOf = ({ rampFrom }: Member) => (rampFrom === undefined ? 1 : rampShare(now - rampFrom, ramp));
  const share = shareOf(chosen);
  return share < shareOf(other) && random() >= share ? other : chosen;
}

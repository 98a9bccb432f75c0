/** What is known of one instance of a set: its work, its speed, its failures. Outlives changes of the set it is in. */
import type { Instance } from '../discovery/discovery.ts';
import { PeakLatency } from './peak-latency.ts';

export interface Member {
  instance: Instance;
  inFlight: number;
  readonly latency: PeakLatency;
  /** Start of its ramp; an instance that was there from the beginning has none. */
  rampFrom: number | undefined;
  failuresInRow: number;
  /** Of active checks; calls neither add to it nor end it. */
  failedChecks: number;
  /** Ejected until then; undefined while it takes part. */
  outUntil: number | undefined;
  /** How often it was ejected in a row. */
  ejections: number;
  returnedAt: number;
}

export function createMember(instance: Instance, decayMs: number, rampFrom: number | undefined): Member {
  return {
    instance,
    inFlight: 0,
    latency: new PeakLatency(decayMs),
    rampFrom,
    failuresInRow: 0,
    failedChecks: 0,
    outUntil: undefined,
    ejections: 0,
    returnedAt: Number.NEGATIVE_INFINITY,
  };
}

/** The name of an instance in logs and metrics, the same for as long as it lives. */
export const nameOf = ({ addr, port }: Pick<Instance, 'addr' | 'port'>): string =>
  `${addr.includes(':') ? `[${addr}]` : addr}:${port}`;

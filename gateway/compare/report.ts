/** What a comparison found. Every number in it was measured in the run it describes. */
import type { Exchange } from './exchange.ts';
import type { Percentiles } from './percentile.ts';
import type { Coupling } from './coupling.ts';
import type { Column } from './columns.ts';

export interface UpstreamCall {
  readonly service: string;
  readonly method: string;
  /** Path and query; addresses of services stay out. */
  readonly path: string;
}

/** A cost that a run had, summed over its exchanges. */
export interface Cost {
  readonly requests: number;
  /** The longest chain of requests of which each needs the one before. */
  readonly rounds: number;
  readonly bytesUp: number;
  readonly bytesDown: number;
  /** Bodies without their content coding. */
  readonly bytesDecoded: number;
  readonly upstreamCalls: number;
}

export interface Cell {
  readonly kind: 'measured';
  readonly statuses: readonly number[];
  readonly first: Cost;
  /** The same run once more by a client with a cache of its own; undefined for what writes. */
  readonly repeat: (Cost & { readonly notModified: number; readonly fromCache: number }) | undefined;
  readonly cacheControl: readonly string[];
  /** By simulated round-trip time, in milliseconds. */
  readonly latency: Readonly<Record<string, Percentiles>>;
  /** CPU milliseconds of the gateway for one run; undefined where it could not be told apart. */
  readonly cpuMs: number | undefined;
  readonly missing: readonly string[];
  readonly overFetch: number | undefined;
  /** Requests after the first that were needed to have all leaves. */
  readonly underFetch: number;
  readonly coupling: Coupling;
  readonly verified: string | undefined;
  /** Whether every status tells an intermediary what happened; undefined where the case is not about statuses. */
  readonly isStatusRight: boolean | undefined;
  readonly upstream: readonly UpstreamCall[];
  readonly exchanges: readonly Exchange[];
  readonly verdict: string;
}

export interface Skipped {
  readonly kind: 'skipped';
  readonly reason: string;
}

export interface CaseResult {
  readonly name: string;
  readonly shows: string;
  readonly services: readonly string[];
  readonly need: string;
  readonly fault: string | undefined;
  readonly asks: string | undefined;
  readonly right: readonly number[] | undefined;
  readonly cells: Readonly<Record<Column, Cell | Skipped>>;
}

export interface Report {
  /** ISO 8601. */
  readonly at: string;
  readonly machine: { readonly node: string; readonly cores: number; readonly platform: string };
  readonly mode: 'warm' | 'cold';
  /** Runs a cell without a simulated round-trip time; those with one are fewer. */
  readonly runs: number;
  readonly delayedRuns: number;
  readonly roundTrips: readonly number[];
  readonly fairness: readonly string[];
  readonly cases: readonly CaseResult[];
}

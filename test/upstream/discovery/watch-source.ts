/** One source, watched on the real clock with short waits, or on another; what it gives is awaited, never slept for. */
import { onTestFinished } from 'vitest';
import type { Instance } from '../../../gateway/upstream/discovery/discovery.ts';
import { systemClock, type Clock } from '../../../gateway/upstream/clock.ts';
import type { DiscoveryEvent } from '../../../gateway/upstream/discovery/events.ts';
import { keepSet, type KeptSet, type Source } from '../../../gateway/upstream/discovery/keep-set.ts';

export interface WatchedSource {
  readonly kept: KeptSet;
  readonly events: readonly DiscoveryEvent[];
  readonly sets: readonly (readonly Instance[])[];
  /** "addr:port" of the set, sorted. */
  readonly addresses: () => readonly string[];
  /** Resolves when the set is this one. */
  untilAddresses(...addresses: string[]): Promise<void>;
  /** Resolves when there was such an event, counted from the start. */
  untilEvent(kind: DiscoveryEvent['kind'], times?: number): Promise<void>;
}

export function watchSource(
  source: Source,
  { emptyHoldMs = 50, clock = systemClock }: { readonly emptyHoldMs?: number; readonly clock?: Clock } = {},
): WatchedSource {
  const events: DiscoveryEvent[] = [];
  const sets: (readonly Instance[])[] = [];
  const waiting = new Set<() => void>();
  const changed = () => {
    for (const notify of waiting) notify();
  };
  const kept = keepSet({
    service: 'catalog',
    source,
    settings: { emptyHoldMs, backoff: { baseMs: 20, maxMs: 40 } },
    onSet: (instances) => {
      sets.push(instances);
      changed();
    },
    clock,
    random: Math.random,
    emit: (event) => {
      events.push(event);
      changed();
    },
  });
  onTestFinished(() => kept.stop());
  const addresses = () => (sets.at(-1) ?? []).map(({ addr, port }) => `${addr}:${port}`).toSorted();
  const until = async (isDone: () => boolean) => {
    while (!isDone()) await new Promise<void>((resolve) => waiting.add(resolve));
  };
  return {
    kept,
    events,
    sets,
    addresses,
    untilAddresses: (...expected) =>
      until(() => sets.length > 0 && addresses().join(' ') === expected.toSorted().join(' ')),
    untilEvent: (kind, times = 1) => until(() => events.filter((event) => event.kind === kind).length >= times),
  };
}

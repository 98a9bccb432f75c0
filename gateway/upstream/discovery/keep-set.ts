/**
 * What all sources promise (upstream.md, section 13), in one place: the last good set stays when the registry is lost, an
 * empty set counts only once it has held, garbage is refused, duplicates are dropped, and lost registries are tried again
 * with growing waits. A source only fetches, and throws when it cannot.
 */
import type { Clock, RandomSource } from '../clock.ts';
import { instanceKey, readInstance } from './candidate.ts';
import type { Instance, OnInstances } from './discovery.ts';
import type { EmitDiscoveryEvent } from './events.ts';

/** What a source works with, from one connection to the registry until that is lost. */
export interface Session {
  /** Aborts when nobody watches any more, and when this connection is over. */
  readonly signal: AbortSignal;
  /** The full set as the registry has it, unchecked: addresses as text, or objects. */
  readonly accept: (candidates: readonly unknown[]) => void;
  /** The registry was heard, and the set is the same. */
  readonly confirm: () => void;
  /** Rejects when the session ends. */
  readonly wait: (ms: number) => Promise<void>;
  /** The monotonic clock. */
  readonly now: () => number;
}

/** Fetches addresses of one service. Rejects when the connection is lost, and is then run again. */
export interface Source {
  readonly type: string;
  run(session: Session): Promise<never>;
}

export interface KeepSettings {
  readonly emptyHoldMs: number;
  readonly backoff: { readonly baseMs: number; readonly maxMs: number };
}

export interface KeepOptions {
  readonly service: string;
  readonly source: Source;
  readonly settings: KeepSettings;
  /** The last good set of an earlier process, by which to start while the registry is away. */
  readonly remembered?: readonly Instance[] | undefined;
  readonly onSet: OnInstances;
  readonly clock: Clock;
  readonly random: RandomSource;
  readonly emit: EmitDiscoveryEvent;
}

/** What is known of a set, for the operator. */
export interface SetStatus {
  readonly type: string;
  /** Since the registry last confirmed the set; since the start, when it never did. */
  readonly ageMs: number;
  /** The registry is lost, or was never reached: the set is what was known before. */
  readonly isStale: boolean;
  readonly reason?: string;
  readonly instances: readonly Instance[];
}

export interface KeptSet {
  readonly status: () => SetStatus;
  /** Resolves when the source has ended. */
  readonly stop: () => Promise<void>;
}

/** Keeps the set of one service, from now on. */
export function keepSet({ service, source, settings, remembered, onSet, clock, random, emit }: KeepOptions): KeptSet {
  const stopped = new AbortController();
  let current: readonly Instance[] = remembered ?? [];
  let currentKey = keyOf(current);
  let confirmedAt = clock.now();
  let isStale = true;
  let reason: string | undefined;
  let losses = 0;
  let stopHold: (() => void) | undefined;

  const dropHold = () => {
    stopHold?.();
    stopHold = undefined;
  };
  const apply = (instances: readonly Instance[], key: string) => {
    dropHold();
    if (key === currentKey) return;
    current = instances;
    currentKey = key;
    emit({ kind: 'instances-changed', service, type: source.type, instances: instances.length });
    onSet(current);
  };
  const confirm = () => {
    confirmedAt = clock.now();
    losses = 0;
    if (isStale && reason !== undefined) emit({ kind: 'registry-found', service, type: source.type });
    isStale = false;
    reason = undefined;
  };
  const accept = (candidates: readonly unknown[]) => {
    const { instances, refused } = readSet(candidates);
    if (refused > 0) emit({ kind: 'instances-refused', service, type: source.type, refused });
    // Nothing but garbage is no empty set: the registry, or who writes to it, is out of order.
    if (instances.length === 0 && refused > 0) throw new Error('The registry gave no usable address');
    confirm();
    if (instances.length > 0 || current.length === 0) return apply(instances, keyOf(instances));
    stopHold ??= clock.schedule(() => apply([], keyOf([])), settings.emptyHoldMs);
  };
  const lose = (error: unknown) => {
    losses++;
    // An empty set held for as long as the registry was healthy, and no longer.
    dropHold();
    const why = describe(error);
    if (reason === undefined) {
      emit({ kind: 'registry-lost', service, type: source.type, reason: why, instances: current.length });
    }
    isStale = true;
    reason = why;
  };
  const wait = (ms: number, signal: AbortSignal): Promise<void> =>
    new Promise((resolve, reject) => {
      const stopTimer = clock.schedule(() => {
        signal.removeEventListener('abort', abort);
        resolve();
      }, ms);
      const abort = () => {
        stopTimer();
        reject(signal.reason as Error);
      };
      if (signal.aborted) abort();
      else signal.addEventListener('abort', abort, { once: true });
    });

  const runOnce = async () => {
    const session = new AbortController();
    const end = () => session.abort();
    stopped.signal.addEventListener('abort', end, { once: true });
    const { signal } = session;
    // What is still under way when a session ends must not speak for the one after it.
    const whileOpen =
      <Values extends unknown[]>(action: (...values: Values) => void) =>
      (...values: Values) => {
        signal.throwIfAborted();
        action(...values);
      };
    try {
      await source.run({
        signal,
        accept: whileOpen(accept),
        confirm: whileOpen(confirm),
        wait: (ms) => wait(ms, signal),
        now: () => clock.now(),
      });
    } catch (error) {
      if (!stopped.signal.aborted) lose(error);
    } finally {
      stopped.signal.removeEventListener('abort', end);
      end();
    }
  };
  const run = async () => {
    while (!stopped.signal.aborted) {
      await runOnce();
      const longestMs = Math.min(settings.backoff.baseMs * 2 ** (losses - 1), settings.backoff.maxMs);
      await wait(longestMs * (0.5 + random() / 2), stopped.signal).catch(() => {});
    }
  };

  if (remembered !== undefined) onSet(current);
  const ended = run();
  return {
    status: () => ({
      type: source.type,
      ageMs: clock.now() - confirmedAt,
      isStale,
      ...(reason === undefined ? {} : { reason }),
      instances: current,
    }),
    async stop() {
      stopped.abort();
      dropHold();
      await ended;
    },
  };
}

const describe = (error: unknown): string => {
  const { message, code } = error as { message?: string; code?: string };
  return message === undefined || message === '' ? (code ?? String(error)) : message;
};

/** The same for the same set, in whatever order the registry gives it. */
const keyOf = (instances: readonly Instance[]): string =>
  instances
    .map((instance) => JSON.stringify(instance))
    .toSorted()
    .join('\n');

function readSet(candidates: readonly unknown[]): { instances: Instance[]; refused: number } {
  const byAddress = new Map<string, Instance>();
  let refused = 0;
  for (const candidate of candidates) {
    const instance = readInstance(candidate);
    if (instance === undefined) refused++;
    else if (!byAddress.has(instanceKey(instance))) byAddress.set(instanceKey(instance), instance);
  }
  return { instances: [...byAddress.values()], refused };
}

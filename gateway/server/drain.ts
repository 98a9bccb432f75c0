/**
 * The first step of a stop. Requests that are already on their way, in an accepted connection or in the queue before it,
 * must not meet a closed door: so the server goes on for a moment, says "Connection: close" with every answer, and closes
 * once no request has come for a while.
 */
import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';

/** Of the event loop, until a connection is accepted and its request read. */
const TURNS = 3;

export interface Drain {
  readonly isDraining: () => boolean;
  readonly noteRequest: () => void;
  /** Resolves when it has been quiet, or when `maxMs` have passed: clients that never stop must not hold up a stop. */
  readonly begin: () => Promise<void>;
}

export interface DrainOptions {
  readonly quietMs?: number;
  readonly maxMs?: number;
  readonly now?: () => number;
  readonly wait?: (ms: number) => Promise<unknown>;
}

export function createDrain(options: DrainOptions = {}): Drain {
  const { quietMs = 100, maxMs = 2_000, now = () => performance.now(), wait = sleep } = options;
  let isDraining = false;
  let lastRequestAt = Number.NEGATIVE_INFINITY;
  return {
    isDraining: () => isDraining,
    noteRequest: () => void (lastRequestAt = now()),
    async begin() {
      isDraining = true;
      const startedAt = now();
      for (;;) {
        const quietAt = Math.max(lastRequestAt, startedAt) + quietMs;
        const leftMs = Math.min(quietAt, startedAt + maxMs) - now();
        if (leftMs > 0) await wait(leftMs);
        // What came while the loop was busy is read now, and only then known.
        for (let turn = 0; turn < TURNS; turn++) await nextTurn();
        const isQuiet = now() >= Math.max(lastRequestAt, startedAt) + quietMs;
        if (isQuiet || now() >= startedAt + maxMs) return;
      }
    },
  };
}

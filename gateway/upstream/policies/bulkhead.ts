/**
 * At most so many calls in flight to one service, so that one slow service cannot hold everything (upstream.md, section 6).
 * Beyond that a short queue: writes before reads, first come first served among each. When it is full, a write takes the place
 * of the read that came last. Who leaves the queue costs nothing.
 */
import type { AbortListener } from '../call-limit.ts';
import type { Call, Policy } from '../call.ts';
import { callError } from '../classify.ts';
import type { Clock } from '../clock.ts';
import { aboutCall } from '../events-of-call.ts';
import type { EmitUpstreamEvent } from '../events.ts';
import { isRead } from '../repeatable.ts';
import type { UpstreamSettings } from '../settings.ts';

export interface BulkheadOptions {
  readonly settings: Pick<UpstreamSettings['bulkhead'], 'concurrent' | 'queue' | 'queueWaitMs'>;
  readonly clock: Clock;
  readonly emit: EmitUpstreamEvent;
}

interface Waiting extends AbortListener {
  /** Hands it a free place. */
  readonly enter: () => void;
  readonly refuse: () => void;
}

/** What a refused client is told to wait. */
const retryAfterMs = 1000;

const refuse = (call: Call, reason: string) => callError(call, 'UPSTREAM_SATURATED', { reason, retryAfterMs });

/** The policy for one service. */
export function bulkhead({ settings, clock, emit }: BulkheadOptions): Policy {
  let running = 0;
  const writes = new Set<Waiting>();
  const reads = new Set<Waiting>();
  const isFull = () => writes.size + reads.size >= settings.queue;
  const full = (call: Call) => refuse(call, `bulkhead.queue, ${settings.queue} calls`);

  const waitForPlace = (call: Call): Promise<void> =>
    new Promise((resolve, reject) => {
      const queuedAt = clock.now();
      const queue = isRead(call.request) ? reads : writes;
      const leaveWith = (error: Error) => {
        leave();
        reject(error);
      };
      const stopTimer = clock.schedule(
        () => leaveWith(refuse(call, `bulkhead.queueWait, ${settings.queueWaitMs} ms`)),
        settings.queueWaitMs,
      );
      const waiting: Waiting = {
        enter() {
          leave();
          emit({ kind: 'call-queued', ...aboutCall(call), waitedMs: clock.now() - queuedAt });
          resolve();
        },
        refuse: () => leaveWith(full(call)),
        onAbort: () => leaveWith(call.limit.reason as Error),
      };
      const leave = () => {
        queue.delete(waiting);
        stopTimer();
        call.limit.removeListener(waiting);
      };
      queue.add(waiting);
      call.limit.addListener(waiting);
    });

  /** A place goes straight to the next in the queue, so `running` stays as it is. */
  const giveUpPlace = () => {
    const queue = writes.size > 0 ? writes : reads;
    if (queue.size === 0) {
      running--;
      return;
    }
    const [next] = queue;
    next!.enter();
  };

  /** Room for a call in a full queue, where there is a read that it may push out. */
  const makeRoom = (call: Call): boolean => {
    const last = isRead(call.request) ? undefined : [...reads].at(-1);
    last?.refuse();
    return last !== undefined;
  };

  return async (call, next) => {
    if (running < settings.concurrent) running++;
    else if (isFull() && !makeRoom(call)) throw full(call);
    else await waitForPlace(call);
    try {
      call.limit.throwIfAborted();
      return await next(call);
    } finally {
      giveUpPlace();
    }
  };
}

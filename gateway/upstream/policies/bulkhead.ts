/**
 * At most so many calls in flight to one service, so that one slow service cannot hold everything (upstream.md, section 6).
 * Beyond that a short queue, first come first served; who leaves it costs nothing.
 */
import type { Call, Policy } from '../call.ts';
import { callError } from '../classify.ts';
import type { Clock } from '../clock.ts';
import { aboutCall } from '../events-of-call.ts';
import type { EmitUpstreamEvent } from '../events.ts';
import type { UpstreamSettings } from '../settings.ts';

export interface BulkheadOptions {
  readonly settings: UpstreamSettings['bulkhead'];
  readonly clock: Clock;
  readonly emit: EmitUpstreamEvent;
}

/** What a refused client is told to wait. */
const retryAfterMs = 1000;

const refuse = (call: Call, reason: string) => callError(call, 'UPSTREAM_SATURATED', { reason, retryAfterMs });

/** The policy for one service. */
export function bulkhead({ settings, clock, emit }: BulkheadOptions): Policy {
  let running = 0;
  /** Each entry hands a free place to one waiting call. */
  const queue = new Set<() => void>();

  const waitForPlace = (call: Call): Promise<void> =>
    new Promise((resolve, reject) => {
      const queuedAt = clock.now();
      const stopTimer = clock.schedule(() => {
        leave();
        reject(refuse(call, `bulkhead.queueWait, ${settings.queueWaitMs} ms`));
      }, settings.queueWaitMs);
      const abort = () => {
        leave();
        reject(call.signal.reason as Error);
      };
      const enter = () => {
        leave();
        emit({ kind: 'call-queued', ...aboutCall(call), waitedMs: clock.now() - queuedAt });
        resolve();
      };
      const leave = () => {
        queue.delete(enter);
        stopTimer();
        call.signal.removeEventListener('abort', abort);
      };
      queue.add(enter);
      call.signal.addEventListener('abort', abort, { once: true });
    });

  /** A place goes straight to the first in the queue, so `running` stays as it is. */
  const giveUpPlace = () => {
    const [first] = queue;
    if (first === undefined) running--;
    else first();
  };

  return async (call, next) => {
    if (running < settings.concurrent) running++;
    else if (queue.size >= settings.queue) throw refuse(call, `bulkhead.queue, ${settings.queue} calls`);
    else await waitForPlace(call);
    try {
      call.signal.throwIfAborted();
      return await next(call);
    } finally {
      giveUpPlace();
    }
  };
}

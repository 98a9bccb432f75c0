/**
 * At most so many calls in flight for one client request to one service (upstream.md, section 6): an entity batch whose service
 * has no batch endpoint must not take every place of the bulkhead from all other clients. The rest waits inside its call, in
 * order, and is let go when its client leaves or its time is over. All calls of one client request carry the same signal.
 */
import type { Call, Policy } from '../call.ts';

interface Work {
  running: number;
  /** Each entry lets one waiting call go on; there is a queue once one has waited. */
  waiting: Set<() => void> | undefined;
}

/** The policy for one service. */
export function fanOut({ batchFanOut }: { readonly batchFanOut: number }): Policy {
  /** Of those that have calls in flight. */
  const works = new Map<AbortSignal, Work>();

  const workOf = (client: AbortSignal): Work => {
    let work = works.get(client);
    if (work === undefined) {
      work = { running: 0, waiting: undefined };
      works.set(client, work);
    }
    return work;
  };

  return async (call, next) => {
    const client = call.request.context.signal;
    const work = workOf(client);
    if (work.running < batchFanOut) work.running++;
    else await waitForTurn(call, (work.waiting ??= new Set()));
    try {
      return await next(call);
    } finally {
      // A place goes straight to the next one that waits.
      if (work.waiting !== undefined && work.waiting.size > 0) {
        const [goOn] = work.waiting;
        goOn!();
      } else if (--work.running === 0) {
        works.delete(client);
      }
    }
  };
}

const waitForTurn = ({ limit }: Call, waiting: Set<() => void>): Promise<void> =>
  new Promise((resolve, reject) => {
    const leave = () => {
      waiting.delete(goOn);
      limit.removeListener(listener);
    };
    const goOn = () => {
      leave();
      resolve();
    };
    const listener = {
      onAbort() {
        leave();
        reject(limit.reason as Error);
      },
    };
    if (limit.aborted) return reject(limit.reason as Error);
    waiting.add(goOn);
    limit.addListener(listener);
  });

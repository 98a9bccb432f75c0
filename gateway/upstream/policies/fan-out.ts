/**
 * At most so many calls in flight for one client request to one service (upstream.md, section 6): an entity batch whose service
 * has no batch endpoint must not take every place of the bulkhead from all other clients. The rest waits inside its call, in
 * order, and is let go when its client leaves or its time is over. All calls of one client request carry the same context.
 */
import type { Call, Policy } from '../call.ts';
import type { CallContext } from '../upstream-call.ts';

interface Work {
  running: number;
  /** Each entry lets one waiting call go on. */
  readonly waiting: Set<() => void>;
}

/** The policy for one service. */
export function fanOut({ batchFanOut }: { readonly batchFanOut: number }): Policy {
  const works = new WeakMap<CallContext, Work>();

  const workOf = (context: CallContext): Work => {
    let work = works.get(context);
    if (work === undefined) {
      work = { running: 0, waiting: new Set() };
      works.set(context, work);
    }
    return work;
  };

  return async (call, next) => {
    const work = workOf(call.request.context);
    if (work.running < batchFanOut) work.running++;
    else await waitForTurn(call, work);
    try {
      return await next(call);
    } finally {
      // A place goes straight to the next one that waits.
      const [goOn] = work.waiting;
      if (goOn === undefined) work.running--;
      else goOn();
    }
  };
}

const waitForTurn = ({ signal }: Call, { waiting }: Work): Promise<void> =>
  new Promise((resolve, reject) => {
    const leave = () => {
      waiting.delete(goOn);
      signal.removeEventListener('abort', abort);
    };
    const goOn = () => {
      leave();
      resolve();
    };
    const abort = () => {
      leave();
      reject(signal.reason as Error);
    };
    if (signal.aborted) return reject(signal.reason as Error);
    waiting.add(goOn);
    signal.addEventListener('abort', abort, { once: true });
  });

/**
 * A controller that follows a parent signal and can be let go of. `AbortSignal.any` and `AbortSignal.timeout` keep memory
 * alive on Node 20 (upstream.md, section 15); one listener that is removed again keeps none.
 */

import { setMaxListeners } from 'node:events';

export interface LinkedSignal {
  readonly signal: AbortSignal;
  abort(reason: unknown): void;
  /** Stops following the parent; must be called once the work has ended. */
  release(): void;
}

/** `reasonOf` is asked for the reason at the moment the parent aborts; by default the parent's own is taken over. */
export function linkSignal(parent: AbortSignal, reasonOf: () => unknown = () => parent.reason): LinkedSignal {
  const controller = new AbortController();
  const follow = () => controller.abort(reasonOf());
  // One client request may well have more than ten calls in flight, and Node would warn of a leak.
  setMaxListeners(0, parent);
  if (parent.aborted) follow();
  else parent.addEventListener('abort', follow, { once: true });
  return {
    signal: controller.signal,
    abort: (reason) => controller.abort(reason),
    release: () => parent.removeEventListener('abort', follow),
  };
}

/** Settles as `work` does, or rejects with the signal's reason as soon as it aborts, whichever comes first. */
export function untilAborted<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const leave = () => reject(signal.reason as Error);
    if (signal.aborted) leave();
    else signal.addEventListener('abort', leave, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', leave));
  });
}

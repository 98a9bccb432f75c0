/**
 * A signal that follows a parent and can be let go of. `AbortSignal.any` and `AbortSignal.timeout` keep memory alive on Node 20
 * (upstream.md, section 15); one listener that is removed again keeps none.
 */
import { setMaxListeners } from 'node:events';
import { CallController, type CallSignal } from './call-signal.ts';

export interface LinkedSignal {
  readonly signal: CallSignal;
  abort(reason: unknown): void;
  /** Stops following the parent; must be called once the work has ended. */
  release(): void;
}

/** `reasonOf` is asked for the reason at the moment the parent aborts; by default the parent's own is taken over. */
export function linkSignal(parent: CallSignal, reasonOf: () => unknown = () => parent.reason): LinkedSignal {
  const signal = new CallController();
  const follow = () => signal.abort(reasonOf());
  if (parent.aborted) follow();
  else parent.addEventListener('abort', follow, { once: true });
  return {
    signal,
    abort: (reason) => signal.abort(reason),
    release: () => parent.removeEventListener('abort', follow),
  };
}

/** Stands for the signals of client requests, each of which may have many calls: a listener on an AbortSignal is dear. */
export function createSignalRelay(): (signal: AbortSignal) => CallSignal {
  const relays = new WeakMap<AbortSignal, CallSignal>();
  return (signal) => {
    if (signal.aborted) return signal;
    let relay = relays.get(signal);
    if (relay === undefined) relays.set(signal, (relay = relayOf(signal)));
    return relay;
  };
}

/** Listens to the signal only while somebody listens to it. */
function relayOf(signal: AbortSignal): CallSignal {
  const relay = new CallController();
  const follow = () => relay.abort(signal.reason);
  // Each service has a relay, and Node would warn of a leak.
  setMaxListeners(0, signal);
  return {
    get aborted() {
      return signal.aborted;
    },
    get reason(): unknown {
      return signal.reason;
    },
    throwIfAborted: () => signal.throwIfAborted(),
    addEventListener(type, listener) {
      if (!relay.hasListeners) signal.addEventListener('abort', follow, { once: true });
      relay.addEventListener(type, listener);
    },
    removeEventListener(type, listener) {
      relay.removeEventListener(type, listener);
      if (!relay.hasListeners) signal.removeEventListener('abort', follow);
    },
  };
}

/** Settles as `work` does, or rejects with the signal's reason as soon as it aborts, whichever comes first. */
export function untilAborted<T>(signal: CallSignal, work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const leave = () => reject(signal.reason as Error);
    if (signal.aborted) leave();
    else signal.addEventListener('abort', leave, { once: true });
    work.then(
      (result) => {
        signal.removeEventListener('abort', leave);
        resolve(result);
      },
      (error: unknown) => {
        signal.removeEventListener('abort', leave);
        reject(error as Error);
      },
    );
  });
}

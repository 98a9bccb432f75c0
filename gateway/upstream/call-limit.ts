/**
 * What ends a call before its answer is there: the client leaves, or time is over. An AbortSignal would do, but one call stands
 * under several limits, and each AbortController of Node costs as much as all policies together; `AbortSignal.any` and
 * `AbortSignal.timeout` keep memory alive besides (upstream.md, section 15).
 */
import { setMaxListeners } from 'node:events';
import type { CallContext } from './upstream-call.ts';

/** Hears once that a limit was reached. */
export interface AbortListener {
  onAbort(): void;
}

export interface CallLimit {
  readonly aborted: boolean;
  /** Once aborted: the error to end with. */
  readonly reason: unknown;
  /** When it ends by itself, on the monotonic clock. Later than before, once somebody shares the call who has more time. */
  readonly endsAt: number;
  throwIfAborted(): void;
  addListener(listener: AbortListener): void;
  removeListener(listener: AbortListener): void;
}

/** Aborts once; its listeners are then called and let go. */
export class CallController implements CallLimit {
  endsAt: number;
  #aborted = false;
  #reason: unknown;
  /** Mostly there is one. */
  #first: AbortListener | undefined;
  #others: Set<AbortListener> | undefined;

  constructor(endsAt: number) {
    this.endsAt = endsAt;
  }

  get aborted(): boolean {
    return this.#aborted;
  }

  get reason(): unknown {
    return this.#reason;
  }

  get hasListeners(): boolean {
    return this.#first !== undefined || (this.#others !== undefined && this.#others.size > 0);
  }

  throwIfAborted(): void {
    if (this.aborted) throw this.reason;
  }

  addListener(listener: AbortListener): void {
    if (this.#aborted) return;
    if (this.#first === undefined) this.#first = listener;
    else (this.#others ??= new Set()).add(listener);
  }

  removeListener(listener: AbortListener): void {
    if (this.#first === listener) this.#first = undefined;
    else this.#others?.delete(listener);
  }

  abort(reason: unknown): void {
    if (this.#aborted) return;
    this.#aborted = true;
    this.#reason = reason;
    const listeners = [...(this.#first === undefined ? [] : [this.#first]), ...(this.#others ?? [])];
    this.#first = undefined;
    this.#others = undefined;
    for (const listener of listeners) listener.onAbort();
  }
}

/** The end of a client request, for all its calls. Listens to the signal of the client only while somebody listens to it. */
export class ClientLimit extends CallController {
  readonly #signal: AbortSignal;
  readonly #follow = () => this.abort(this.#signal.reason);
  readonly #onListened: (hasListeners: boolean) => void;

  /** `onListened` hears when the first listener comes and when the last one has left. */
  constructor(
    { signal, deadlineAt }: Pick<CallContext, 'signal' | 'deadlineAt'>,
    onListened: (hasListeners: boolean) => void = () => {},
  ) {
    super(deadlineAt);
    this.#signal = signal;
    this.#onListened = onListened;
    // Each client of services may have one, and Node would warn of a leak.
    setMaxListeners(0, signal);
  }

  override get aborted(): boolean {
    return this.#signal.aborted;
  }

  override get reason(): unknown {
    return this.#signal.reason;
  }

  override addListener(listener: AbortListener): void {
    if (!this.hasListeners) {
      this.#signal.addEventListener('abort', this.#follow, { once: true });
      this.#onListened(true);
    }
    super.addListener(listener);
  }

  override removeListener(listener: AbortListener): void {
    super.removeListener(listener);
    if (this.hasListeners) return;
    this.#signal.removeEventListener('abort', this.#follow);
    this.#onListened(false);
  }
}

/**
 * The limit of each client request that has calls in flight: a listener on an AbortSignal is dear, so the calls of one request
 * share it. A plain map that is tidied up, because what a WeakMap holds lives on until the next full collection.
 */
export function createClientLimits(): (context: CallContext) => ClientLimit {
  const limits = new Map<AbortSignal, ClientLimit>();
  return (context) => {
    const { signal, deadlineAt } = context;
    const known = limits.get(signal);
    if (known?.endsAt === deadlineAt) return known;
    const limit = new ClientLimit(context, (hasListeners) => {
      if (hasListeners) limits.set(signal, limit);
      else if (limits.get(signal) === limit) limits.delete(signal);
    });
    return limit;
  };
}

/** Settles as `work` does, or rejects with the limit's reason as soon as it aborts, whichever comes first. */
export function untilAborted<T>(limit: CallLimit, work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const listener = { onAbort: () => reject(limit.reason as Error) };
    if (limit.aborted) listener.onAbort();
    else limit.addListener(listener);
    work.then(
      (result) => {
        limit.removeListener(listener);
        resolve(result);
      },
      (error: unknown) => {
        limit.removeListener(listener);
        reject(error as Error);
      },
    );
  });
}

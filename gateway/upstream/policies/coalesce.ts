/**
 * Identical GETs in flight share one call (upstream.md, section 4). The identity is part of the key, so two callers that
 * may see different things never share. The shared call ends when its last caller has left, not before.
 */
import type { Call, Policy } from '../call.ts';
import type { EmitUpstreamEvent } from '../events.ts';
import { aboutCall } from '../events-of-call.ts';
import { untilAborted } from '../linked-signal.ts';
import type { UpstreamResponse } from '../upstream-call.ts';

/** One call with several callers; as long as any of them has time left, it has. */
class SharedCall {
  readonly leader: Call;
  readonly result: Promise<UpstreamResponse>;
  readonly #controller = new AbortController();
  #endsAt = 0;
  #callers = 0;
  #isSettled = false;

  constructor(leader: Call, start: (call: Call) => Promise<UpstreamResponse>) {
    this.leader = leader;
    this.#endsAt = leader.endsAt;
    const endsAt = () => this.#endsAt;
    const call: Call = {
      ...leader,
      signal: this.#controller.signal,
      get endsAt() {
        return endsAt();
      },
    };
    this.result = start(call);
    const settle = () => (this.#isSettled = true);
    this.result.then(settle, settle);
  }

  async join(call: Call, leave: () => void): Promise<UpstreamResponse> {
    this.#callers++;
    this.#endsAt = Math.max(this.#endsAt, call.endsAt);
    try {
      return await untilAborted(call.signal, this.result);
    } finally {
      if (--this.#callers === 0) {
        leave();
        // An abort makes an exception with a stack, too dear for a call that is over.
        if (!this.#isSettled) this.#controller.abort(call.signal.reason);
      }
    }
  }
}

function keyOf({ request }: Call): string {
  const headers = Object.entries(request.headers).sort(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify([request.url, request.context.identity, request.context.retryAttempt ?? 0, headers]);
}

/** The policy for one service. */
export function coalesce({ emit }: { emit: EmitUpstreamEvent }): Policy {
  const inFlight = new Map<string, SharedCall>();

  return (call, next) => {
    if (call.request.method !== 'GET' || call.request.body !== undefined) return next(call);
    const key = keyOf(call);
    let shared = inFlight.get(key);
    if (shared === undefined) {
      shared = new SharedCall(call, next);
      inFlight.set(key, shared);
    } else {
      emit({ kind: 'call-coalesced', ...aboutCall(call), sharedWith: shared.leader.id });
    }
    const joined = shared;
    const forget = () => {
      if (inFlight.get(key) === joined) inFlight.delete(key);
    };
    return joined.join(call, forget);
  };
}

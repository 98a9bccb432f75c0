/**
 * Identical GETs in flight share one call (upstream.md, section 4), and so do identical queries sent by POST. The identity is part of the key, so two callers that
 * may see different things never share. The shared call ends when its last caller has left, not before.
 */
import type { Call, Policy } from '../call.ts';
import { CallController } from '../call-signal.ts';
import type { EmitUpstreamEvent } from '../events.ts';
import { aboutCall } from '../events-of-call.ts';
import { untilAborted } from '../linked-signal.ts';
import type { UpstreamResponse } from '../upstream-call.ts';

/** One call with several callers; as long as any of them has time left, it has. */
class SharedCall {
  readonly leader: Call;
  readonly result: Promise<UpstreamResponse>;
  readonly #controller = new CallController();
  #endsAt = 0;
  #callers = 0;
  #joined = 0;
  #isSettled = false;

  constructor(leader: Call, start: (call: Call) => Promise<UpstreamResponse>, onSettled: () => void) {
    this.leader = leader;
    this.#endsAt = leader.endsAt;
    const endsAt = () => this.#endsAt;
    const call: Call = {
      ...leader,
      signal: this.#controller,
      get endsAt() {
        return endsAt();
      },
    };
    const settle = () => {
      this.#isSettled = true;
      // Whoever comes now would not be counted among those who share.
      onSettled();
    };
    this.result = start(call).then(
      (response) => {
        settle();
        return this.#joined > 1 ? { ...response, isShared: true } : response;
      },
      (error: unknown) => {
        settle();
        throw error;
      },
    );
  }

  async join(call: Call, leave: () => void): Promise<UpstreamResponse> {
    this.#callers++;
    this.#joined++;
    this.#endsAt = Math.max(this.#endsAt, call.endsAt);
    try {
      return await untilAborted(call.signal, this.result);
    } finally {
      if (--this.#callers === 0) {
        leave();
        if (!this.#isSettled) this.#controller.abort(call.signal.reason);
      }
    }
  }
}

/** Lengths stand before what may hold any character, so that no two questions have the same key. The body stands last. */
function keyOf({ request, writesBefore = 0 }: Call): string {
  const { method, url, headers, context, body, variant = '', breakerKey = '' } = request;
  const { identity, retryAttempt = 0 } = context;
  let named = '';
  for (const name of Object.keys(headers).sort()) named += JSON.stringify([name, headers[name]]);
  // Those that are set otherwise have limits of their own.
  if (variant !== '' || breakerKey !== '') named += JSON.stringify([variant, breakerKey]);
  const lengths = `${identity.length} ${url.length} ${named.length}`;
  return `${method} ${retryAttempt} ${writesBefore} ${lengths} ${identity}${url}${named}${typeof body === 'string' ? body : ''}`;
}

const isShareable = ({ request: { method, body, isQuery, isWrite } }: Call): boolean =>
  method === 'GET'
    ? body === undefined && isWrite !== true
    : method === 'POST' && isQuery === true && typeof body === 'string';

/** The policy for one service. */
export function coalesce({ emit }: { emit: EmitUpstreamEvent }): Policy {
  const inFlight = new Map<string, SharedCall>();

  return (call, next) => {
    if (!isShareable(call)) return next(call);
    const key = keyOf(call);
    let shared = inFlight.get(key);
    if (shared === undefined) {
      const started = new SharedCall(call, next, () => {
        if (inFlight.get(key) === started) inFlight.delete(key);
      });
      shared = started;
      inFlight.set(key, started);
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

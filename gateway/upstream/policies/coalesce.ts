/**
 * Identical GETs in flight share one call (upstream.md, section 4), and so do identical queries sent by POST. The identity must
 * be the same, so two callers that may see different things never share. The shared call ends when its last caller has left, not
 * before.
 */
import { CallController, untilAborted } from '../call-limit.ts';
import type { Call, Next, Policy } from '../call.ts';
import type { EmitUpstreamEvent } from '../events.ts';
import { aboutCall } from '../events-of-call.ts';
import type { UpstreamRequest, UpstreamResponse } from '../upstream-call.ts';

type Headers = UpstreamRequest['headers'];

/** One call with several callers; as long as any of them has time left, it has. */
class SharedCall {
  readonly leader: Call;
  readonly #result: Promise<UpstreamResponse>;
  readonly #limit: CallController;
  readonly #onOver: (shared: SharedCall) => void;
  #callers = 0;
  #joined = 0;
  #isOver = false;

  /** `onOver` is called once nobody may join any more: it has settled, or all its callers have left. */
  constructor(leader: Call, next: Next, onOver: (shared: SharedCall) => void) {
    this.leader = leader;
    this.#onOver = onOver;
    this.#limit = new CallController(leader.limit.endsAt);
    this.#result = this.#run(next);
  }

  async #run(next: Next): Promise<UpstreamResponse> {
    try {
      const response = await next({ ...this.leader, limit: this.#limit });
      return this.#joined > 1 ? { ...response, isShared: true } : response;
    } finally {
      // Whoever comes now would not be counted among those who share.
      this.#end();
    }
  }

  async join({ limit }: Call): Promise<UpstreamResponse> {
    this.#callers++;
    this.#joined++;
    this.#limit.endsAt = Math.max(this.#limit.endsAt, limit.endsAt);
    try {
      return await untilAborted(limit, this.#result);
    } finally {
      if (--this.#callers === 0 && !this.#isOver) {
        this.#end();
        this.#limit.abort(limit.reason);
      }
    }
  }

  #end(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#onOver(this);
  }
}

/** Finds those that may ask the same quickly; what decides is `isSameQuestion`. */
const keyOf = ({ request: { url, body } }: Call): string => (typeof body === 'string' ? url + body : url);

/** Would both get the same answer? */
function isSameQuestion(one: Call, other: Call): boolean {
  const [a, b] = [one.request, other.request];
  return (
    a.url === b.url &&
    one.writesBefore === other.writesBefore &&
    a.method === b.method &&
    a.body === b.body &&
    a.context.identity === b.context.identity &&
    (a.context.retryAttempt ?? 0) === (b.context.retryAttempt ?? 0) &&
    // Those that are set otherwise have limits of their own.
    a.variant === b.variant &&
    a.breakerKey === b.breakerKey &&
    hasSameHeaders(a.headers, b.headers)
  );
}

function hasSameHeaders(a: Headers, b: Headers): boolean {
  const names = Object.keys(a);
  return names.length === Object.keys(b).length && names.every((name) => isSameValue(a[name], b[name]));
}

const isSameValue = (a: Headers[string] | undefined, b: Headers[string] | undefined): boolean =>
  a === b || (Array.isArray(a) && Array.isArray(b) && a.length === b.length && a.every((value, at) => value === b[at]));

const isShareable = ({ request: { method, body, isQuery, isWrite } }: Call): boolean =>
  method === 'GET'
    ? body === undefined && isWrite !== true
    : method === 'POST' && isQuery === true && typeof body === 'string';

/** The policy for one service. */
export function coalesce({ emit }: { emit: EmitUpstreamEvent }): Policy {
  const inFlight = new Map<string, readonly SharedCall[]>();

  const forget = (gone: SharedCall) => {
    const key = keyOf(gone.leader);
    const others = inFlight.get(key)?.filter((shared) => shared !== gone) ?? [];
    if (others.length === 0) inFlight.delete(key);
    else inFlight.set(key, others);
  };

  return (call, next) => {
    if (!isShareable(call)) return next(call);
    const key = keyOf(call);
    const known = inFlight.get(key);
    const same = known?.find(({ leader }) => isSameQuestion(leader, call));
    if (same !== undefined) {
      emit({ kind: 'call-coalesced', ...aboutCall(call), sharedWith: same.leader.id });
      return same.join(call);
    }
    const started = new SharedCall(call, next, forget);
    inFlight.set(key, known === undefined ? [started] : [...known, started]);
    return started.join(call);
  };
}

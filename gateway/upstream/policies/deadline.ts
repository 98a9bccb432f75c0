/**
 * Time limits: request > call > attempt (upstream.md, section 3). The limit in force is the smallest that is left. Each follows
 * the one around it and has one timer, both let go at the end.
 */
import { UpstreamError } from '../../errors/upstream-error.ts';
import { CallController, type AbortListener } from '../call-limit.ts';
import type { Call, Next, Policy } from '../call.ts';
import { callError } from '../classify.ts';
import type { Clock } from '../clock.ts';
import type { UpstreamResponse } from '../upstream-call.ts';

/** Timers may fire a little early; a request that ends this close to its deadline ended by it. */
const toleranceMs = 2;

interface DeadlineOptions {
  readonly clock: Clock;
  readonly limitMs: number;
}

/** Why a call ends; asked when it does. */
interface Reasons {
  /** What is around it has ended. */
  readonly left: (call: Call) => unknown;
  /** Its own time is over. */
  readonly expired: (call: Call) => UpstreamError;
}

/** Ends a call at its own limit or at the end of the client request, and when the client leaves. */
export function callDeadline({ clock, limitMs }: DeadlineOptions): Policy {
  const requestEnded = (call: Call) => callError(call, 'DEADLINE_EXCEEDED', { reason: 'server.deadline' });
  const reasons: Reasons = {
    left(call) {
      const { reason } = call.limit;
      if (reason instanceof UpstreamError) return reason;
      return isRequestOver(call, clock) ? requestEnded(call) : callError(call, 'REQUEST_CANCELLED', {});
    },
    expired: (call) =>
      call.limit.endsAt <= call.startedAt + limitMs
        ? requestEnded(call)
        : callError(call, 'UPSTREAM_TIMEOUT', { reason: `deadline.call, ${limitMs} ms` }),
  };
  return (call, next) => {
    const endsAt = Math.min(call.limit.endsAt, call.startedAt + limitMs);
    return runWithin(call, next, new Deadline(call, endsAt, clock, reasons));
  };
}

/** Ends one attempt at its limit, from connecting to the last byte decoded. */
export function attemptDeadline({ clock, limitMs }: DeadlineOptions): Policy {
  const reasons: Reasons = {
    left: (call) => call.limit.reason,
    expired: (call) => callError(call, 'UPSTREAM_TIMEOUT', { reason: `deadline.attempt, ${limitMs} ms` }),
  };
  return (call, next) => {
    const endsAt = clock.now() + limitMs;
    // When less than the limit is left, the call's own end comes first and says so better.
    return endsAt >= call.limit.endsAt ? next(call) : runWithin(call, next, new Deadline(call, endsAt, clock, reasons));
  };
}

/** A limit within that of its call. */
class Deadline extends CallController implements AbortListener {
  readonly #call: Call;
  readonly #reasons: Reasons;
  readonly #stopTimer: () => void;

  constructor(call: Call, endsAt: number, clock: Clock, reasons: Reasons) {
    super(endsAt);
    this.#call = call;
    this.#reasons = reasons;
    const leftMs = endsAt - clock.now();
    this.#stopTimer = clock.schedule(() => this.#expire(), leftMs);
    if (call.limit.aborted) this.onAbort();
    else call.limit.addListener(this);
    if (leftMs <= 0) this.#expire();
  }

  onAbort(): void {
    this.abort(this.#reasons.left(this.#call));
  }

  #expire(): void {
    if (!this.aborted) this.abort(this.#reasons.expired(this.#call));
  }

  /** Must be called once the work has ended. */
  release(): void {
    this.#stopTimer();
    this.#call.limit.removeListener(this);
  }
}

async function runWithin(call: Call, next: Next, deadline: Deadline): Promise<UpstreamResponse> {
  try {
    deadline.throwIfAborted();
    return await next({ ...call, limit: deadline });
  } finally {
    deadline.release();
  }
}

function isRequestOver({ limit }: Call, clock: Clock): boolean {
  const timedOut = limit.reason instanceof Error && limit.reason.name === 'TimeoutError';
  return timedOut || clock.now() + toleranceMs >= limit.endsAt;
}

/**
 * Time limits: request > call > attempt (upstream.md, section 3). The limit in force is the smallest that is left. Each
 * limit is one linked signal and one timer, both let go at the end.
 */
import { UpstreamError } from '../../errors/upstream-error.ts';
import type { Call, Next, Policy } from '../call.ts';
import { callError } from '../classify.ts';
import type { Clock } from '../clock.ts';
import { createSignalRelay, linkSignal } from '../linked-signal.ts';
import type { CallSignal } from '../call-signal.ts';

/** Timers may fire a little early; a request that ends this close to its deadline ended by it. */
const toleranceMs = 2;

/** Ends a call at its own limit or at the end of the client request, and when the client leaves. */
export function callDeadline({ clock, limitMs }: { clock: Clock; limitMs: number }): Policy {
  const relay = createSignalRelay();
  return (call, next) => {
    const { context } = call.request;
    const requestEnded = () => callError(call, 'DEADLINE_EXCEEDED', { reason: 'server.deadline' });
    const callEnded = () => callError(call, 'UPSTREAM_TIMEOUT', { reason: `deadline.call, ${limitMs} ms` });
    const parentAborted = () => {
      if (context.signal.reason instanceof UpstreamError) return context.signal.reason;
      return isRequestOver(call, clock) ? requestEnded() : callError(call, 'REQUEST_CANCELLED', {});
    };
    const endsAt = Math.min(context.deadlineAt, call.startedAt + limitMs);
    return runWithin(call, next, {
      clock,
      parent: relay(context.signal),
      parentAborted,
      endsAt,
      expired: endsAt === context.deadlineAt ? requestEnded : callEnded,
    });
  };
}

/** Ends one attempt at its limit, from connecting to the last byte decoded. */
export function attemptDeadline({ clock, limitMs }: { clock: Clock; limitMs: number }): Policy {
  return (call, next) => {
    const attemptEndsAt = clock.now() + limitMs;
    // When less than the limit is left, the call's own end comes first and says so better.
    if (attemptEndsAt >= call.endsAt) return next(call);
    return runWithin(call, next, {
      clock,
      parent: call.signal,
      parentAborted: () => call.signal.reason,
      endsAt: attemptEndsAt,
      expired: () => callError(call, 'UPSTREAM_TIMEOUT', { reason: `deadline.attempt, ${limitMs} ms` }),
    });
  };
}

interface Within {
  readonly clock: Clock;
  readonly parent: CallSignal;
  readonly parentAborted: () => unknown;
  readonly endsAt: number;
  readonly expired: () => UpstreamError;
}

async function runWithin(call: Call, next: Next, { clock, parent, parentAborted, endsAt, expired }: Within) {
  const link = linkSignal(parent, parentAborted);
  const leftMs = endsAt - clock.now();
  const stopTimer = clock.schedule(() => link.abort(expired()), leftMs);
  try {
    if (!link.signal.aborted && leftMs <= 0) link.abort(expired());
    link.signal.throwIfAborted();
    return await next({ ...call, signal: link.signal, endsAt });
  } finally {
    stopTimer();
    link.release();
  }
}

function isRequestOver({ request: { context } }: Call, clock: Clock): boolean {
  const reason: unknown = context.signal.reason;
  const timedOut = reason instanceof Error && reason.name === 'TimeoutError';
  return timedOut || clock.now() + toleranceMs >= context.deadlineAt;
}

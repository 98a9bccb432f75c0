/**
 * Tries again what may be tried again, a little later, and not too often: the rules of upstream.md, section 7, whose numbers
 * stand beside the code. Rule 7 (another instance) belongs to balancing.
 */
import type { ErrorCode } from '../../errors/catalogue.ts';
import { UpstreamError } from '../../errors/upstream-error.ts';
import type { Call, Next, Policy } from '../call.ts';
import { isCertificateError } from '../classify.ts';
import type { Clock, RandomSource } from '../clock.ts';
import { aboutCall } from '../events-of-call.ts';
import type { EmitUpstreamEvent } from '../events.ts';
import { isRepeatable } from '../repeatable.ts';
import { readRetryAfter } from '../retry-after.ts';
import type { UpstreamSettings } from '../settings.ts';
import type { UpstreamResponse } from '../upstream-call.ts';
import { RecentLatency } from './recent-latency.ts';
import { RetryBudget } from './retry-budget.ts';

export interface RetryOptions {
  readonly settings: UpstreamSettings['retry'];
  readonly clock: Clock;
  readonly random: RandomSource;
  readonly emit: EmitUpstreamEvent;
}

type Result =
  | { readonly kind: 'response'; readonly response: UpstreamResponse }
  | { readonly kind: 'error'; readonly error: unknown };

/** Rule 11: a bad body stays bad; these may have been bad luck. */
const passingCodes: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'UPSTREAM_UNREACHABLE',
  'UPSTREAM_TIMEOUT',
  'UPSTREAM_TRUNCATED',
]);

/** The policy for one service. */
export function retry({ settings, clock, random, emit }: RetryOptions): Policy {
  const budget = new RetryBudget(settings.budget, clock);
  const latency = new RecentLatency();

  const attemptOnce = async (call: Call, next: Next): Promise<Result> => {
    const startedAt = clock.now();
    try {
      const response = await next(call);
      latency.add(clock.now() - startedAt);
      return { kind: 'response', response };
    } catch (error) {
      return { kind: 'error', error };
    }
  };

  /** Rule 5: full jitter. Rule 6: what the service asks for, undefined when that is too long. */
  const waitBefore = (call: Call, result: Result): number | undefined => {
    const { baseMs, maxMs } = settings.backoff;
    const jitterMs = random() * Math.min(maxMs, baseMs * 2 ** call.attempt);
    const askedMs = result.kind === 'response' ? readRetryAfter(result.response, () => clock.wallTime()) : undefined;
    if (askedMs === undefined) return jitterMs;
    return askedMs > settings.retryAfterMaxMs ? undefined : Math.max(askedMs, jitterMs);
  };

  /** Rule 9: is there time for one more attempt that has a chance? */
  const hasTime = (call: Call, waitMs: number): boolean => {
    const startsAt = clock.now() + waitMs;
    if (settings.maxAgeMs !== null && startsAt - call.startedAt > settings.maxAgeMs) return false;
    return call.endsAt - startsAt > 1.2 * latency.medianMs;
  };

  const waitMsForNext = (call: Call, result: Result): number | undefined => {
    if (call.attempt >= settings.retries || (call.request.context.retryAttempt ?? 0) > 0) return undefined; // rules 1, 10
    if (call.signal.aborted || !isWorthRepeating(call, result, settings.statuses)) return undefined; // rules 9, 2 to 4, 11
    const waitMs = waitBefore(call, result);
    if (waitMs === undefined || !hasTime(call, waitMs)) return undefined;
    if (budget.takeRetry()) return waitMs;
    emit({ kind: 'budget-exhausted', ...aboutCall(call), attempt: call.attempt });
    return undefined;
  };

  return async (firstCall, next) => {
    budget.countCall();
    for (let attempt = 0; ; attempt++) {
      const call: Call = { ...firstCall, attempt, endsAt: firstCall.endsAt };
      const result = await attemptOnce(call, next);
      const waitMs = waitMsForNext({ ...call, endsAt: firstCall.endsAt }, result);
      if (waitMs === undefined) return settle(result);
      emit({ kind: 'retry-waiting', ...aboutCall(call), attempt, waitMs });
      await sleep(waitMs, call.signal, clock);
    }
  };
}

function isWorthRepeating(call: Call, result: Result, statuses: readonly number[]): boolean {
  if (result.kind === 'response') {
    const { response } = result;
    // 429 means that nothing was done, and only its Retry-After says when there is a point in asking again.
    const isAskedToWait = response.status === 429 && response.headers['retry-after'] !== undefined;
    return (statuses.includes(response.status) || isAskedToWait) && isRepeatable(call.request);
  }
  const { error } = result;
  if (!(error instanceof UpstreamError) || !error.retryable || isCertificateError(error.cause)) return false;
  return passingCodes.has(error.code) && error.reason !== 'shutting-down';
}

function settle(result: Result): UpstreamResponse {
  if (result.kind === 'error') throw result.error;
  return result.response;
}

/** Ends early, with the reason, when the signal aborts. */
function sleep(ms: number, signal: AbortSignal, clock: Clock): Promise<void> {
  return new Promise((resolve, reject) => {
    const done = () => {
      signal.removeEventListener('abort', abort);
      resolve();
    };
    const cancel = clock.schedule(done, ms);
    const abort = () => {
      cancel();
      reject(signal.reason as Error);
    };
    signal.addEventListener('abort', abort, { once: true });
  });
}

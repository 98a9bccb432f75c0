/**
 * Tries again what may be tried again, a little later, and not too often: the rules of upstream.md, section 7, whose numbers
 * stand beside the code. Rule 7 (another instance) belongs to balancing.
 */
import type { ErrorCode } from '../../errors/catalogue.ts';
import { UpstreamError } from '../../errors/upstream-error.ts';
import type { Call, Next, Policy } from '../call.ts';
import type { CallLimit } from '../call-limit.ts';
import { isCertificateError } from '../classify.ts';
import type { Clock, RandomSource } from '../clock.ts';
import { aboutCall } from '../events-of-call.ts';
import type { EmitUpstreamEvent } from '../events.ts';
import { isRepeatable } from '../repeatable.ts';
import { readRetryAfter } from '../retry-after.ts';
import type { UpstreamSettings } from '../settings.ts';
import type { UpstreamResponse } from '../upstream-call.ts';
import { RecentLatency } from './recent-latency.ts';
import type { RetryBudget } from './retry-budget.ts';

export interface RetryOptions {
  readonly settings: UpstreamSettings['retry'];
  readonly budget: RetryBudget;
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
export function retry({ settings, budget, clock, random, emit }: RetryOptions): Policy {
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

  /** Rule 4. 429 says that nothing was done; only its Retry-After says when there is a point in asking again. */
  const isPassingStatus = (status: number, askedMs: number | undefined): boolean =>
    status === 429 ? askedMs !== undefined : settings.statuses.includes(status);

  /** Rule 5: full jitter. Rule 6: what the service asks for, undefined when that is too long. */
  const waitBefore = (call: Call, askedMs: number | undefined): number | undefined => {
    const { baseMs, maxMs } = settings.backoff;
    const jitterMs = random() * Math.min(maxMs, baseMs * 2 ** call.attempt);
    if (askedMs === undefined) return jitterMs;
    return askedMs > settings.retryAfterMaxMs ? undefined : Math.max(askedMs, jitterMs);
  };

  /** Rule 9: is there time for one more attempt that has a chance? */
  const hasTime = (call: Call, waitMs: number): boolean => {
    const startsAt = clock.now() + waitMs;
    if (settings.maxAgeMs !== null && startsAt - call.startedAt > settings.maxAgeMs) return false;
    return call.limit.endsAt - startsAt > 1.2 * latency.medianMs;
  };

  /** Nearly every answer: nothing about it asks for another attempt. */
  const isPlain = (result: Result): boolean =>
    result.kind === 'response' && result.response.status !== 429 && !settings.statuses.includes(result.response.status);

  const waitMsForNext = (call: Call, result: Result): number | undefined => {
    if (call.attempt >= settings.retries || (call.request.context.retryAttempt ?? 0) > 0) return undefined; // rules 1, 10
    const askedMs = result.kind === 'response' ? readRetryAfter(result.response, () => clock.wallTime()) : undefined;
    const isWorthIt =
      result.kind === 'response'
        ? isPassingStatus(result.response.status, askedMs) && isRepeatable(call.request)
        : isPassingError(result.error, call);
    if (call.limit.aborted || !isWorthIt || call.progress.mayRepeat?.() === false) return undefined; // rules 9, 2 to 4, 11
    const waitMs = waitBefore(call, askedMs);
    if (waitMs === undefined || !hasTime(call, waitMs)) return undefined;
    if (budget.takeRetry()) return waitMs;
    emit({ kind: 'budget-exhausted', ...aboutCall(call), attempt: call.attempt });
    return undefined;
  };

  return async (firstCall, next) => {
    budget.countCall();
    for (let attempt = 0; ; attempt++) {
      const call: Call = attempt === 0 ? firstCall : { ...firstCall, attempt };
      const result = await attemptOnce(call, next);
      if (isPlain(result)) return settle(result);
      const waitMs = waitMsForNext(call, result);
      if (waitMs === undefined) return settle(result);
      emit({ kind: 'retry-waiting', ...aboutCall(call), attempt, waitMs });
      await sleep(waitMs, call.limit, clock);
    }
  };
}

/** Rules 2, 3 and 11: `retryable` says that the request never left, or may be repeated. */
function isPassingError(error: unknown, { progress }: Call): boolean {
  if (!(error instanceof UpstreamError) || !error.retryable) return false;
  if (isCertificateError(error.cause)) {
    // One more, and only where another instance may have another certificate.
    const isFirst = !progress.hadWrongCertificate;
    progress.hadWrongCertificate = true;
    return isFirst && progress.hasUntried;
  }
  return passingCodes.has(error.code) && error.reason !== 'shutting-down';
}

function settle(result: Result): UpstreamResponse {
  if (result.kind === 'error') throw result.error;
  return result.response;
}

/** Ends early, with the reason, when the limit aborts. */
function sleep(ms: number, limit: CallLimit, clock: Clock): Promise<void> {
  return new Promise((resolve, reject) => {
    const listener = {
      onAbort() {
        cancel();
        reject(limit.reason as Error);
      },
    };
    const cancel = clock.schedule(() => {
      limit.removeListener(listener);
      resolve();
    }, ms);
    limit.addListener(listener);
  });
}

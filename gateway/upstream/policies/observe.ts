/** Tells the start and the end of a call, and of each attempt (upstream.md, section 12). Changes nothing. */
import { UpstreamError } from '../../errors/upstream-error.ts';
import { nameOf } from '../balancing/member.ts';
import type { Call, Policy } from '../call.ts';
import { outcomeOfError, outcomeOfResponse } from '../classify.ts';
import type { Clock } from '../clock.ts';
import { aboutCall } from '../events-of-call.ts';
import type { EmitUpstreamEvent } from '../events.ts';
import type { UpstreamResponse } from '../upstream-call.ts';

interface ObserveOptions {
  readonly clock: Clock;
  readonly emit: EmitUpstreamEvent;
  readonly failureStatuses: readonly number[];
}

const endOfResponse = (response: UpstreamResponse, failureStatuses: readonly number[]) => ({
  outcome: outcomeOfResponse(response, failureStatuses),
  status: response.status,
});

function endOfError(error: unknown) {
  const outcome = outcomeOfError(error);
  if (!(error instanceof UpstreamError)) return { outcome };
  const { code, status, reason } = error;
  return { outcome, code, ...(status === undefined ? {} : { status }), ...(reason === undefined ? {} : { reason }) };
}

type End = ReturnType<typeof endOfResponse> | ReturnType<typeof endOfError>;

const observe =
  (
    { clock, failureStatuses }: ObserveOptions,
    started: (call: Call) => void,
    ended: (call: Call, durationMs: number, end: End) => void,
  ): Policy =>
  async (call, next) => {
    const startedAt = clock.now();
    started(call);
    try {
      const response = await next(call);
      ended(call, clock.now() - startedAt, endOfResponse(response, failureStatuses));
      return response;
    } catch (error) {
      ended(call, clock.now() - startedAt, endOfError(error));
      throw error;
    }
  };

export const observeCall = (options: ObserveOptions): Policy =>
  observe(
    options,
    (call) => options.emit({ kind: 'call-started', ...aboutCall(call) }),
    (call, durationMs, end) => options.emit({ kind: 'call-ended', ...aboutCall(call), durationMs, ...end }),
  );

const aboutAttempt = ({ attempt, instance }: Call) => ({
  attempt,
  ...(instance === undefined ? {} : { instance: nameOf(instance) }),
});

export const observeAttempt = (options: ObserveOptions): Policy =>
  observe(
    options,
    (call) => options.emit({ kind: 'attempt-started', ...aboutCall(call), ...aboutAttempt(call) }),
    (call, durationMs, end) =>
      options.emit({ kind: 'attempt-ended', ...aboutCall(call), ...aboutAttempt(call), durationMs, ...end }),
  );

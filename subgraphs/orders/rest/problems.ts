/** What goes wrong with orders, as problem documents. */
import { UpstreamError } from 'tributary-gateway/upstream';
import { ProblemError, type ProblemOptions } from '../../chassis/problem.ts';
import { KeyInUse, KeyReused } from '../application/orders.ts';
import { PlacingInterrupted, type Placement } from '../application/placement.ts';
import { describeRefusal, StepNotAllowed } from '../domain/order.ts';
import { InvalidOrder } from '../domain/order-input.ts';
import { InvalidPeriod } from '../domain/sales-report.ts';
import { OrderTakenOver } from '../store/orders-store.ts';

/** Runs `work`; an error of domain or application becomes a problem, any other stays what it is. */
export async function withProblems<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw toProblem(error) ?? error;
  }
}

function toProblem(error: unknown): ProblemError | undefined {
  if (error instanceof InvalidOrder || error instanceof InvalidPeriod) {
    return new ProblemError(422, 'validation', 'Invalid input', { detail: error.message, errors: error.faults });
  }
  if (error instanceof StepNotAllowed) {
    const type = error.step === 'cancel' ? 'not-cancellable' : 'not-shippable';
    const title = error.step === 'cancel' ? 'Not cancellable' : 'Not shippable';
    return new ProblemError(409, type, title, { detail: error.message, extensions: { orderStatus: error.status } });
  }
  if (error instanceof KeyReused) {
    return new ProblemError(422, 'idempotency-key-reused', 'Idempotency key reused', {
      detail: error.message,
      errors: [{ header: 'idempotency-key', detail: error.message }],
    });
  }
  if (error instanceof KeyInUse) {
    const options = { detail: error.message, headers: { 'retry-after': '1' } };
    return new ProblemError(409, 'request-in-progress', 'Request in progress', options);
  }
  if (error instanceof PlacingInterrupted || error instanceof OrderTakenOver) {
    return new ProblemError(503, 'interrupted', 'Interrupted', {
      detail: 'Placing the order was interrupted: try it again',
      headers: { 'retry-after': '1' },
    });
  }
  return error instanceof UpstreamError ? toServiceProblem(error) : undefined;
}

/** Says which service, never where it is or what it answered. */
function toServiceProblem(error: UpstreamError): ProblemError {
  const seconds = Math.max(1, Math.ceil((error.retryAfterMs ?? 1_000) / 1_000));
  const options = { detail: error.message, headers: { 'retry-after': String(seconds) } };
  switch (error.code) {
    case 'UPSTREAM_TIMEOUT':
    case 'DEADLINE_EXCEEDED':
      return new ProblemError(504, 'service-timeout', 'A service did not answer in time', options);
    case 'CIRCUIT_OPEN':
    case 'UPSTREAM_SATURATED':
    case 'OVERLOADED':
      return new ProblemError(503, 'service-unavailable', 'A service is not available', options);
    default:
      return new ProblemError(502, 'service-unreachable', 'A service cannot be reached', options);
  }
}

/** A refused order is an answer, too, and given again like one. */
export function toRefusalProblem(
  { refusal, orderId }: Extract<Placement, { kind: 'refused' }>,
  headers: Readonly<Record<string, string>>,
): ProblemError {
  const order = orderId === null ? {} : { order: { id: orderId } };
  const make = (status: number, type: string, title: string, options: ProblemOptions): ProblemError =>
    new ProblemError(status, type, title, { ...options, headers });
  switch (refusal.reason) {
    case 'out-of-stock': {
      const { bookId, available } = refusal;
      const detail = describeRefusal(refusal);
      return make(409, 'out-of-stock', 'Out of stock', { detail, extensions: { bookId, available, ...order } });
    }
    case 'authorization-refused': {
      const { reasons } = refusal;
      const detail = describeRefusal(refusal);
      return make(402, 'authorization-refused', 'Not authorized', { detail, extensions: { reasons, ...order } });
    }
    case 'unknown-book': {
      const { bookId, line } = refusal;
      const detail = `"${bookId}" is not in the catalog`;
      const errors = [{ pointer: `/lines/${line}/bookId`, detail }];
      return make(422, 'unknown-book', 'Unknown book', { detail, errors, extensions: { bookId } });
    }
  }
}

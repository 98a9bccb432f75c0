/**
 * A write with `@async` and no rule (facade.md 2.2): answered by the address of an operation, worked on afterwards, and told to
 * the client's own address when it named one. What the write makes in the end is decided as if the client had waited.
 */
import { readCallback, deliverWebhook } from './background/webhook.ts';
import type { Operation } from './background/operation.ts';
import type { FacadeRequest, FacadeResponse } from './contract.ts';
import type { HandlerOptions } from './handler-options.ts';
import { decide } from './response/decide.ts';
import { describeOperation, readProgress } from './response/decide-operation.ts';
import type { Refusal } from './response/refusal.ts';
import type { Facts, Outcome, RouteRequest } from './response/route-request.ts';
import type { Route } from './routes/route.ts';

export interface BackgroundWrite {
  readonly options: HandlerOptions;
  readonly request: FacadeRequest;
  readonly route: Route;
  readonly routeRequest: RouteRequest;
  readonly facts: Facts;
  /** Does the write, for a request that ends by another signal than the one that was sent. */
  readonly perform: (request: FacadeRequest) => Promise<Outcome>;
}

/** Kept back of the deadline, to answer in. */
const RESERVE_MS = 500;
const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 1_000;

const refused = (refusal: Refusal): Outcome => ({ state: 'refused', refusal });

const stopped: Refusal = {
  row: 'S13',
  problem: 'outcome-unknown',
  detail: 'The gateway stopped while this was being worked on',
};

/** The operation as it stands when it is time to answer: at once, or after `Prefer: wait`. */
export async function runInBackground(write: BackgroundWrite): Promise<Outcome> {
  const { options, request, route, routeRequest, facts } = write;
  const { background, webhooks, onFault, monotonicNow } = options;
  const callback = readCallback(request.headers, webhooks);
  if (typeof callback === 'object') return refused(callback);
  // Whoever reads the operation negotiates for himself; what the write made is kept as JSON.
  const plain: RouteRequest = {
    ...routeRequest,
    mediaType: 'application/json',
    contentType: 'application/json',
    prefer: { isLenient: routeRequest.prefer.isLenient, isMinimal: false },
  };
  try {
    const started = await background.start(route.operation, async ({ signal, wasStopped }): Promise<FacadeResponse> => {
      const deadlineAt = monotonicNow() + options.backgroundDeadlineMs;
      const outcome = await write.perform({ ...request, signal, deadlineAt });
      return decide(route, plain, wasStopped() ? refused(stopped) : outcome, facts);
    });
    if (!started) {
      const detail = 'Nothing was begun: as many operations are under way as may be';
      return refused({ row: 'P8', problem: 'overloaded', detail, headers: { 'retry-after': '1' } });
    }
    const told = callback === undefined ? started.done : started.done.then((ended) => tell(write, ended, callback));
    request.waitUntil?.(told);
    const operation = await endOr(started.operation, started.done, write);
    return { state: 'operation', operation, isStart: true };
  } catch (error) {
    onFault(error, request.requestId);
    const detail = 'Nothing was begun: the operation could not be written down';
    return refused({ row: 'P25', problem: 'operations-unavailable', detail, headers: { 'retry-after': '1' } });
  }
}

/** What has ended by the time to answer. */
async function endOr(
  operation: Operation,
  done: Promise<Operation>,
  { options, request, routeRequest }: Omit<BackgroundWrite, 'perform' | 'route' | 'facts'>,
): Promise<Operation> {
  const waitMs = waitMsOf(options, request, routeRequest);
  if (waitMs <= 0) return operation;
  const answered = new AbortController();
  const time = options.sleep(waitMs, AbortSignal.any([request.signal, answered.signal])).then(() => operation);
  return Promise.race([done, time]).finally(() => answered.abort());
}

/** How long `Prefer: wait` allows to wait, within the deadline of the request. */
function waitMsOf({ monotonicNow }: HandlerOptions, request: FacadeRequest, { prefer }: RouteRequest): number {
  if (prefer.waitSeconds === undefined) return 0;
  return Math.min(prefer.waitSeconds * 1_000, request.deadlineAt - RESERVE_MS - monotonicNow());
}

async function tell({ options, facts }: BackgroundWrite, operation: Operation, url: string): Promise<void> {
  const { webhooks, now, sleep, stopping } = options;
  if (!webhooks || !operation.ended) return;
  const progress = readProgress(operation, { ...facts, now: now() });
  const type = progress.status === 'SUCCEEDED' ? 'operation.succeeded' : 'operation.failed';
  const data = describeOperation(operation, progress);
  const event = { id: `msg_${operation.id}`, url, type, at: operation.ended.at, data };
  await deliverWebhook(event, { ...webhooks, now, sleep, signal: stopping });
}

/** `GET /operations/{id}`: with `Prefer: wait`, once it has ended; whichever gateway works on it. */
export async function readOperation(
  id: string,
  { options, request, routeRequest }: Pick<BackgroundWrite, 'options' | 'request' | 'routeRequest'>,
): Promise<Outcome> {
  const { background, sleep, monotonicNow, onFault } = options;
  try {
    const until = monotonicNow() + waitMsOf(options, request, routeRequest);
    for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS)) {
      const operation = await background.find(id);
      if (!operation)
        return refused({ row: 'S2', problem: 'not-found', detail: 'There is no operation under this address' });
      const leftMs = until - monotonicNow();
      const isOver = operation.ended !== undefined || operation.leaseUntil <= options.now();
      if (isOver || leftMs <= 0 || request.signal.aborted) return { state: 'operation', operation, isStart: false };
      await sleep(Math.min(pauseMs, leftMs), request.signal);
    }
  } catch (error) {
    onFault(error, request.requestId);
    const detail = 'Operations cannot be looked up';
    return refused({ row: 'S13', problem: 'operations-unavailable', detail, headers: { 'retry-after': '1' } });
  }
}

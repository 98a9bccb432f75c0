/**
 * `Prefer: wait=n` where the answer is a job (S12; RFC 7240, 4.3): looks at the job until it has ended, for n seconds at
 * most and never past the deadline of the request. The answer is then that of the job's own address.
 */
import type { FacadeRequest, FacadeResult } from './contract.ts';
import type { HandlerOptions } from './handler-options.ts';
import { locate } from './response/locate.ts';
import { findRoute, jobParameters, readJob } from './response/read-job.ts';
import type { Outcome, RouteRequest } from './response/route-request.ts';
import type { Route } from './routes/route.ts';
import { fillTemplate } from './routes/route-template.ts';
import { readText } from './routes/text-value.ts';
import { runOperation } from './run-operation.ts';

const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 1_000;
/** Kept back of the deadline, to answer in. */
const RESERVE_MS = 500;

export interface JobRequest {
  readonly options: HandlerOptions;
  readonly request: FacadeRequest;
  readonly route: Route;
  readonly routeRequest: RouteRequest;
  readonly outcome: Outcome;
}

export type JobAnswer = Pick<JobRequest, 'route' | 'routeRequest' | 'outcome'>;

/** The job in an answer while it is running; undefined for anything else. */
function runningJob(route: Route, result: FacadeResult) {
  const located = locate(route, result);
  if (!route.job || located.state !== 'found' || (result.errors ?? []).length > 0) return undefined;
  return readJob(route.job, located.raw).state === 'running' ? located.raw : undefined;
}

/** What is read of the job instead of starting it: without a body and without preconditions. */
function requestOf({ routeRequest }: JobRequest, job: Route, parameters: readonly string[]): RouteRequest {
  return {
    ...routeRequest,
    method: 'GET',
    path: fillTemplate(job.segments, parameters),
    parameters,
    query: '',
    ifMatch: { kind: 'absent' },
    ifNoneMatch: { kind: 'absent' },
  };
}

/** The job once it has ended; undefined when there is nothing to wait for, or it has not ended in time. */
export async function waitForJob(whole: JobRequest): Promise<JobAnswer | undefined> {
  const { options, request, route, routeRequest, outcome } = whole;
  const { waitSeconds } = routeRequest.prefer;
  if (waitSeconds === undefined || !route.job || outcome.state !== 'executed') return undefined;
  const started = runningJob(route, outcome.result);
  const job = findRoute(route, route.job.job);
  const parameters = started !== undefined && job ? jobParameters(route, job, started) : undefined;
  if (!job || !parameters) return undefined;

  const variables: Record<string, unknown> = {};
  for (const [i, name] of job.segments.flatMap((one) => (one.kind === 'parameter' ? [one.name] : [])).entries()) {
    const binding = job.bindings.find(({ from, name: bound }) => from === 'path' && bound === name);
    const value = binding && readText(binding.type, parameters[i]);
    if (binding && value?.ok) variables[binding.variable] = value.value;
  }
  const { document, operation: operationName } = job;
  const { sleep, monotonicNow } = options;
  const until = Math.min(monotonicNow() + waitSeconds * 1_000, request.deadlineAt - RESERVE_MS);
  for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS)) {
    const leftMs = until - monotonicNow();
    if (leftMs <= 0 || request.signal.aborted) return undefined;
    await sleep(Math.min(pauseMs, leftMs), request.signal);
    const result = await runOperation(options, { document, operationName, variables, request });
    // A look that fails says nothing about the job: it was started, and that is the answer.
    if (locate(job, result).state !== 'found' || (result.errors ?? []).length > 0) return undefined;
    if (runningJob(job, result) === undefined) {
      const ended = { route: job, outcome: { state: 'executed', result } } as const;
      return route === job ? { ...ended, routeRequest } : { ...ended, routeRequest: requestOf(whole, job, parameters) };
    }
  }
}

/** What a job of a service says: how far it is, and where what it made can be read (facade.md 3.3, S12 and S13). */
import type { Json } from '../contract.ts';
import { hrefOf } from '../media/hrefs.ts';
import type { JobRule, Route } from '../routes/route.ts';
import { hiddenValue, isObject, leafText } from './locate.ts';
import type { Facts, RouteRequest } from './route-request.ts';

export type JobState =
  | { readonly state: 'running' }
  /** `resultId` is missing where the rule names no result, or the job does not say which it is. */
  | { readonly state: 'done'; readonly resultId?: string }
  | { readonly state: 'failed'; readonly error?: string };

/** A state that no list has counts as a failure, unless the rule lists the failures. */
export function readJob(rule: JobRule, raw: Json): JobState {
  const name = leafText(rule.state.apply(raw)) ?? '';
  if (rule.done.includes(name)) {
    const resultId = leafText(rule.resultId?.apply(raw));
    return { state: 'done', ...(resultId === undefined || resultId === '' ? {} : { resultId }) };
  }
  const hasFailed = rule.failed ? rule.failed.includes(name) : !rule.running.includes(name);
  if (!hasFailed) return { state: 'running' };
  const error = leafText(rule.error?.apply(raw));
  return { state: 'failed', ...(error === undefined || error === '' ? {} : { error }) };
}

/** The path parameters of the job, from what an answer says of it: its key, or members of the same names. */
export function jobParameters(route: Route, job: Route, raw: Json): string[] | undefined {
  const names = job.segments.flatMap((segment) => (segment.kind === 'parameter' ? [segment.name] : []));
  const values = names.map((name) =>
    leafText(hiddenValue(route, raw, name) ?? (isObject(raw) ? raw[name] : undefined)),
  );
  return values.every((value) => value !== undefined && value !== '') ? (values as string[]) : undefined;
}

export const findRoute = (route: Route, operation: string | undefined): Route | undefined =>
  route.family.routes.find((other) => other.operation === operation);

/** Where the job is read. */
export function jobHref(route: Route, request: RouteRequest, facts: Facts, raw: Json): string | undefined {
  const job = findRoute(route, route.job?.job);
  const values = job && jobParameters(route, job, raw);
  return job && values && hrefOf(facts, request.prefix, job.segments, values);
}

/** Where the result of a job that is done is read. */
export function resultHref(route: Route, request: RouteRequest, facts: Facts, resultId: string): string | undefined {
  const target = findRoute(route, route.job?.result);
  return target && hrefOf(facts, request.prefix, target.segments, [resultId]);
}

/**
 * The decision table (facade.md, section 3): one pure function that turns how far a request came, and what its operation
 * answered, into status, headers and body. Nothing else in the facade chooses a status.
 */
import type { FacadeResponse } from '../contract.ts';
import { lifecycleLinks } from '../media/lifecycle-links.ts';
import { printLinks } from '../media/link.ts';
import { lifecycleHeaders } from '../routes/lifecycle.ts';
import type { Route } from '../routes/route.ts';
import { classifyError } from './classify-error.ts';
import { decideFailure, decideRefusal } from './decide-failure.ts';
import { decideOperation } from './decide-operation.ts';
import { decideSuccess, decideUnmodified } from './decide-success.ts';
import { isCollection, locate } from './locate.ts';
import type { Facts, Outcome, RouteRequest } from './route-request.ts';
import { isTolerated, isWriteDone } from './tolerate.ts';

function decideExecuted(
  route: Route,
  request: RouteRequest,
  outcome: Extract<Outcome, { state: 'executed' }>,
  facts: Facts,
): FacadeResponse {
  const { result } = outcome;
  const located = locate(route, result);
  const rootValue = result.data?.[route.resultPath[0]!];
  const hasRoot = rootValue !== null && rootValue !== undefined;
  const errors = (result.errors ?? [])
    .map((error) => classifyError(error, route, facts))
    .filter((error) => !(error.isSilent && located.state === 'found'));
  const tolerance = { hasResult: located.state === 'found', hasRoot, isLenient: request.prefer.isLenient };
  // A silent error that took the result with it says why there is nothing: then it is one like any other.
  const fatal = errors.filter((error) => !isTolerated(route, error, tolerance));
  const isEmptyCollection = located.state === 'null' && isCollection(route) && errors.length === 0;
  if (fatal.length > 0) return decideFailure(route, request, fatal, facts);
  const isDone = errors.some((error) => isWriteDone(route, error, hasRoot));
  return decideSuccess({
    route,
    request,
    facts,
    located,
    tolerated: errors,
    isDone,
    isEmptyCollection,
    freshness: result.freshness,
  });
}

function withoutBody(response: FacadeResponse): FacadeResponse {
  if (response.body === undefined) return response;
  const length = String(Buffer.byteLength(response.body));
  return { ...response, headers: { ...response.headers, 'content-length': length }, body: undefined };
}

function decideAny(route: Route | undefined, request: RouteRequest, outcome: Outcome, facts: Facts): FacadeResponse {
  switch (outcome.state) {
    case 'refused':
      return decideRefusal(route, request, outcome.refusal, facts);
    case 'options':
      return {
        status: 204,
        headers: {
          allow: outcome.allow.join(', '),
          ...(outcome.acceptPatch === undefined ? {} : { 'accept-patch': outcome.acceptPatch }),
          ...(outcome.acceptPost === undefined ? {} : { 'accept-post': outcome.acceptPost }),
        },
        body: undefined,
      };
    case 'unchanged':
      return { status: 204, headers: { 'cache-control': 'no-cache' }, body: undefined };
    case 'replayed':
      return { ...outcome.answer, headers: { ...outcome.answer.headers, 'idempotency-replayed': 'true' } };
    case 'operation':
      return decideOperation(request, outcome, facts);
    case 'unmodified':
      if (!route) throw new TypeError('Nothing is asked without a route');
      return decideUnmodified({ route, request, facts, etag: outcome.etag, freshness: outcome.freshness });
    case 'executed':
      if (!route) throw new TypeError('Nothing is executed without a route');
      return decideExecuted(route, request, outcome, facts);
  }
}

/** The answer. `route` is undefined only where none was found. */
export function decide(
  route: Route | undefined,
  request: RouteRequest,
  outcome: Outcome,
  facts: Facts,
): FacadeResponse {
  const response = decideAny(route, request, outcome, facts);
  const headers: FacadeResponse['headers'] = {
    ...(route ? lifecycleHeaders(route.lifecycle) : {}),
    ...response.headers,
  };
  const links = route ? lifecycleLinks(route, request, facts) : [];
  if (headers['link'] === undefined && links.length > 0) headers['link'] = printLinks(links);
  if (request.hasRange) headers['accept-ranges'] = 'none';
  const answer = { ...response, headers };
  return request.method === 'HEAD' ? withoutBody(answer) : answer;
}

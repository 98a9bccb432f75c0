/** The answers that are problems: refusals before execution (P rows), and errors that are not tolerated (E rows). */
import type { FacadeResponse } from '../contract.ts';
import { hrefOfRequest, ownHref } from '../media/hrefs.ts';
import { successorHref } from '../media/lifecycle-links.ts';
import { printLinks } from '../media/link.ts';
import type { Route } from '../routes/route.ts';
import { buildNegativeCacheControl } from './cache-control.ts';
import type { ClassifiedError } from './classify-error.ts';
import { problemBody, type Problem, type ProblemItem } from './problem.ts';
import { codeOfName, findProblemType, problemTypes, titleOfName, type ProblemName } from './problem-types.ts';
import type { Refusal } from './refusal.ts';
import type { Facts, RouteRequest } from './route-request.ts';
import { pickWinner } from './tolerate.ts';

/** The URI of a problem type: a page that can be read. */
export const problemUri = (name: string, facts: Pick<Facts, 'basePath' | 'publicUrl'>): string =>
  name === 'about:blank' ? name : (findProblemType(name)?.uri ?? ownHref(facts, `/problems/${name}`));

export interface ProblemAnswer {
  readonly problem: Problem;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A problem as an answer, with the cache headers of errors. */
export function answerProblem(
  { problem, headers }: ProblemAnswer,
  route: Route | undefined,
  facts: Facts,
): FacadeResponse {
  const isNegative = problem.status === 404 || problem.status === 410;
  const seconds = isNegative && route && !route.isMutation ? (route.cache.negativeTtl ?? facts.negativeTtl) : 0;
  return {
    status: problem.status,
    headers: {
      'content-type': 'application/problem+json',
      'cache-control': buildNegativeCacheControl(seconds),
      ...headers,
    },
    body: JSON.stringify(problemBody(problem, facts.requestId)),
  };
}

/** A problem of the table. */
export function tableProblem(
  name: ProblemName,
  detail: string,
  facts: Facts,
  errors?: readonly ProblemItem[],
): Problem {
  const type = problemTypes[name];
  return {
    type: problemUri(name, facts),
    title: type.title,
    status: name === 'validation' ? facts.validationStatus : type.status,
    detail,
    code: 'code' in type ? type.code : codeOfName(name),
    ...(errors ? { errors } : {}),
  };
}

/** A problem of an outcome the documents declare. */
export function outcomeProblem(
  name: string,
  status: number,
  detail: string,
  members: Problem['members'],
  facts: Facts,
): Problem {
  return {
    type: problemUri(name, facts),
    title: findProblemType(name)?.title ?? titleOfName(name),
    status,
    detail,
    code: codeOfName(name),
    ...(members ? { members } : {}),
  };
}

/** Headers that a refusal always has, beside its own. */
function refusalHeaders(request: RouteRequest, refusal: Refusal, facts: Facts): Record<string, string> {
  switch (refusal.problem) {
    case 'not-acceptable':
      return { vary: 'Accept' };
    case 'precondition-required':
      return { link: printLinks([{ rel: 'self', href: hrefOfRequest(facts, request, '') }]) };
    case 'idempotency-key-missing':
      return { link: printLinks([{ rel: 'describedby', href: problemUri(refusal.problem, facts) }]) };
    default:
      return {};
  }
}

/** P rows. */
export function decideRefusal(
  route: Route | undefined,
  request: RouteRequest,
  refusal: Refusal,
  facts: Facts,
): FacadeResponse {
  const problem = tableProblem(refusal.problem, refusal.detail, facts, refusal.errors);
  const headers = { ...refusalHeaders(request, refusal, facts), ...refusal.headers };
  const successor = route && problem.status === 410 ? successorHref(route, request, facts) : undefined;
  const members = successor === undefined ? {} : { members: { successor } };
  return answerProblem({ problem: { ...problem, ...members }, headers }, route, facts);
}

/** A problem from an error; the other errors are listed with it. */
export function problemOfError(error: ClassifiedError, facts: Facts, others: readonly ClassifiedError[] = []): Problem {
  const items: ProblemItem[] = [
    ...error.items,
    ...others.map(({ status, code, detail, path }) => ({
      pointer: path.map((part) => `/${part}`).join(''),
      detail,
      code,
      status,
    })),
  ];
  return {
    type: problemUri(error.problem, facts),
    title: error.title,
    status: error.status,
    detail: error.detail,
    code: error.code,
    ...(items.length > 0 ? { errors: items } : {}),
    ...(error.service !== undefined && error.status >= 500 ? { members: { service: error.service } } : {}),
  };
}

/** Seconds to wait: what is known, rounded up, else one. */
const retryAfter = ({ retryAfterMs }: ClassifiedError): string =>
  String(Math.max(1, Math.ceil((retryAfterMs ?? 0) / 1000)));

function errorHeaders(error: ClassifiedError, route: Route): Record<string, string> {
  if (error.status === 401) return { 'www-authenticate': 'Bearer' };
  const isRepeatable = route.method !== 'POST' || !route.isMutation;
  // A service that says when to come back is believed, whatever the status.
  if (error.status === 409 && error.retryAfterMs !== undefined) return { 'retry-after': retryAfter(error) };
  if (error.status === 429 || error.status === 503 || (error.status === 504 && isRepeatable)) {
    return { 'retry-after': retryAfter(error) };
  }
  return {};
}

/** E rows: one status wins, the others are listed. */
export function decideFailure(
  route: Route,
  request: RouteRequest,
  errors: readonly ClassifiedError[],
  facts: Facts,
): FacadeResponse {
  const winner = pickWinner(errors, route.isMutation);
  // If-Match: * asks for anything to be there; nothing is.
  if (winner.status === 404 && request.ifMatch.kind === 'any' && route.isMutation) {
    const problem = tableProblem('precondition-failed', 'If-Match is "*", and nothing is there', facts);
    return answerProblem({ problem }, route, facts);
  }
  const others = errors.filter((error) => error !== winner);
  const problem = problemOfError(winner, facts, others);
  return answerProblem({ problem, headers: { ...winner.headers, ...errorHeaders(winner, route) } }, route, facts);
}

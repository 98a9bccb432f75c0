/** The answers of an operation that went well, wholly or in part (S rows, M1, and 3.4 step 3). */
import type { FacadeResponse, Json, UpstreamFreshness } from '../contract.ts';
import { buildTemplates } from '../media/hal-forms.ts';
import { renderHal } from '../media/hal.ts';
import { hrefOfRequest, ownHref } from '../media/hrefs.ts';
import { printLinks, type Link } from '../media/link.ts';
import { compactRels } from '../media/curies.ts';
import { deriveLinks, itemHref, profileHref } from '../media/links.ts';
import { fillLocation } from '../routes/location-template.ts';
import type { JobRule, OutcomeRule, Route } from '../routes/route.ts';
import { cacheHeaders } from './cache-control.ts';
import { mergePolicies } from './cache-policy.ts';
import type { ClassifiedError } from './classify-error.ts';
import { answerProblem, outcomeProblem, problemOfError, tableProblem } from './decide-failure.ts';
import { tagHeaders } from './entity-tags.ts';
import { buildEtag, isMatched, isUnmodified } from './etag.ts';
import { emptyOf, hiddenValue, isCollection, isObject, leafText, type Located } from './locate.ts';
import { problemBody } from './problem.ts';
import type { ProblemName } from './problem-types.ts';
import { jobHref, readJob, resultHref } from './read-job.ts';
import type { Facts, RouteRequest } from './route-request.ts';

export interface SuccessInput {
  readonly route: Route;
  readonly request: RouteRequest;
  readonly facts: Facts;
  readonly located: Located;
  readonly tolerated: readonly ClassifiedError[];
  /** The write was done, whatever became of its answer (M1, O5). */
  readonly isDone: boolean;
  readonly isEmptyCollection: boolean;
  readonly freshness: UpstreamFreshness | undefined;
}

const refuse = ({ route, facts }: SuccessInput, name: ProblemName, detail: string): FacadeResponse =>
  answerProblem({ problem: tableProblem(name, detail, facts) }, route, facts);

/** What lies at an ancestor, in words: `book` of `/books/1/reviews`. */
const missing = (name: string): string => `There is no ${name} under this address`;

/** S2, S4, S10, S11: nothing is there. */
function decideNothing(input: SuccessInput): FacadeResponse {
  const { route, request, located } = input;
  if (located.state === 'no-data')
    return refuse(input, 'upstream-invalid', 'A service gave an answer that cannot be used');
  if (route.creates) return refuse(input, 'mutation-returned-nothing', 'A service did not say what it created');
  if (route.isMutation && request.ifMatch.kind === 'any') {
    return refuse(input, 'precondition-failed', 'If-Match is "*", and nothing is there');
  }
  const name =
    located.state === 'ancestor-null'
      ? located.ancestor
      : (route.successType?.toLowerCase() ?? route.resultPath.at(-1)!);
  return refuse(
    input,
    'not-found',
    route.isMutation && !route.result.selection ? 'Nothing is there under this address' : missing(name),
  );
}

/** Partial answers carry their problems, with pointers into the representation. */
function addProblems(value: Json, input: SuccessInput): Json {
  const { tolerated, facts, route } = input;
  if (tolerated.length === 0 || Array.isArray(value)) return value;
  const depth = route.resultPath.length;
  const problems = tolerated.map((error) => {
    const {
      instance: _instance,
      traceId: _traceId,
      ...body
    } = problemBody(problemOfError(error, facts), facts.requestId);
    const isBelow = route.resultPath.every((key, i) => error.path[i] === key);
    const path = isBelow ? error.path.slice(depth) : error.path;
    return { ...body, pointer: path.map((part) => `/${part}`).join('') };
  });
  return { ...(isObject(value) ? value : value === null ? {} : { value }), _problems: problems };
}

/** Members of the facade's own, beside those of a job. */
const addJobProblem = (value: Json, job: JobAnswer | undefined): Json =>
  job?.problem !== undefined && isObject(value) ? { ...value, _problem: job.problem } : value;

/** Was leniency used, so that it has to be said (O13)? */
function appliedPreferences({ route, request, facts, tolerated }: SuccessInput, isMinimal: boolean): string[] {
  const isLenientUsed =
    facts.ignoredParameters || (tolerated.length > 0 && request.prefer.isLenient && route.partial === 'ON_REQUEST');
  const { isAsync = false, waitSeconds } = request.prefer;
  return [
    ...(isMinimal ? ['return=minimal'] : []),
    ...(isLenientUsed ? ['handling=lenient'] : []),
    ...(route.job && route.isMutation && isAsync ? ['respond-async'] : []),
    ...(route.job && waitSeconds !== undefined ? [`wait=${waitSeconds}`] : []),
  ];
}

const varyOf = (route: Route, facts: Facts): string => {
  const isPreferHonoured =
    route.job !== undefined || route.method === 'PUT' || route.method === 'PATCH' || route.partial === 'ON_REQUEST';
  return ['Accept', ...(isPreferHonoured ? ['Prefer'] : []), ...facts.varyHeaders].join(', ');
};

/** S14, S6, S8: a member of the result union that has a status of its own. */
function decideOutcome(input: SuccessInput, rule: OutcomeRule, value: Json): FacadeResponse {
  const { route, facts } = input;
  const { message, __typename: _typename, ...members } = isObject(value) ? value : {};
  const detail = typeof message === 'string' && message !== '' ? message : `The result is "${rule.problem}"`;
  const problem = outcomeProblem(rule.problem, rule.status, detail, members, facts);
  return answerProblem({ problem }, route, facts);
}

interface Rendered {
  readonly status: number;
  readonly value: Json;
  readonly raw: Json;
  readonly job?: JobAnswer;
}

/** What an answer with a job has besides the job itself. */
interface JobAnswer {
  readonly location?: string | undefined;
  readonly retryAfterSeconds?: number;
  readonly links?: readonly Link[];
  readonly problem?: Json;
}

/** S12 and S13: 202 for what was started, 303 to the result of what is done, and a failure as a problem in the job. */
function decideJob(input: SuccessInput, rule: JobRule, value: Json, raw: Json): FacadeResponse {
  const { route, request, facts } = input;
  const job = readJob(rule, raw);
  switch (job.state) {
    case 'running': {
      const { retryAfterSeconds } = rule;
      if (!route.isMutation)
        return decideRepresentation(input, { status: 200, value, raw, job: { retryAfterSeconds } });
      const location = jobHref(route, request, facts, raw);
      return decideRepresentation(input, { status: 202, value, raw, job: { location, retryAfterSeconds } });
    }
    case 'done': {
      const location = job.resultId === undefined ? undefined : resultHref(route, request, facts, job.resultId);
      if (location === undefined) return decideEnded(input, value, raw, {});
      if (facts.asyncDone === 'link')
        return decideEnded(input, value, raw, { links: [{ rel: 'result', href: location }] });
      return decideRepresentation(input, { status: 303, value, raw, job: { location } });
    }
    case 'failed': {
      const detail = job.error ?? 'The work could not be finished';
      const {
        instance: _instance,
        traceId: _traceId,
        ...problem
      } = problemBody(tableProblem('job-failed', detail, facts), facts.requestId);
      return decideEnded(input, value, raw, { problem });
    }
  }
}

/** A job that has ended and leads nowhere else: 200, also where it has just been started and was waited for. */
function decideEnded(input: SuccessInput, value: Json, raw: Json, job: JobAnswer): FacadeResponse {
  const location = input.route.isMutation ? jobHref(input.route, input.request, input.facts, raw) : undefined;
  return decideRepresentation(input, { status: 200, value, raw, job: { ...job, location } });
}

/** Location: what the route says, else the item route. */
function locationOf({ route, request, facts }: SuccessInput, raw: Json): string | undefined {
  const filled = route.location && fillLocation(route.location, raw);
  if (filled === undefined) return itemHref(route, request, facts, raw);
  return route.location?.isOwn ? ownHref(facts, request.prefix + filled) : filled;
}

/** Content-Location: the item a write answers with, or the versioned address of a read (sections 3.3 and 6). */
function contentLocation(
  { route, request, facts }: Pick<SuccessInput, 'route' | 'request' | 'facts'>,
  status: number,
  location: string | undefined,
): string | undefined {
  if (status === 201) return location;
  if (route.isMutation || request.hasVersionedPath || route.method !== 'GET') return undefined;
  return hrefOfRequest(facts, { ...request, prefix: `/${route.family.version}` });
}

interface Kept {
  readonly route: Route;
  readonly request: RouteRequest;
  readonly facts: Facts;
  readonly freshness: UpstreamFreshness | undefined;
}

/** Who may keep a whole answer. */
function headersForCaches({ route, request, facts, freshness }: Kept): Record<string, string> {
  const policy = mergePolicies(route.cache, facts.hints, freshness);
  const cdnMaxAge = route.isMutation ? undefined : facts.cdnMaxAge;
  return cacheHeaders({ policy, rule: route.cache, isPersonal: request.isPersonal, cdnMaxAge });
}

/** P27 after a probe: the tag still holds, and with it the fields a 200 would have that a cache goes by. */
export function decideUnmodified(input: Kept & { readonly etag: string }): FacadeResponse {
  const { route, facts, etag } = input;
  const place = contentLocation(input, 304, undefined);
  return {
    status: 304,
    headers: {
      ...headersForCaches(input),
      vary: varyOf(route, facts),
      etag,
      ...(place === undefined ? {} : { 'content-location': place }),
    },
    body: undefined,
  };
}

/** 200 and 201 with a representation, 204 without, 304 when the client has it already. */
function decideRepresentation(input: SuccessInput, { status, value, raw, job }: Rendered): FacadeResponse {
  const { route, request, facts, tolerated } = input;
  const isPartial = tolerated.length > 0;
  const withProblems = addJobProblem(addProblems(value, input), job);
  const links = [...deriveLinks({ route, request, base: facts, value, raw }), ...(job?.links ?? [])];
  const { prefix, mediaType, contentType } = request;
  const hal = () => {
    const plain = renderHal({ route, base: facts, prefix, value: withProblems, links });
    return facts.curie === undefined
      ? plain
      : compactRels(plain, { name: facts.curie, profile: profileHref(route.family, facts) });
  };
  const forms = () => ({
    ...(hal() as object),
    _templates: buildTemplates({ route, request, base: facts, value, raw }),
  });
  const render = {
    'application/json': () => withProblems,
    'application/hal+json': hal,
    'application/prs.hal-forms+json': forms,
  };
  const document: Json = render[mediaType]();
  const body = JSON.stringify(document);

  const state = leafText(hiddenValue(route, raw, route.resource?.version ?? ''));
  const isElsewhere = job !== undefined && status === 303;
  const isTagged = !isPartial && !isElsewhere && (!route.isMutation || state !== undefined || route.job !== undefined);
  const etag = isTagged
    ? buildEtag({
        state,
        isCollection: isCollection(route),
        mediaType,
        contentType,
        body,
        representation: facts.representation,
      })
    : undefined;
  const isRead = route.method === 'GET';
  if (isRead && etag !== undefined && !isMatched(request.ifMatch, etag)) {
    const problem = tableProblem('precondition-failed', 'If-Match names another state than the current one', facts);
    return answerProblem({ problem, headers: { etag } }, route, facts);
  }

  const isMinimal = request.prefer.isMinimal && status === 200 && (route.method === 'PUT' || route.method === 'PATCH');
  const hasBody = status !== 204 && !isMinimal;
  // A job that had ended when it was started: its address is that of the content.
  const isEndedHere = job !== undefined && route.isMutation && status === 200;
  const isPlaced = job === undefined && (status === 201 || status === 303);
  const location = isPlaced ? locationOf(input, raw) : isEndedHere ? undefined : job?.location;
  const place = isEndedHere ? job?.location : hasBody ? contentLocation(input, status, location) : undefined;
  const preferences = appliedPreferences(input, isMinimal);
  const headers: Record<string, string> = {
    ...(isPartial ? { 'cache-control': 'no-store' } : headersForCaches(input)),
    ...(isRead && !isPartial ? tagHeaders(facts.cacheTags, route, raw) : {}),
    vary: varyOf(route, facts),
    ...(hasBody ? { link: printLinks(links) } : {}),
    ...(etag === undefined ? {} : { etag }),
    ...(location === undefined ? {} : { location }),
    ...(place === undefined ? {} : { 'content-location': place }),
    ...(job?.retryAfterSeconds === undefined ? {} : { 'retry-after': String(job.retryAfterSeconds) }),
    ...(preferences.length > 0 ? { 'preference-applied': preferences.join(', ') } : {}),
    ...(isPartial ? { 'partial-response': '?1' } : {}),
  };
  if (isRead && etag !== undefined && isUnmodified(request.ifNoneMatch, etag)) {
    return { status: 304, headers, body: undefined };
  }
  if (!hasBody) return { status: 204, headers, body: undefined };
  return { status, headers: { 'content-type': contentType, ...headers }, body };
}

/** S rows and M1. */
export function decideSuccess(input: SuccessInput): FacadeResponse {
  const { route, located, isDone, isEmptyCollection } = input;
  if (isEmptyCollection) {
    return decideRepresentation(input, { status: 200, value: emptyOf(route.result), raw: null });
  }
  if (located.state !== 'found') {
    if (isDone) return decideRepresentation(input, { status: route.success, value: null, raw: null });
    return decideNothing(input);
  }
  const { value, raw } = located;
  if (raw === false && route.method === 'DELETE') return decideNothing(input);
  const typeName = isObject(raw) ? raw['__typename'] : undefined;
  const rule = route.outcomes.find((outcome) => outcome.type !== undefined && outcome.type === typeName);
  if (rule && rule.status >= 400) return decideOutcome(input, rule, value);
  if (route.job && !rule) return decideJob(input, route.job, value, raw);
  return decideRepresentation(input, { status: rule?.status ?? route.success, value, raw });
}

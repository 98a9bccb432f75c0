/** The answers of an operation that went well, wholly or in part (S rows, M1, and 3.4 step 3). */
import type { FacadeResponse, Json } from '../contract.ts';
import { buildTemplates } from '../media/hal-forms.ts';
import { renderHal } from '../media/hal.ts';
import { hrefOfRequest, ownHref } from '../media/hrefs.ts';
import { deriveLinks, itemHref, printLinks } from '../media/links.ts';
import { fillLocation } from '../routes/location-template.ts';
import type { OutcomeRule, Route } from '../routes/route.ts';
import { buildCacheControl } from './cache-control.ts';
import type { ClassifiedError } from './classify-error.ts';
import { answerProblem, outcomeProblem, problemOfError, tableProblem } from './decide-failure.ts';
import { buildEtag, isMatched, isUnmodified } from './etag.ts';
import { emptyOf, hiddenValue, isCollection, isObject, leafText, type Located } from './locate.ts';
import { problemBody } from './problem.ts';
import type { ProblemName } from './problem-types.ts';
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

/** Was leniency used, so that it has to be said (O13)? */
function appliedPreferences({ route, request, facts, tolerated }: SuccessInput, isMinimal: boolean): string[] {
  const isLenientUsed =
    facts.ignoredParameters || (tolerated.length > 0 && request.prefer.isLenient && route.partial === 'ON_REQUEST');
  return [...(isMinimal ? ['return=minimal'] : []), ...(isLenientUsed ? ['handling=lenient'] : [])];
}

const varyOf = (route: Route, facts: Facts): string => {
  const isPreferHonoured = route.method === 'PUT' || route.method === 'PATCH' || route.partial === 'ON_REQUEST';
  return ['Accept', ...(isPreferHonoured ? ['Prefer'] : []), ...facts.versionHeaders].join(', ');
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
}

/** Location: what the route says, else the item route. */
function locationOf({ route, request, facts }: SuccessInput, raw: Json): string | undefined {
  const filled = route.location && fillLocation(route.location, raw);
  if (filled === undefined) return itemHref(route, request, facts, raw);
  return route.location?.isOwn ? ownHref(facts, request.prefix + filled) : filled;
}

/** Content-Location: the item a write answers with, or the versioned address of a read (sections 3.3 and 6). */
function contentLocation(
  { route, request, facts }: SuccessInput,
  status: number,
  location: string | undefined,
): string | undefined {
  if (status === 201) return location;
  if (route.isMutation || request.hasVersionedPath || route.method !== 'GET') return undefined;
  return hrefOfRequest(facts, { ...request, prefix: `/${route.family.version}` });
}

/** 200 and 201 with a representation, 204 without, 304 when the client has it already. */
function decideRepresentation(input: SuccessInput, { status, value, raw }: Rendered): FacadeResponse {
  const { route, request, facts, tolerated } = input;
  const isPartial = tolerated.length > 0;
  const withProblems = addProblems(value, input);
  const links = deriveLinks({ route, request, base: facts, value, raw });
  const { prefix, mediaType, contentType } = request;
  const hal = () => renderHal({ route, base: facts, prefix, value: withProblems, links });
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
  const isTagged = !isPartial && (!route.isMutation || state !== undefined);
  const etag = isTagged
    ? buildEtag({ state, isCollection: isCollection(route), mediaType, contentType, body })
    : undefined;
  const isRead = route.method === 'GET';
  if (isRead && etag !== undefined && !isMatched(request.ifMatch, etag)) {
    const problem = tableProblem('precondition-failed', 'If-Match names another state than the current one', facts);
    return answerProblem({ problem, headers: { etag } }, route, facts);
  }

  const isMinimal = request.prefer.isMinimal && status === 200 && (route.method === 'PUT' || route.method === 'PATCH');
  const hasBody = status !== 204 && !isMinimal;
  const location = status === 201 || status === 303 ? locationOf(input, raw) : undefined;
  const place = hasBody ? contentLocation(input, status, location) : undefined;
  const preferences = appliedPreferences(input, isMinimal);
  const headers: Record<string, string> = {
    'cache-control': isPartial ? 'no-store' : buildCacheControl(route.cache, request.isPersonal),
    vary: varyOf(route, facts),
    ...(hasBody ? { link: printLinks(links) } : {}),
    ...(etag === undefined ? {} : { etag }),
    ...(location === undefined ? {} : { location }),
    ...(place === undefined ? {} : { 'content-location': place }),
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
  return decideRepresentation(input, { status: rule?.status ?? route.success, value, raw });
}

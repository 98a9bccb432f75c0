/**
 * One matched request through its route (facade.md 3.2, O9): negotiate, read, check, execute, decide. Each step may refuse;
 * `decide` alone turns what happened into an answer.
 */
import type { FacadeRequest, FacadeResponse, FacadeResult } from './contract.ts';
import type { HandlerOptions } from './handler-options.ts';
import { claimKey, isFinal, refuseKey } from './idempotency.ts';
import { notAcceptable } from './own-pages.ts';
import { patchItem } from './patching.ts';
import { runInBackground } from './run-in-background.ts';
import { runOperation } from './run-operation.ts';
import { checkPreconditions, checkRequired, stateOf, type Precondition, type ReadState } from './preconditions.ts';
import { decide } from './response/decide.ts';
import { buildEtag, isUnmodified, mayBeUnmodified } from './response/etag.ts';
import type { Refusal } from './response/refusal.ts';
import type { Facts, Outcome, RouteRequest } from './response/route-request.ts';
import { findBrownOut, isGone } from './routes/lifecycle.ts';
import { offeredTypes } from './routes/named-version.ts';
import { checkMediaType } from './routes/read-body.ts';
import { readVariables, type ReadVariables } from './routes/read-variables.ts';
import { routeBeside } from './routes/route-relations.ts';
import type { Route } from './routes/route.ts';
import { readText } from './routes/text-value.ts';
import { waitForJob } from './wait-for-job.ts';

/** Reads an item with the path parameters of the write beside it. */
const createReadItem =
  (options: HandlerOptions, request: FacadeRequest, parameters: readonly string[]) =>
  (item: Route): Promise<FacadeResult> => {
    const variables: Record<string, unknown> = {};
    const names = item.segments.flatMap((segment) => (segment.kind === 'parameter' ? [segment.name] : []));
    for (const binding of item.bindings) {
      if (binding.from !== 'path') continue;
      const value = readText(binding.type, parameters[names.indexOf(binding.name)]);
      if (value.ok) variables[binding.variable] = value.value;
    }
    const { document, operation: operationName } = item;
    return runOperation(options, { document, operationName, variables, request });
  };

/** A request that matched a route. */
export interface Matched {
  readonly options: HandlerOptions;
  readonly request: FacadeRequest;
  readonly route: Route;
  readonly routeRequest: RouteRequest;
  /** Raw path parameters, in order. */
  readonly rawParameters: readonly string[];
  readonly isAcceptable: boolean;
  readonly facts: Facts;
}

/** P4: the route is past its sunset, or its version is in a brown-out. */
function checkLifecycle({ options, route, facts }: Matched): Refusal | undefined {
  const { operation, lifecycle, family } = route;
  if (isGone(lifecycle, facts.now)) {
    return { row: 'P4', problem: 'version-gone', detail: `"${operation}" of ${family.version} is past its sunset` };
  }
  const brownOut = findBrownOut(options.brownOuts, family.version, facts.now);
  if (!brownOut) return undefined;
  const seconds = Math.ceil((brownOut.until.getTime() - facts.now.getTime()) / 1000);
  const until = brownOut.until.toISOString();
  return {
    row: 'P4',
    problem: 'version-brown-out',
    detail: `${family.version} is switched off until ${until}, as a reminder that it comes to its end`,
    headers: { 'retry-after': String(seconds), 'cache-control': 'no-store' },
  };
}

/** Everything that is read from the request itself, up to P23. */
function admit(matched: Matched): ReadVariables | Refusal {
  const { options, request, route, routeRequest, rawParameters, isAcceptable } = matched;
  const over = checkLifecycle(matched);
  if (over) return over;
  if (route.success !== 204 && !isAcceptable) {
    return notAcceptable(offeredTypes(options.versioning, options.vendor, options.pages.families));
  }
  const wrongType = checkMediaType(route, request);
  if (wrongType) return wrongType;
  const { isLenient } = routeRequest.prefer;
  const ignore = options.ignoreParameters;
  return readVariables({ route, request, parameters: rawParameters, ignore, isLenient });
}

const refused = (refusal: Refusal): Outcome => ({ state: 'refused', refusal });

/** The read before the write failed: the write itself was never sent. */
function notWritten(route: Route, { errors = [] }: FacadeResult): Outcome {
  const unsent = errors.map((error) => ({ ...error, extensions: { ...error.extensions, dispatched: false } }));
  const nothing = { [route.resultPath[0] ?? '']: null };
  return { state: 'executed', result: unsent.length > 0 ? { data: null, errors: unsent } : { data: nothing } };
}

/** Preconditions and execution: what is done once under an idempotency key. */
async function perform(matched: Matched, read: ReadVariables): Promise<Outcome> {
  const { options, request, route, routeRequest } = matched;
  const missing = checkRequired(route, routeRequest);
  if (missing) return refused(missing);
  if (read.changesNothing) return { state: 'unchanged' };

  const readItem = createReadItem(options, request, routeRequest.parameters);
  const item = read.patch && routeBeside(route, 'GET');
  const patched = read.patch && item && (await patchItem(route, routeRequest, read.patch, item, readItem));
  if (patched?.kind === 'refused') return refused(patched.refusal);
  if (patched?.kind === 'unchanged') return { state: 'unchanged' };
  if (patched?.kind === 'failed') return notWritten(route, patched.result);

  const readState: ReadState = async (one) => stateOf(one, await readItem(one));
  const precondition: Precondition = patched
    ? { kind: 'hold' }
    : await checkPreconditions(route, routeRequest, readState);
  if (precondition.kind === 'refused') return refused(precondition.refusal);
  if (precondition.kind === 'failed') return notWritten(route, precondition.result);
  const variables: Record<string, unknown> = { ...read.variables, ...patched?.variables };
  if (precondition.variable !== undefined) variables[precondition.variable] = precondition.value;
  const unmodified = await probeState(matched, variables);
  if (unmodified) return unmodified;
  const { document, operation: operationName } = route;
  return { state: 'executed', result: await runOperation(options, { document, operationName, variables, request }) };
}

/** The tag of a representation that the state tells all of. */
function tagOf({ routeRequest, facts }: Matched, state: string): string {
  const { mediaType, contentType } = routeRequest;
  const { representation } = facts;
  return buildEtag({ state, isCollection: false, mediaType, contentType, body: '', representation });
}

/** P27 for the price of key and version (5.2, step 1); whatever else is found leads to the whole operation. */
async function probeState(matched: Matched, variables: Record<string, unknown>): Promise<Outcome | undefined> {
  const { options, request, route, routeRequest, facts } = matched;
  const { ifMatch, ifNoneMatch } = routeRequest;
  const probe = options.cachingOf(route).probe;
  if (!probe || facts.representation === undefined || ifMatch.kind !== 'absent') return undefined;
  if (!mayBeUnmodified(ifNoneMatch, tagOf(matched, 'any'))) return undefined;
  const used = Object.entries(variables).filter(([name]) => probe.variables.has(name));
  const { document } = probe;
  const operation = { document, operationName: route.operation, variables: Object.fromEntries(used), request };
  const result = await runOperation(options, operation);
  if ((result.errors ?? []).length > 0) return undefined;
  const current = stateOf(route, result);
  const etag = 'exists' in current && current.version !== undefined ? tagOf(matched, current.version) : undefined;
  if (etag === undefined || !isUnmodified(ifNoneMatch, etag)) return undefined;
  return { state: 'unmodified', etag, freshness: result.freshness };
}

/** What a representation depends on besides the state of what it shows. */
function representationOf(matched: Matched, read: ReadVariables): string | undefined {
  const { options, request, route, routeRequest } = matched;
  const fingerprint = options.cachingOf(route).probe?.fingerprint;
  if (fingerprint === undefined) return undefined;
  const { basePath, publicUrl } = options.facts;
  return JSON.stringify([
    fingerprint,
    publicUrl,
    basePath,
    routeRequest.prefix,
    request.path,
    request.query,
    read.variables,
    options.callers.fingerprint(request.headers),
  ]);
}

interface Chosen {
  readonly matched: Matched;
  readonly read: ReadVariables;
}

/** `?fields=`: the same route with fewer fields, and with the variables that are left. */
function chooseFields(matched: Matched, read: ReadVariables): Chosen | Refusal {
  const { options, route } = matched;
  if (read.fields === undefined) return { matched, read };
  const found = options.fieldSets.find(route, read.fields);
  if (!('route' in found)) {
    const detail = found.map((error) => error.detail).join('. ');
    return { row: 'P16', problem: 'invalid-parameter', detail, errors: found };
  }
  const used = Object.entries(read.variables).filter(([name]) => found.variables.has(name));
  return { matched: { ...matched, route: found.route }, read: { ...read, variables: Object.fromEntries(used) } };
}

/** The answer of a route. */
export async function runRoute(whole: Matched): Promise<FacadeResponse> {
  const admitted = admit(whole);
  const chosen = 'problem' in admitted ? admitted : chooseFields(whole, admitted);
  if ('problem' in chosen) return decide(whole.route, whole.routeRequest, refused(chosen), whole.facts);
  const { read } = chosen;
  const { options, request, route, routeRequest } = chosen.matched;

  const cursor = route.collection?.cursor?.variable;
  const cursorSent = cursor !== undefined && read.variables[cursor] !== undefined;
  const facts: Facts = {
    ...chosen.matched.facts,
    ignoredParameters: read.ignoredParameters,
    cursorSent,
    hints: options.cachingOf(route).hints,
    representation: representationOf(chosen.matched, read),
  };
  const matched: Matched = { ...chosen.matched, facts };
  const answer = (outcome: Outcome): FacadeResponse => decide(route, routeRequest, outcome, facts);
  const answerInTime = async (outcome: Outcome): Promise<FacadeResponse> => {
    const job = await waitForJob({ options, request, route, routeRequest, outcome });
    return job === undefined ? answer(outcome) : decide(job.route, job.routeRequest, job.outcome, facts);
  };

  const work = (): Promise<Outcome> => {
    const missing = route.isBackground ? checkRequired(route, routeRequest) : undefined;
    if (missing) return Promise.resolve(refused(missing));
    if (!route.isBackground) return perform(matched, read);
    const later = (ownRequest: FacadeRequest) => perform({ ...matched, request: ownRequest }, read);
    return runInBackground({ options, request, route, routeRequest, facts, perform: later });
  };
  const claimed = await claimKey(options, route, request);
  if (claimed === undefined) return answerInTime(await work());
  if (claimed.state === 'done') return answer({ state: 'replayed', answer: claimed.answer });
  if (claimed.state !== 'mine') return answer(refused(refuseKey(claimed.state)));
  let kept: FacadeResponse | undefined;
  try {
    const outcome = await work();
    const response = await answerInTime(outcome);
    if (isFinal(route, outcome, response)) kept = response;
    return response;
  } finally {
    await claimed.settle(kept);
  }
}

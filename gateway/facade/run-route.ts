/**
 * One matched request through its route (facade.md 3.2, O9): negotiate, read, check, execute, decide. Each step may refuse;
 * `decide` alone turns what happened into an answer.
 */
import type { FacadeOperation, FacadeRequest, FacadeResponse, FacadeResult } from './contract.ts';
import type { HandlerOptions } from './handler-options.ts';
import { claimKey, isFinal, refuseKey } from './idempotency.ts';
import { notAcceptable } from './own-pages.ts';
import { checkPreconditions, checkRequired, stateOf, type ReadState } from './preconditions.ts';
import { decide } from './response/decide.ts';
import type { Refusal } from './response/refusal.ts';
import type { Facts, Outcome, RouteRequest } from './response/route-request.ts';
import { isGone } from './routes/lifecycle.ts';
import { offeredTypes } from './routes/named-version.ts';
import { checkMediaType } from './routes/read-body.ts';
import { readVariables, type ReadVariables } from './routes/read-variables.ts';
import type { Route } from './routes/route.ts';
import { readText } from './routes/text-value.ts';

const errorResult = (code: string, dispatched = true): FacadeResult => ({
  errors: [{ message: '', extensions: { code, dispatched } }],
});

/** Executes; a rejection becomes an internal error, and an aborted signal ends the wait. */
async function run({ execute, onFault }: HandlerOptions, operation: FacadeOperation): Promise<FacadeResult> {
  const { signal } = operation.request;
  if (signal.aborted) return errorResult('DEADLINE_EXCEEDED', false);
  let onAbort: (() => void) | undefined;
  const aborted = new Promise<FacadeResult>((resolve) => {
    onAbort = () => resolve(errorResult('DEADLINE_EXCEEDED'));
    signal.addEventListener('abort', onAbort, { once: true });
  });
  try {
    return await Promise.race([execute(operation), aborted]);
  } catch (error) {
    onFault(error, operation.request.requestId);
    return errorResult('INTERNAL_SERVER_ERROR');
  } finally {
    if (onAbort) signal.removeEventListener('abort', onAbort);
  }
}

/** Reads the state of an item with the path parameters of the write beside it. */
const createReadState =
  (options: HandlerOptions, request: FacadeRequest, parameters: readonly string[]): ReadState =>
  async (item) => {
    const variables: Record<string, unknown> = {};
    const names = item.segments.flatMap((segment) => (segment.kind === 'parameter' ? [segment.name] : []));
    for (const binding of item.bindings) {
      if (binding.from !== 'path') continue;
      const value = readText(binding.type, parameters[names.indexOf(binding.name)]);
      if (value.ok) variables[binding.variable] = value.value;
    }
    const { document, operation: operationName } = item;
    return stateOf(item, await run(options, { document, operationName, variables, request }));
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

/** Everything that is read from the request itself, up to P23. */
function admit(matched: Matched): ReadVariables | Refusal {
  const { options, request, route, routeRequest, rawParameters, isAcceptable } = matched;
  if (isGone(route.lifecycle, options.now())) {
    const detail = `"${route.operation}" of ${route.family.version} is past its sunset`;
    return { row: 'P4', problem: 'version-gone', detail };
  }
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

/** Preconditions and execution: what is done once under an idempotency key. */
async function perform({ options, request, route, routeRequest }: Matched, read: ReadVariables): Promise<Outcome> {
  const missing = checkRequired(route, routeRequest);
  if (missing) return refused(missing);
  if (read.changesNothing) return { state: 'unchanged' };

  const readState = createReadState(options, request, routeRequest.parameters);
  const precondition = await checkPreconditions(route, routeRequest, readState);
  if (precondition.kind === 'refused') return refused(precondition.refusal);
  if (precondition.kind === 'failed') {
    const errors = (precondition.result.errors ?? []).map((error) => ({
      ...error,
      // The read before it failed: the write itself was never sent.
      extensions: { ...error.extensions, dispatched: false },
    }));
    return { state: 'executed', result: { data: null, errors } };
  }
  const variables: Record<string, unknown> = { ...read.variables };
  if (precondition.variable !== undefined) variables[precondition.variable] = precondition.value;
  const { document, operation: operationName } = route;
  return { state: 'executed', result: await run(options, { document, operationName, variables, request }) };
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
  const { matched, read } = chosen;
  const { options, request, route, routeRequest } = matched;

  const cursor = route.collection?.cursor?.variable;
  const cursorSent = cursor !== undefined && read.variables[cursor] !== undefined;
  const facts: Facts = { ...matched.facts, ignoredParameters: read.ignoredParameters, cursorSent };
  const answer = (outcome: Outcome): FacadeResponse => decide(route, routeRequest, outcome, facts);

  const claimed = await claimKey(options.idempotencyStore, route, request);
  if (claimed === undefined) return answer(await perform(matched, read));
  if (claimed.state === 'done') return answer({ state: 'replayed', answer: claimed.answer });
  if (claimed.state !== 'mine') return answer(refused(refuseKey(claimed.state)));
  let kept: FacadeResponse | undefined;
  try {
    const outcome = await perform(matched, read);
    const response = answer(outcome);
    if (isFinal(route, outcome, response)) kept = response;
    return response;
  } finally {
    await claimed.settle(kept);
  }
}

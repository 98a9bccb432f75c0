/**
 * The life of a REST request (facade.md 3.2, O9): match, negotiate, read, check, execute, decide. Each step may refuse;
 * `decide` alone turns what happened into an answer. Never rejects, and ends when the request's signal aborts.
 */
import type {
  Facade,
  FacadeExecute,
  FacadeOperation,
  FacadeRequest,
  FacadeResponse,
  FacadeResult,
} from './contract.ts';
import { findOwnPage, notAcceptable, type OwnPagesOptions } from './own-pages.ts';
import { checkPreconditions, checkRequired, stateOf, type ReadState } from './preconditions.ts';
import { decide } from './response/decide.ts';
import { decidePage } from './response/decide-page.ts';
import type { Refusal } from './response/refusal.ts';
import type { Facts, Outcome, RouteRequest } from './response/route-request.ts';
import { isGone } from './routes/lifecycle.ts';
import {
  negotiateVersion,
  offeredTypes,
  readVersionHeader,
  type Negotiated,
  type Versioning,
} from './routes/named-version.ts';
import { decodeText } from './routes/query-string.ts';
import { checkMediaType } from './routes/read-body.ts';
import { readVariables } from './routes/read-variables.ts';
import { readEntityTags, readPrefer } from './routes/request-headers.ts';
import type { HttpMethod, Route, RouteFamily } from './routes/route.ts';
import { allowedMethods, type RouteTable } from './routes/route-table.ts';
import { readText } from './routes/text-value.ts';

export interface HandlerOptions {
  readonly table: RouteTable;
  readonly pages: OwnPagesOptions;
  readonly execute: FacadeExecute;
  readonly ignoreParameters: readonly string[];
  readonly now: () => Date;
  readonly versioning: Versioning;
  /** The middle of a media type that names a version. */
  readonly vendor: string;
  /** Told of what went wrong inside the facade or the execution: the client is not. */
  readonly onFault: (error: unknown, requestId: string) => void;
  readonly facts: Pick<Facts, 'basePath' | 'publicUrl' | 'validationStatus' | 'negativeTtl' | 'versionHeaders'>;
}

const errorResult = (code: string): FacadeResult => ({ errors: [{ message: '', extensions: { code } }] });

/** Executes; a rejection becomes an internal error, and an aborted signal ends the wait. */
async function run({ execute, onFault }: HandlerOptions, operation: FacadeOperation): Promise<FacadeResult> {
  const { signal } = operation.request;
  if (signal.aborted) return errorResult('DEADLINE_EXCEEDED');
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

function readRouteRequest(
  request: FacadeRequest,
  path: string,
  version: RouteFamily | undefined,
  negotiated: Negotiated | undefined,
): RouteRequest {
  const { headers, method, query } = request;
  const hasVersionedPath = version !== undefined && isUnder(path, version);
  return {
    method,
    prefix: version ? `/${version.version}` : '',
    path: hasVersionedPath ? path.slice(version.version.length + 1) : path,
    parameters: [],
    query,
    mediaType: negotiated?.mediaType ?? 'application/json',
    contentType: negotiated?.contentType ?? 'application/json',
    hasVersionedPath,
    prefer: readPrefer(headers),
    ifMatch: readEntityTags(headers, 'if-match'),
    ifNoneMatch: readEntityTags(headers, 'if-none-match'),
    isPersonal: headers['authorization'] !== undefined || headers['cookie'] !== undefined,
    hasRange: headers['range'] !== undefined,
  };
}

const isUnder = (path: string, { version }: RouteFamily): boolean =>
  path === `/${version}` || path.startsWith(`/${version}/`);

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

interface Step {
  readonly options: HandlerOptions;
  readonly request: FacadeRequest;
  readonly route: Route;
  readonly routeRequest: RouteRequest;
  readonly rawParameters: readonly string[];
  readonly isAcceptable: boolean;
}

interface Reached {
  readonly outcome: Outcome;
  readonly ignoredParameters: boolean;
  readonly cursorSent: boolean;
}

const refused = (refusal: Refusal): Reached => ({
  outcome: { state: 'refused', refusal },
  ignoredParameters: false,
  cursorSent: false,
});

/** From a matched route to the outcome of its operation, in the order of O9. */
async function reach({ options, request, route, routeRequest, rawParameters, isAcceptable }: Step): Promise<Reached> {
  if (isGone(route.lifecycle, options.now())) {
    const detail = `"${route.operation}" of ${route.family.version} is past its sunset`;
    return refused({ row: 'P4', problem: 'version-gone', detail });
  }
  if (route.success !== 204 && !isAcceptable) {
    return refused(notAcceptable(offeredTypes(options.versioning, options.vendor, options.pages.families)));
  }
  const wrongType = checkMediaType(route, request);
  if (wrongType) return refused(wrongType);

  const { isLenient } = routeRequest.prefer;
  const ignore = options.ignoreParameters;
  const read = readVariables({ route, request, parameters: rawParameters, ignore, isLenient });
  if ('problem' in read) return refused(read);
  const missing = checkRequired(route, routeRequest);
  if (missing) return refused(missing);

  const { ignoredParameters } = read;
  const cursor = route.collection?.cursor?.variable;
  const cursorSent = cursor !== undefined && read.variables[cursor] !== undefined;
  const done = (outcome: Outcome): Reached => ({ outcome, ignoredParameters, cursorSent });
  if (read.changesNothing) return done({ state: 'unchanged' });

  const readState = createReadState(options, request, routeRequest.parameters);
  const precondition = await checkPreconditions(route, routeRequest, readState);
  if (precondition.kind === 'refused') return refused(precondition.refusal);
  if (precondition.kind === 'failed') {
    const { errors = [] } = precondition.result;
    return done({ state: 'executed', result: { data: null, errors } });
  }
  const variables: Record<string, unknown> = { ...read.variables };
  if (precondition.variable !== undefined) variables[precondition.variable] = precondition.value;
  const { document, operation: operationName } = route;
  return done({ state: 'executed', result: await run(options, { document, operationName, variables, request }) });
}

async function answer(options: HandlerOptions, request: FacadeRequest): Promise<FacadeResponse> {
  const { table, pages } = options;
  const { basePath } = options.facts;
  const isBelow = request.path === basePath || request.path.startsWith(`${basePath}/`);
  // A path outside the base path is none of ours: it matches nothing, and is answered as such.
  const path = isBelow ? request.path.slice(basePath.length) : '//';
  const { families } = pages;
  const inPath = families.find((family) => isUnder(path, family));
  const negotiated = negotiateVersion(request.headers, options.versioning, options.vendor, families);
  const inHeader = options.versioning === 'header' ? readVersionHeader(request.headers, families) : undefined;
  const isRefused = inHeader !== undefined && 'problem' in inHeader;
  const version = inPath ?? negotiated?.family ?? (isRefused ? undefined : inHeader);
  const bare = readRouteRequest(request, path, version, negotiated);
  const facts: Facts = {
    ...options.facts,
    requestId: request.requestId,
    now: options.now(),
    ignoredParameters: false,
    cursorSent: false,
  };
  const refuse = (refusal: Refusal) => decide(undefined, bare, { state: 'refused', refusal }, facts);
  const notAllowed = (allow: readonly string[]): Refusal => ({
    row: 'P2',
    problem: 'method-not-allowed',
    detail: `${request.method} is not allowed here, expected ${allow.join(', ')}`,
    headers: { allow: allow.join(', ') },
  });

  if (isRefused && !inPath) return refuse(inHeader);

  const place = `${bare.prefix}${bare.path}`;
  const page = findOwnPage(place, pages) ?? findOwnPage(path, pages);
  if (page) {
    const allow = ['GET', 'HEAD', 'OPTIONS'];
    if (request.method === 'OPTIONS') return decide(undefined, bare, { state: 'options', allow }, facts);
    if (!allow.includes(request.method)) return refuse(notAllowed(allow));
    const rendered = page(request.headers);
    return 'problem' in rendered ? refuse(rendered) : decidePage(bare, rendered);
  }

  const match = table.match(place);
  if (!match) {
    const detail = 'Nothing is served under this path; the entry point lists what is';
    return refuse({ row: 'P1', problem: 'route-not-found', detail });
  }
  const allow = allowedMethods(match.routes);
  if (request.method === 'OPTIONS') {
    const acceptPatch = match.routes.get('PATCH')?.body?.mediaType;
    const acceptPost = match.routes.get('POST')?.body?.mediaType;
    const types = { ...(acceptPatch ? { acceptPatch } : {}), ...(acceptPost ? { acceptPost } : {}) };
    return decide(undefined, bare, { state: 'options', allow, ...types }, facts);
  }
  const route = match.routes.get((request.method === 'HEAD' ? 'GET' : request.method) as HttpMethod);
  if (!route) return refuse(notAllowed(allow));

  const parameters = match.parameters.map((text) => decodeText(text) ?? text);
  const routeRequest = { ...bare, parameters };
  const isAcceptable = negotiated !== undefined;
  const reached = await reach({ options, request, route, routeRequest, rawParameters: match.parameters, isAcceptable });
  const { ignoredParameters, cursorSent } = reached;
  return decide(route, routeRequest, reached.outcome, { ...facts, ignoredParameters, cursorSent });
}

/** The last resort: a fault of the facade itself, without a word about it. */
function internalFault(options: HandlerOptions, request: FacadeRequest): FacadeResponse {
  const facts: Facts = {
    ...options.facts,
    requestId: request.requestId,
    now: new Date(0),
    ignoredParameters: false,
    cursorSent: false,
  };
  const bare: RouteRequest = {
    method: request.method,
    prefix: '',
    path: '',
    parameters: [],
    query: '',
    mediaType: 'application/json',
    contentType: 'application/json',
    hasVersionedPath: false,
    prefer: { isLenient: false, isMinimal: false },
    ifMatch: { kind: 'absent' },
    ifNoneMatch: { kind: 'absent' },
    isPersonal: false,
    hasRange: false,
  };
  const refusal: Refusal = { row: 'E22', problem: 'internal', detail: 'Something went wrong inside the gateway' };
  return decide(undefined, bare, { state: 'refused', refusal }, facts);
}

/** The handler over compiled routes. */
export const createHandler =
  (options: HandlerOptions): Facade['handle'] =>
  async (request) => {
    try {
      return await answer(options, request);
    } catch (error) {
      options.onFault(error, request.requestId);
      return internalFault(options, request);
    }
  };

/**
 * The life of a REST request (facade.md 3.2, O9), up to its route: version, own pages, path, method. `run-route.ts` has the
 * rest. Never rejects, and ends when the request's signal aborts.
 */
import type { Facade, FacadeRequest, FacadeResponse } from './contract.ts';
import type { HandlerOptions } from './handler-options.ts';
import { mediaTypes } from './media/negotiate.ts';
import { findOwnPage, notAcceptable } from './own-pages.ts';
import { decide } from './response/decide.ts';
import { decidePage } from './response/decide-page.ts';
import type { Refusal } from './response/refusal.ts';
import type { Facts, RouteRequest } from './response/route-request.ts';
import { negotiateVersion, readVersionHeader, type Negotiated } from './routes/named-version.ts';
import { decodeText } from './routes/query-string.ts';
import { readEntityTags, readPrefer } from './routes/request-headers.ts';
import type { HttpMethod, RouteFamily } from './routes/route.ts';
import { allowedMethods } from './routes/route-table.ts';
import { readOperation } from './run-in-background.ts';
import { runRoute } from './run-route.ts';

function readRouteRequest(
  { callers }: Pick<HandlerOptions, 'callers'>,
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
    isPersonal: callers.isPersonal(headers),
    hasRange: headers['range'] !== undefined,
  };
}

const isUnder = (path: string, { version }: RouteFamily): boolean =>
  path === `/${version}` || path.startsWith(`/${version}/`);

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
  const bare = readRouteRequest(options, request, path, version, negotiated);
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

  const operationId = hasOperations(version ?? pages.current) ? operationIdOf(bare.path) : undefined;
  if (operationId !== undefined) {
    const allow = ['GET', 'HEAD', 'OPTIONS'];
    if (request.method === 'OPTIONS') return decide(undefined, bare, { state: 'options', allow }, facts);
    if (!allow.includes(request.method)) return refuse(notAllowed(allow));
    if (negotiated === undefined) return refuse(notAcceptable(mediaTypes));
    return decide(undefined, bare, await readOperation(operationId, { options, request, routeRequest: bare }), facts);
  }

  const match = table.match(place);
  const off = options.disabled.match(place);
  const method = (request.method === 'HEAD' ? 'GET' : request.method) as HttpMethod;
  if (off?.routes.has(method)) {
    const detail = 'The route does not fit the graph as it is now; its operator has been told';
    return refuse({ row: 'O1', problem: 'route-disabled', detail, headers: { 'retry-after': '60' } });
  }
  if (!match) {
    if (off) return refuse(notAllowed(allowedMethods(off.routes)));
    const detail = 'Nothing is served under this path; the entry point lists what is';
    return refuse({ row: 'P1', problem: 'route-not-found', detail });
  }
  const allow = allowedMethods(new Map<HttpMethod, unknown>([...match.routes, ...(off?.routes ?? [])]));
  if (request.method === 'OPTIONS') {
    const acceptPatch = match.routes.get('PATCH')?.body?.mediaTypes.join(', ');
    const acceptPost = match.routes.get('POST')?.body?.mediaType;
    const types = { ...(acceptPatch ? { acceptPatch } : {}), ...(acceptPost ? { acceptPost } : {}) };
    return decide(undefined, bare, { state: 'options', allow, ...types }, facts);
  }
  const route = match.routes.get(method);
  if (!route) return refuse(notAllowed(allow));

  const parameters = match.parameters.map((text) => decodeText(text) ?? text);
  const routeRequest = { ...bare, parameters };
  const isAcceptable = negotiated !== undefined;
  const rawParameters = match.parameters;
  const response = await runRoute({ options, request, route, routeRequest, rawParameters, isAcceptable, facts });
  const { operation, family } = route;
  options.onRouteUsed({ version: family.version, operation, status: response.status, headers: request.headers });
  return response;
}

/** The id of an operation of the gateway in a path. */
const operationIdOf = (path: string): string | undefined => /^\/operations\/([\w-]+)$/.exec(path)?.[1];

const hasOperations = ({ routes }: RouteFamily): boolean => routes.some(({ isBackground }) => isBackground);

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

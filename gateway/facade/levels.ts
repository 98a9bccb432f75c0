/**
 * Richardson's levels 0 and 1 over the same documents, for comparison (facade.md 4.2): level 0 is one endpoint and the name
 * of an action, level 1 has addresses as well. Both are translated into the request of level 2, so what differs is only
 * what a client has to know and what an intermediary can see.
 */
import type { FacadeRequest, FacadeResponse, Json } from './contract.ts';
import { decideLevel, levelFault } from './response/decide-level.ts';
import { tagOfState } from './response/etag.ts';
import { isObject, leafText } from './response/locate.ts';
import { JsonSyntaxError, parseJson } from './routes/parse-json.ts';
import type { HttpMethod, Route, RouteFamily } from './routes/route.ts';
import { fillTemplate } from './routes/route-template.ts';
import type { RouteTable } from './routes/route-table.ts';

type JsonObject = { [name: string]: Json };
type Handle = (request: FacadeRequest) => Promise<FacadeResponse>;

/** What a body of these levels says. */
interface Call {
  readonly action: string;
  readonly params: JsonObject;
}

const verbs: Readonly<Record<string, HttpMethod>> = {
  get: 'GET',
  list: 'GET',
  create: 'POST',
  replace: 'PUT',
  change: 'PATCH',
  delete: 'DELETE',
};

function readCall({ body }: FacadeRequest): Call | string {
  try {
    const value = parseJson(body ?? new Uint8Array());
    const { action, params = {} } = isObject(value) ? value : {};
    if (typeof action !== 'string') return 'Expected an object with the member "action"';
    return isObject(params) ? { action, params } : 'Expected "params" to be an object';
  } catch (error) {
    if (!(error instanceof JsonSyntaxError)) throw error;
    return `${error.message}, at byte ${error.offset}`;
  }
}

const encodePair = (name: string, value: string): string => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`;

/** A value as query parameters: a list several times, an object field by field. */
function queryOf(name: string, value: Json): string[] {
  if (Array.isArray(value)) return value.flatMap((item) => queryOf(name, item));
  if (isObject(value)) return Object.entries(value).flatMap(([key, field]) => queryOf(`${name}[${key}]`, field));
  return [encodePair(name, leafText(value) ?? '')];
}

/** Answers of levels 0 and 1 carry no entity tags, so a version may be named by itself. */
function headerText(name: string, value: Json): string | undefined {
  const text = leafText(value);
  const isVersion = name.toLowerCase() === 'if-match' && text !== undefined && !/^(W\/)?"|^\*$/.test(text);
  return isVersion ? tagOfState(text) : text;
}

/** The request of level 2. What no binding takes goes into the query, where an unknown name is refused. */
function translate(request: FacadeRequest, route: Route, path: string, params: JsonObject): FacadeRequest {
  const query: string[] = [];
  const headers: Record<string, string | readonly string[] | undefined> = { ...request.headers };
  delete headers['content-type'];
  let body: Json | undefined;
  for (const [name, value] of Object.entries(params)) {
    const binding = route.bindings.find((one) =>
      one.from === 'body' ? one.variable === name : one.name === (one.from === 'header' ? name.toLowerCase() : name),
    );
    const isOwnHeader = name.toLowerCase() === 'idempotency-key' && route.idempotency !== undefined;
    if (binding?.from === 'header' || isOwnHeader) headers[name.toLowerCase()] = headerText(name, value);
    else if (binding?.from === 'body') body = value;
    else if (binding?.from === 'property') body = { ...(isObject(body) ? body : {}), [name]: value };
    else if (binding?.from !== 'path') query.push(...queryOf(name, value));
  }
  return {
    ...request,
    method: route.method,
    path,
    query: query.join('&'),
    headers: {
      ...headers,
      accept: 'application/json',
      ...(body === undefined || !route.body ? {} : { 'content-type': route.body.mediaType }),
    },
    body: body === undefined ? undefined : new TextEncoder().encode(JSON.stringify(body)),
  };
}

export interface LevelOptions {
  readonly handle: Handle;
  readonly table: RouteTable;
  readonly current: RouteFamily;
  readonly basePath: string;
  readonly levels: readonly number[];
}

/** The request of level 2 behind a call, or why there is none. */
function findTarget(options: LevelOptions, request: FacadeRequest, call: Call, place: string): FacadeRequest | string {
  const { table, current, basePath } = options;
  const { action, params } = call;
  if (place === '/l0') {
    const route = current.routes.find((one) => one.operation === action);
    if (!route) return `There is no action "${action}"`;
    const names = route.segments.flatMap((segment) => (segment.kind === 'parameter' ? [segment.name] : []));
    const values = names.map((name) => leafText(params[name]) ?? '');
    const missing = names.find((_, i) => values[i] === '');
    if (missing !== undefined) return `"${action}" needs "${missing}"`;
    return translate(request, route, basePath + fillTemplate(route.segments, values), params);
  }
  const resource = place.slice('/l1'.length);
  const method = Object.hasOwn(verbs, action) ? verbs[action]! : 'POST';
  const path = Object.hasOwn(verbs, action) ? resource : `${resource}/${encodeURIComponent(action)}`;
  const route = table.match(path)?.routes.get(method);
  if (!route) return `There is no action "${action}" here`;
  return translate(request, route, basePath + path, params);
}

/** The handler with the levels that are switched on; everything else is left to the one it gets. */
export function createLevelHandler(options: LevelOptions): Handle {
  const { handle, basePath, levels } = options;
  return async (request) => {
    const place = request.path.startsWith(`${basePath}/`) ? request.path.slice(basePath.length) : '';
    const isZero = levels.includes(0) && place === '/l0';
    const isOne = levels.includes(1) && place.startsWith('/l1/');
    if (!(isZero || isOne) || request.method !== 'POST') return handle(request);
    const call = readCall(request);
    const target = typeof call === 'string' ? call : findTarget(options, request, call, place);
    return typeof target === 'string' ? levelFault(target) : decideLevel(await handle(target));
  };
}

/**
 * `extensions.apolloConnectorsDebugging`, version 2 (connectors.md 14.4, experience.md 3.2): the shape that the connectors
 * panel of Apollo Sandbox reads. Optional fields are null, never left out. Secrets are taken out before anything is cut off.
 */
import { stringifyJson, type Maybe, type Value } from '../mapping/value.ts';
import { isFormContentType } from '../runtime/form-body.ts';
import { problemLocations, type LoggedProblem, type ProblemLocation } from '../runtime/problem-log.ts';
import type { HeaderPart, RequestParts } from '../spec/connector.ts';
import type { DebugCall, DebugLog } from './debug-log.ts';
import { createTextMask, redactHeaders, redactParameters, type RedactionRules } from './redact.ts';

type DebugHeader = readonly [name: string, value: string];

interface DebugUri {
  readonly base: string | null;
  readonly path: string | null;
  readonly queryParams: string | null;
}

interface DebugSelection {
  readonly source: string;
  readonly transformed: string;
  readonly result: Value;
}

interface DebugBody {
  readonly kind: string;
  readonly content: Value;
  readonly selection: DebugSelection | null;
}

interface DebugRequest {
  readonly url: string;
  readonly method: string;
  readonly headers: readonly DebugHeader[];
  readonly body: DebugBody | null;
  readonly sourceUrl: DebugUri | null;
  readonly connectUrl: DebugUri;
  readonly sourceHeaders: readonly DebugHeader[] | null;
  readonly connectHeaders: readonly DebugHeader[] | null;
}

interface DebugResponse {
  readonly status: number;
  readonly headers: readonly DebugHeader[];
  readonly body: DebugBody;
  readonly errors: {
    readonly message: string | null;
    readonly sourceExtensions: string | null;
    readonly connectExtensions: string | null;
  } | null;
}

interface DebugProblem {
  readonly location: ProblemLocation;
  readonly details: { readonly message: string; readonly path: string; readonly count: number };
}

interface DebugItem {
  readonly request: DebugRequest;
  readonly response: DebugResponse;
  readonly problems: readonly DebugProblem[];
}

export interface DebugPayload {
  readonly version: '2';
  readonly data: readonly DebugItem[];
}

/** A larger body is cut. */
const longestBody = 64 * 1024;

/** One item a call, in the order in which the answers came. */
export const buildDebugPayload = ({ calls }: DebugLog, rules: RedactionRules): DebugPayload => ({
  version: '2',
  data: calls.flatMap((call) => (call.request && call.response ? [buildItem(call, rules)] : [])),
});

function buildItem(call: DebugCall, rules: RedactionRules): DebugItem {
  const found = new Set(rules.secrets);
  const request = hideInRequest(buildRequest(call), rules, found);
  const built = buildResponse(call);
  const response = { ...built, headers: redactHeaders(built.headers, rules, found) };
  const hide = createTextMask(found);
  const hidden = hide({ request, response, problems: foldProblems(call.problems.problems) });
  return {
    ...hidden,
    request: { ...hidden.request, body: hidden.request.body && cutBody(hidden.request.body) },
    response: { ...hidden.response, body: cutBody(hidden.response.body) },
  };
}

// --- the request -----------------------------------------------------------------------------------------------------

function buildRequest(call: DebugCall): DebugRequest {
  const { connector, template } = call;
  const { source } = connector;
  const { url, method, headers } = call.request!;
  return {
    url,
    method,
    headers: headerPairs(call.sentHeaders ?? headers),
    body: requestBody(call),
    sourceUrl: source ? describeUri(source.baseUrl?.text, source) : null,
    connectUrl: describeUri(template.text, connector),
    sourceHeaders: headerTemplates(source?.headers ?? []),
    connectHeaders: headerTemplates(connector.headers),
  };
}

function requestBody({ connector, request, bodyResult }: DebugCall): DebugBody | null {
  const text = request?.body;
  if (!connector.body || text === undefined) return null;
  const contentType = request!.headers['content-type'];
  const isForm = typeof contentType === 'string' && isFormContentType(contentType);
  const source = connector.body.node.value;
  return {
    kind: isForm ? 'form-urlencoded' : 'json',
    content: isForm ? text : orNull(bodyResult),
    selection: { source, transformed: source, result: orNull(bodyResult) },
  };
}

const describeUri = (base: string | undefined, { path, queryParams }: RequestParts): DebugUri => ({
  base: base ?? null,
  path: path?.node.value ?? null,
  queryParams: queryParams?.node.value ?? null,
});

function headerTemplates(parts: readonly HeaderPart[]): DebugHeader[] | null {
  const pairs = parts.flatMap(({ name, value }): DebugHeader[] => (value ? [[name, value.text]] : []));
  return pairs.length === 0 ? null : pairs;
}

const headerPairs = (headers: Readonly<Record<string, string | readonly string[]>>): DebugHeader[] =>
  Object.entries(headers).flatMap(([name, values]) =>
    (typeof values === 'string' ? [values] : values).map((value): DebugHeader => [name.toLowerCase(), value]),
  );

/** What is hidden by its name; texts that appear elsewhere are hidden later, with all that was found. */
function hideInRequest(request: DebugRequest, rules: RedactionRules, found: Set<string>): DebugRequest {
  const hideUri = (uri: DebugUri): DebugUri => ({
    ...uri,
    base: uri.base && redactParameters(uri.base, rules, new Set()),
  });
  const hideHeaders = (headers: readonly DebugHeader[] | null) => headers && redactHeaders(headers, rules, new Set());
  const { body } = request;
  const isForm = body?.kind === 'form-urlencoded' && typeof body.content === 'string';
  return {
    ...request,
    url: redactParameters(request.url, rules, found),
    headers: redactHeaders(request.headers, rules, found),
    body: isForm ? { ...body, content: redactParameters(String(body.content), rules, found) } : body,
    sourceUrl: request.sourceUrl && hideUri(request.sourceUrl),
    connectUrl: hideUri(request.connectUrl),
    sourceHeaders: hideHeaders(request.sourceHeaders),
    connectHeaders: hideHeaders(request.connectHeaders),
  };
}

// --- the response ----------------------------------------------------------------------------------------------------

function buildResponse(call: DebugCall): DebugResponse {
  const { connector, selection } = call;
  const { status, headers, body } = call.response!;
  const source = connector.selection.node.value;
  const hasSelection = body.kind === 'json' && !call.hasFailed;
  return {
    status,
    headers: headerPairs(headers),
    body: {
      kind: body.kind,
      content: body.content,
      selection: hasSelection
        ? { source, transformed: selection?.transformed ?? source, result: orNull(selection?.result) }
        : null,
    },
    errors: describeErrors(call),
  };
}

function describeErrors({ connector: { source, errorsMessage, errorsExtensions } }: DebugCall) {
  const message = (errorsMessage ?? source?.errorsMessage)?.node.value ?? null;
  const sourceExtensions = source?.errorsExtensions?.node.value ?? null;
  const connectExtensions = errorsExtensions?.node.value ?? null;
  const isUnset = message === null && sourceExtensions === null && connectExtensions === null;
  return isUnset ? null : { message, sourceExtensions, connectExtensions };
}

const orNull = (value: Maybe): Value => value ?? null;

function cutBody(body: DebugBody): DebugBody {
  const { content, selection } = body;
  const result = selection && cutValue(selection.result);
  return { ...body, content: cutValue(content), selection: selection && { ...selection, result: result ?? null } };
}

/** A value whose text is too long becomes the beginning of its text. */
function cutValue(value: Value): Value {
  const text = typeof value === 'string' ? value : stringifyJson(value);
  const bytes = Buffer.byteLength(text);
  if (bytes <= longestBody) return value;
  // The last character may be cut in two: it is dropped
  const start = new TextDecoder().decode(Buffer.from(text).subarray(0, longestBody)).replace(/\uFFFD+$/, '');
  return `${start}\n... cut after 64 KB, ${bytes} bytes in all`;
}

// --- problems --------------------------------------------------------------------------------------------------------

/** Equal problems of the items of a list are one, with a count; in the order of the parts of a connector. */
function foldProblems(logged: readonly LoggedProblem[]): DebugProblem[] {
  const folded = new Map<string, { location: ProblemLocation; message: string; path: string; count: number }>();
  for (const { location, problem } of logged) {
    const path = problem.path.map((key) => (typeof key === 'number' ? '@' : key)).join('.');
    const id = JSON.stringify([location, problem.message, path]);
    const same = folded.get(id);
    if (same) same.count += 1;
    else folded.set(id, { location, message: problem.message, path, count: 1 });
  }
  return [...folded.values()]
    .sort((a, b) => problemLocations.indexOf(a.location) - problemLocations.indexOf(b.location))
    .map(({ location, ...details }) => ({ location, details }));
}

/** What many answers share in the OpenAPI document: headers, the problem document, one response for each status. */
import { problemUri } from '../response/decide-failure.ts';
import { codeOfName, problemTypes, type ProblemName, type ProblemType } from '../response/problem-types.ts';
import type { Facts } from '../response/route-request.ts';
import type { JsonSchema } from '../routes/input-schema.ts';
import type { Route } from '../routes/route.ts';

/** What Node's parser takes of all headers together, so no single one is longer. */
const MAX_HEADER_LENGTH = 16_384;
/** Longest text of a problem; it may quote a part of a request. */
const MAX_TEXT_LENGTH = 65_536;
/** Faults of one request: an address cannot hold more wrong parameters. */
const MAX_FAULTS = 5_000;

const text = (more: JsonSchema = {}): JsonSchema => ({ type: 'string', maxLength: MAX_TEXT_LENGTH, ...more });
const status: JsonSchema = { type: 'integer', format: 'int32', minimum: 100, maximum: 599 };

const header = (description: string, schema: JsonSchema = {}): JsonSchema => ({
  description,
  schema: { type: 'string', maxLength: MAX_HEADER_LENGTH, ...schema },
});

const seconds: JsonSchema = { type: 'integer', format: 'int32', minimum: 0, maximum: 2_147_483_647 };
/** Headers by name. A component has the name of its header: linters look for some of them. */
export const sharedHeaders = {
  ETag: header('The state of the representation (RFC 9110, 8.8.3)'),
  Location: header('Where the new resource is'),
  Link: header('Links to related resources (RFC 8288)'),
  Vary: header('The request headers the answer depends on'),
  'Cache-Control': header('How long a copy may be kept (RFC 9111)'),
  'Retry-After': { description: 'Seconds to wait before trying again', schema: seconds },
  'WWW-Authenticate': header('How to authenticate'),
  Accept: header('The media types a body may have'),
  'Accept-Patch': header('The media types a PATCH may have (RFC 5789)'),
  'Accept-Post': header('The media types a POST may have'),
  'Accept-Encoding': header('The encodings a body may have'),
  'Content-Location': header('The address of what is in the body'),
  'Preference-Applied': header('The preferences that were followed (RFC 7240)'),
  'Partial-Response': header('"?1" when a part of the answer is missing; the body says which in "_problems"'),
  'Idempotency-Replayed': header('"true" when the answer is that of an earlier request with the same key'),
  Deprecation: header('Since when the route is deprecated (RFC 9745)'),
  Sunset: header('When the route goes away (RFC 8594)'),
  RateLimit: header('What is left of the quota, where one is set'),
  'RateLimit-Policy': header('The quota, where one is set'),
  'Access-Control-Allow-Origin': header('The origin of the page that may read the answer (CORS)'),
  'X-Request-Id': header('The request in the log of the gateway'),
} as const satisfies Record<string, JsonSchema>;

export type HeaderName = keyof typeof sharedHeaders;

/** Headers that the server in front of the routes may add to any answer. */
const everywhere: readonly HeaderName[] = [
  'Vary',
  'RateLimit',
  'RateLimit-Policy',
  'Access-Control-Allow-Origin',
  'X-Request-Id',
];

/** References to headers, with those of every answer. */
export const refHeaders = (...names: readonly HeaderName[]): JsonSchema =>
  Object.fromEntries([...names, ...everywhere].map((name) => [name, { $ref: `#/components/headers/${name}` }]));

const problemHeaders: Readonly<Record<number, readonly HeaderName[]>> = {
  400: ['Link'],
  401: ['WWW-Authenticate'],
  409: ['Retry-After'],
  410: ['Sunset', 'Link', 'Retry-After'],
  412: ['ETag'],
  415: ['Accept', 'Accept-Patch', 'Accept-Post', 'Accept-Encoding'],
  428: ['Link'],
  429: ['Retry-After'],
  451: ['Link'],
  503: ['Retry-After'],
  504: ['Retry-After'],
};

/** Statuses with several problems, in words for all of them. */
const texts: Readonly<Record<number, string>> = {
  400: 'A parameter or the body cannot be read',
  408: 'The body came too slowly',
  409: 'The state of the resource, or a request with the same key, does not allow this',
  414: 'The address is too long',
  431: 'The headers are too large',
  417: 'The expectation cannot be met',
  422: 'The body is well formed and does not fit',
  502: 'A service behind the route failed',
  503: 'A service behind the route, or the gateway, is not available for the moment',
  504: 'A service behind the route did not answer in time',
};

/** Which problem stands for a status in the example. */
const examples: Readonly<Record<number, ProblemName>> = {
  400: 'invalid-parameter',
  404: 'not-found',
  409: 'conflict',
  410: 'version-gone',
  422: 'validation',
  500: 'internal',
  502: 'upstream-error',
  503: 'circuit-open',
};

const findType = (code: number): [string, ProblemType] | undefined => {
  const named = examples[code];
  if (named) return [named, problemTypes[named]];
  return Object.entries(problemTypes).find(([, type]) => type.status === code);
};

function exampleOf(code: number, base: Pick<Facts, 'basePath' | 'publicUrl'>): JsonSchema {
  const found = findType(code);
  if (!found) return {};
  const [name, type] = found;
  const traceId = '0b5d6c3e-1f0a-4c8e-9d27-5a1f4be0c0de';
  return {
    example: {
      type: problemUri(name, base),
      title: type.title,
      status: code,
      detail: type.meaning,
      code: type.code ?? codeOfName(name),
      instance: `urn:uuid:${traceId}`,
      traceId,
    },
  };
}

export const problemRef: JsonSchema = { $ref: '#/components/schemas/Problem' };

/** The problem document with its status, so that clients can tell answers apart by type. */
export const problemOfStatus = (code: number): JsonSchema => ({
  allOf: [problemRef, { type: 'object', properties: { status: { ...status, const: code } }, required: ['status'] }],
});

export const responseName = (code: number): string => `Problem${code}`;

/** Every status a route may refuse or fail with. */
const statuses = [
  400, 401, 402, 403, 404, 406, 408, 409, 410, 412, 413, 414, 415, 417, 422, 423, 428, 429, 431, 451, 500, 502, 503,
  504,
];

/** Headers of every answer of routes that are on their way out. */
export function lifecycleHeaderNames({ lifecycle }: Pick<Route, 'lifecycle'>): HeaderName[] {
  const { deprecated, sunset, successor } = lifecycle;
  return [
    ...(deprecated ? (['Deprecation'] as const) : []),
    ...(sunset ? (['Sunset'] as const) : []),
    ...(successor ? (['Link'] as const) : []),
  ];
}

/** A header of every answer that is kept under a key, problems too. */
export const replayHeaderNames = ({ idempotency }: Pick<Route, 'idempotency'>): HeaderName[] =>
  idempotency ? ['Idempotency-Replayed'] : [];

/** One shared response for each status, and one for the rest; `more` are headers that any of them may have. */
export const buildSharedResponses = (
  base: Pick<Facts, 'basePath' | 'publicUrl'>,
  more: readonly HeaderName[],
): JsonSchema => ({
  ...Object.fromEntries(
    statuses.map((code) => [
      responseName(code),
      {
        description: texts[code] ?? findType(code)?.[1].title ?? 'A problem',
        headers: refHeaders('Cache-Control', ...(problemHeaders[code] ?? []), ...more),
        content: { 'application/problem+json': { schema: problemOfStatus(code), ...exampleOf(code, base) } },
      },
    ]),
  ),
  NotModified: {
    description: 'The copy at hand is still good',
    headers: refHeaders('ETag', 'Cache-Control', 'Content-Location', 'Link', 'Preference-Applied', ...more),
  },
  AnyProblem: {
    description: 'Another problem',
    headers: refHeaders('Cache-Control', ...more),
    content: { 'application/problem+json': { schema: problemRef } },
  },
});

/** The problem document (RFC 9457), with the members every problem has here. */
export const problemSchema: JsonSchema = {
  type: 'object',
  description: 'A problem document (RFC 9457)',
  properties: {
    type: text({ format: 'uri-reference', description: 'A page that says what it means' }),
    title: text(),
    status,
    detail: text(),
    instance: text({ format: 'uri-reference', description: 'The request, as a URN' }),
    code: text(),
    traceId: text(),
    errors: {
      type: 'array',
      maxItems: MAX_FAULTS,
      items: {
        type: 'object',
        properties: { pointer: text(), parameter: text(), header: text(), detail: text(), code: text(), status },
        required: ['detail'],
      },
    },
  },
  required: ['type', 'title', 'status', 'detail', 'instance', 'code', 'traceId'],
};

/** A HAL document: links and embedded resources, beside the members of the JSON representation. */
export const halSchema: JsonSchema = {
  type: 'object',
  description:
    'A HAL document: the members of the JSON representation, entities with a route moved to "_embedded". As HAL-FORMS also "_templates": the writes that are possible from here',
  properties: { _links: { type: 'object' }, _embedded: { type: 'object' }, _templates: { type: 'object' } },
  required: ['_links'],
};

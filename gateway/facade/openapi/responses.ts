/** Responses of an operation in OpenAPI: the rows of the decision table it can reach (facade.md 7.1). */
import type { Json } from '../contract.ts';
import { problemTypes, titleOfName } from '../response/problem-types.ts';
import { isCollection } from '../response/locate.ts';
import type { JsonSchema } from '../routes/input-schema.ts';
import type { Route } from '../routes/route.ts';
import type { SelectionSchemaBuilder } from './selection-schema.ts';

const headerOf = (description: string): JsonSchema => ({ description, schema: { type: 'string' } });

/** Headers by name, shared by all responses. */
export const sharedHeaders: JsonSchema = {
  ETag: headerOf('The state of the representation'),
  Location: headerOf('Where the new resource is'),
  Link: headerOf('Links to related resources (RFC 8288)'),
  CacheControl: headerOf('How long a copy may be kept'),
  RetryAfter: headerOf('Seconds to wait before trying again'),
  Allow: headerOf('The methods of the path'),
  WwwAuthenticate: headerOf('How to authenticate'),
  AcceptPatch: headerOf('The media types a PATCH may have'),
  PartialResponse: headerOf('"?1" when a part of the answer is missing; the body says which in "_problems"'),
  IdempotencyReplayed: headerOf('"true" when the answer is that of an earlier request with the same key'),
  ContentLocation: headerOf('The address of what is in the body'),
};

const headers = (...names: (readonly [string, string])[]): JsonSchema =>
  Object.fromEntries(names.map(([name, component]) => [name, { $ref: `#/components/headers/${component}` }]));

const problemContent: JsonSchema = {
  'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } },
};

const errorHeaders: Readonly<Record<number, JsonSchema>> = {
  401: headers(['WWW-Authenticate', 'WwwAuthenticate']),
  429: headers(['Retry-After', 'RetryAfter']),
  503: headers(['Retry-After', 'RetryAfter']),
};

const statusTitles: Readonly<Record<number, string>> = {
  400: 'A parameter or the body cannot be read',
  502: 'A service behind the route failed',
  503: 'A service behind the route is not available for the moment',
  504: 'A service behind the route did not answer in time',
};

const titleOfStatus = (status: number): string =>
  statusTitles[status] ?? Object.values(problemTypes).find((type) => type.status === status)?.title ?? 'A problem';

const responseName = (status: number): string => `Problem${status}`;

const sharedStatuses = [400, 401, 403, 404, 406, 409, 410, 412, 415, 422, 428, 429, 500, 502, 503, 504];

/** One shared response for each status, and one for the rest. */
export const sharedResponses: JsonSchema = {
  ...Object.fromEntries(
    sharedStatuses.map((status) => [
      responseName(status),
      {
        description: titleOfStatus(status),
        ...(errorHeaders[status] ? { headers: errorHeaders[status] } : {}),
        content: problemContent,
      },
    ]),
  ),
  NotModified: {
    description: 'The copy at hand is still good',
    headers: headers(['ETag', 'ETag'], ['Cache-Control', 'CacheControl']),
  },
  AnyProblem: { description: 'Another problem', content: problemContent },
};

/** The problem document (RFC 9457), with the members every problem has here. */
export const problemSchema: JsonSchema = {
  type: 'object',
  description: 'A problem document (RFC 9457)',
  properties: {
    type: { type: 'string', description: 'A page that says what it means' },
    title: { type: 'string' },
    status: { type: 'integer' },
    detail: { type: 'string' },
    instance: { type: 'string', description: 'The request, as a URN' },
    code: { type: 'string' },
    traceId: { type: 'string' },
    errors: {
      type: 'array',
      items: {
        type: 'object',
        properties: {
          pointer: { type: 'string' },
          parameter: { type: 'string' },
          header: { type: 'string' },
          detail: { type: 'string' },
          code: { type: 'string' },
          status: { type: 'integer' },
        },
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

/** The statuses of errors that a route can reach. */
function reachableErrors(route: Route, validationStatus: number): number[] {
  const statuses = [400, 401, 403, 404, 412, validationStatus, 429, 500, 502, 503, 504];
  if (route.success !== 204) statuses.push(406);
  if (route.isMutation) statuses.push(409);
  if (route.body) statuses.push(415);
  if (route.idempotency) statuses.push(422);
  if (route.guard?.required) statuses.push(428);
  if (route.lifecycle.sunset) statuses.push(410);
  return [...new Set(statuses)].sort((a, b) => a - b);
}

/** Problems that an outcome becomes: the standard members and what the document selects. */
function outcomeResponses(route: Route, builder: SelectionSchemaBuilder): Map<number, JsonSchema> {
  const byStatus = new Map<number, JsonSchema[]>();
  for (const { type, status, problem } of route.outcomes) {
    if (status < 400) continue;
    const variant = type === undefined ? undefined : route.result.selection?.variants.get(type);
    const { message: _message, ...properties } = variant ? builder.buildProperties(variant) : {};
    const schema: JsonSchema = {
      allOf: [{ $ref: '#/components/schemas/Problem' }, { type: 'object', properties }],
      title: titleOfName(problem),
    };
    byStatus.set(status, [...(byStatus.get(status) ?? []), schema]);
  }
  return new Map(
    [...byStatus].map(([status, schemas]) => [
      status,
      {
        description: schemas.map((schema) => schema['title'] as string).join('; '),
        content: {
          'application/problem+json': { schema: { anyOf: [...schemas, { $ref: '#/components/schemas/Problem' }] } },
        },
      },
    ]),
  );
}

function successResponse(route: Route, builder: SelectionSchemaBuilder): JsonSchema {
  const description = route.creates ? 'Created' : (route.summary ?? 'Done');
  const hasTag = !route.isMutation || route.resource?.version !== undefined;
  const tag: (readonly [string, string])[] = hasTag ? [['ETag', 'ETag']] : [];
  if (route.success === 204)
    return { description: 'Done', headers: headers(['Cache-Control', 'CacheControl'], ...tag) };
  return {
    description,
    headers: headers(
      ...tag,
      ['Cache-Control', 'CacheControl'],
      ['Link', 'Link'],
      ['Partial-Response', 'PartialResponse'],
      ...(route.creates ? ([['Location', 'Location']] as const) : []),
      ...(route.idempotency ? ([['Idempotency-Replayed', 'IdempotencyReplayed']] as const) : []),
    ),
    content: {
      'application/json': { schema: builder.build(route.representation, true) },
      'application/hal+json': { schema: { $ref: '#/components/schemas/HalDocument' } },
      'application/prs.hal-forms+json': { schema: { $ref: '#/components/schemas/HalDocument' } },
    },
  };
}

export function buildResponses(route: Route, builder: SelectionSchemaBuilder, validationStatus: number): JsonSchema {
  const responses: { [status: string]: Json } = { [route.success]: successResponse(route, builder) };
  const isMinimalPossible = (route.method === 'PUT' || route.method === 'PATCH') && route.success === 200;
  if (isMinimalPossible)
    responses['204'] = { description: 'Done; asked for with `Prefer: return=minimal`, or nothing changed' };
  if (route.method === 'GET') responses['304'] = { $ref: '#/components/responses/NotModified' };
  for (const status of reachableErrors(route, validationStatus)) {
    if (status === 404 && isCollection(route) && route.resultPath.length === 1) continue;
    responses[String(status)] = { $ref: `#/components/responses/${responseName(status)}` };
  }
  for (const [status, response] of outcomeResponses(route, builder)) responses[String(status)] = response;
  responses['default'] = { $ref: '#/components/responses/AnyProblem' };
  return responses;
}

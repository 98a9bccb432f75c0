/** Responses of an operation in OpenAPI: the rows of the decision table it can reach (facade.md 7.1). */
import type { Json } from '../contract.ts';
import { titleOfName } from '../response/problem-types.ts';
import { isCollection } from '../response/locate.ts';
import type { JsonSchema } from '../routes/input-schema.ts';
import type { Route } from '../routes/route.ts';
import { findRoute } from '../response/read-job.ts';
import { buildJobLinks, buildJobResponses } from './job-responses.ts';
import { buildLinks } from './links.ts';
import { buildStartResponses } from './operations.ts';
import type { SelectionSchemaBuilder } from './selection-schema.ts';
import {
  problemOfStatus,
  problemRef,
  lifecycleHeaderNames,
  refHeaders,
  replayHeaderNames,
  responseName,
} from './shared-responses.ts';

/** P and E rows that every route can reach. */
const always = [400, 401, 402, 403, 404, 406, 410, 412, 414, 417, 429, 431, 451, 500, 502, 503, 504];

/** The statuses of errors that a route can reach. */
function reachableErrors(route: Route, validationStatus: number): number[] {
  const ofWrites = route.isMutation ? [409, 423, 428] : [];
  const ofBodies = route.body ? [408, 413, 415] : [];
  const ofKeys = route.idempotency ? [409, 422] : [];
  const all = new Set([...always, validationStatus, ...ofWrites, ...ofBodies, ...ofKeys]);
  if (isCollection(route) && route.resultPath.length === 1) all.delete(404); // a search that finds nothing is empty (S3)
  return [...all].sort((a, b) => a - b);
}

/** Problems that an outcome becomes: the standard members and what the document selects. */
function outcomeResponses(route: Route, builder: SelectionSchemaBuilder): Map<number, JsonSchema> {
  const byStatus = new Map<number, JsonSchema[]>();
  for (const { type, status, problem } of route.outcomes) {
    if (status < 400) continue;
    const variant = type === undefined ? undefined : route.result.selection?.variants.get(type);
    const { message: _message, ...properties } = variant ? builder.buildProperties(variant) : {};
    const schema: JsonSchema = {
      allOf: [problemRef, { type: 'object', properties }],
      title: titleOfName(problem),
    };
    byStatus.set(status, [...(byStatus.get(status) ?? []), schema]);
  }
  return new Map(
    [...byStatus].map(([status, schemas]) => [
      status,
      {
        description: schemas.map((schema) => schema['title'] as string).join('; '),
        headers: refHeaders(
          'Cache-Control',
          ...replayHeaderNames(route),
          ...(status === 409 ? (['Retry-After'] as const) : []),
        ),
        content: {
          'application/problem+json': { schema: { anyOf: [...schemas, problemOfStatus(status)] } },
        },
      },
    ]),
  );
}

function successHeaders(route: Route): JsonSchema {
  const hasTag = !route.isMutation || route.job !== undefined || route.resource?.version !== undefined;
  const hasBody = route.success !== 204;
  return refHeaders(
    ...(hasTag ? (['ETag'] as const) : []),
    'Cache-Control',
    ...(hasBody ? (['Link', 'Content-Location', 'Preference-Applied', 'Partial-Response'] as const) : []),
    ...(route.creates || route.success === 202 ? (['Location'] as const) : []),
    ...(route.job ? (['Retry-After'] as const) : []),
    ...replayHeaderNames(route),
    ...lifecycleHeaderNames(route),
  );
}

type OwnType = ResponseChoices['ownType'];

function contentOf(route: Route, builder: SelectionSchemaBuilder, ownType: OwnType): JsonSchema {
  const schema = builder.build(route.representation, true);
  return {
    'application/json': { schema },
    ...(ownType === undefined ? {} : { [ownType]: { schema } }),
    'application/hal+json': { schema: { $ref: '#/components/schemas/HalDocument' } },
    'application/prs.hal-forms+json': { schema: { $ref: '#/components/schemas/HalDocument' } },
  };
}

function successResponse(route: Route, builder: SelectionSchemaBuilder, ownType: OwnType): JsonSchema {
  const description = route.creates ? 'Created' : route.success === 202 ? 'Started' : (route.summary ?? 'Done');
  if (route.success === 204) return { description: 'Done', headers: successHeaders(route) };
  const links = { ...buildLinks(route), ...buildJobLinks(route) };
  return {
    description,
    headers: successHeaders(route),
    content: contentOf(route, builder, ownType),
    ...(Object.keys(links).length > 0 ? { links } : {}),
  };
}

export interface ResponseChoices {
  readonly validationStatus: 422 | 400;
  readonly asyncDone: 'redirect' | 'link';
  /** The media type that names the version, where one may be asked for. */
  readonly ownType: string | undefined;
}

export function buildResponses(
  route: Route,
  builder: SelectionSchemaBuilder,
  { validationStatus, asyncDone, ownType }: ResponseChoices,
): JsonSchema {
  const success = successResponse(route, builder, ownType);
  const job = route.isMutation ? findRoute(route, route.job?.job) : route;
  const jobContent = job ? contentOf(job, builder, ownType) : {};
  const responses: { [status: string]: Json } = route.isBackground
    ? buildStartResponses(route)
    : { [route.success]: success, ...buildJobResponses(route, success, jobContent, asyncDone) };
  const isMinimalPossible =
    (route.method === 'PUT' || route.method === 'PATCH') && route.success === 200 && !route.isBackground;
  if (isMinimalPossible) {
    responses['204'] = {
      description: 'Done; asked for with `Prefer: return=minimal`, or nothing changed',
      headers: refHeaders('ETag', 'Cache-Control', 'Preference-Applied', ...lifecycleHeaderNames(route)),
    };
  }
  if (route.method === 'GET') responses['304'] = { $ref: '#/components/responses/NotModified' };
  for (const status of reachableErrors(route, validationStatus)) {
    responses[String(status)] = { $ref: `#/components/responses/${responseName(status)}` };
  }
  for (const [status, response] of outcomeResponses(route, builder)) responses[String(status)] = response;
  responses['default'] = { $ref: '#/components/responses/AnyProblem' };
  return responses;
}

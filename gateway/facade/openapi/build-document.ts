/** The OpenAPI 3.1 document of one version (facade.md 7.1), from the model that answers the requests. */
import type { FacadeOptions, Json } from '../contract.ts';
import type { Facts } from '../response/route-request.ts';
import { buildBodySchema } from '../routes/compile-routes.ts';
import { InputSchemaBuilder, type JsonSchema } from '../routes/input-schema.ts';
import type { Route, RouteFamily } from '../routes/route.ts';
import { printTemplate } from '../routes/route-template.ts';
import { buildParameters, sharedParameters } from './parameters.ts';
import { buildResponses, halSchema, problemSchema, sharedHeaders, sharedResponses } from './responses.ts';
import { SelectionSchemaBuilder } from './selection-schema.ts';

export interface OpenApiOptions {
  readonly family: RouteFamily;
  readonly base: Pick<Facts, 'basePath' | 'publicUrl'>;
  readonly info: FacadeOptions['info'];
  readonly validationStatus: 422 | 400;
}

/** The group of a route: the noun its path starts with. */
function tagOf(route: Route): string {
  const first = route.segments.find((segment) => segment.kind === 'literal');
  return first?.kind === 'literal' ? first.text : 'api';
}

function buildBody(route: Route, input: InputSchemaBuilder): JsonSchema {
  const body = route.body && buildBodySchema(route.bindings, input);
  if (!route.body || !body) return {};
  return { requestBody: { required: body.required, content: { [route.body.mediaType]: { schema: body.schema } } } };
}

function buildOperation(
  route: Route,
  input: InputSchemaBuilder,
  output: SelectionSchemaBuilder,
  validationStatus: number,
): JsonSchema {
  const parameters = buildParameters(route, input);
  return {
    operationId: route.operation,
    tags: [tagOf(route)],
    ...(route.summary === undefined ? {} : { summary: route.summary }),
    ...(route.description === undefined ? {} : { description: route.description }),
    ...(route.lifecycle.deprecated ? { deprecated: true } : {}),
    ...(route.lifecycle.sunset ? { 'x-sunset': route.lifecycle.sunset.toISOString().slice(0, 10) } : {}),
    ...(parameters.length > 0 ? { parameters } : {}),
    ...buildBody(route, input),
    responses: buildResponses(route, output, validationStatus),
  };
}

/** Builds the document. */
export function buildOpenApi({ family, base, info, validationStatus }: OpenApiOptions): Record<string, Json> {
  const input = new InputSchemaBuilder('#/components/schemas/');
  const output = new SelectionSchemaBuilder();
  const paths: { [path: string]: { [method: string]: Json } } = {};
  for (const route of family.routes) {
    const path = printTemplate(route.segments);
    paths[path] = {
      ...paths[path],
      [route.method.toLowerCase()]: buildOperation(route, input, output, validationStatus),
    };
  }
  const prefix = family.isCurrent ? '' : `/${family.version}`;
  const tags = [...new Set(family.routes.map(tagOf))].sort();
  return {
    openapi: '3.1.1',
    info: {
      title: info?.title ?? 'API',
      version: info?.version ?? `${family.version.slice(1)}.0.0`,
      ...(info?.description === undefined ? {} : { description: info.description }),
    },
    servers: [{ url: `${base.publicUrl}${base.basePath}${prefix}` || '/' }],
    tags: tags.map((name) => ({ name })),
    paths,
    components: {
      schemas: { ...input.definitions, ...output.definitions, Problem: problemSchema, HalDocument: halSchema },
      parameters: sharedParameters,
      headers: sharedHeaders,
      responses: sharedResponses,
    },
  };
}

/** The OpenAPI 3.1 document of one version (facade.md 7.1), from the model that answers the requests. */
import type { ApiInfo, FacadeOptions, Json } from '../contract.ts';
import type { Facts } from '../response/route-request.ts';
import { buildBodySchema } from '../routes/compile-routes.ts';
import { InputSchemaBuilder, type JsonSchema } from '../routes/input-schema.ts';
import type { Limits } from '../routes/limits.ts';
import type { Route, RouteFamily } from '../routes/route.ts';
import { jsonPatchType, LONGEST_POINTER } from '../routes/json-patch.ts';
import { printTemplate } from '../routes/route-template.ts';
import { alignParameters } from './align-parameters.ts';
import { buildCallbacks, buildOperationPath, callbackParameter, operationSchema } from './operations.ts';
import { describeRoute } from './describe-route.ts';
import { buildParameters, sharedParameters } from './parameters.ts';
import { buildResponses, type ResponseChoices } from './responses.ts';
import { SelectionSchemaBuilder } from './selection-schema.ts';
import {
  buildSharedResponses,
  halSchema,
  lifecycleHeaderNames,
  replayHeaderNames,
  problemSchema,
  sharedHeaders,
} from './shared-responses.ts';
import { usedComponents } from './used-components.ts';

export interface OpenApiOptions extends ResponseChoices {
  readonly family: RouteFamily;
  readonly base: Pick<Facts, 'basePath' | 'publicUrl'>;
  readonly info: FacadeOptions['info'];
  readonly limits: Limits;
  /** Is a 304 of the route told from key and version alone? */
  readonly hasProbe: (route: Route) => boolean;
  /** The end of operations can be told to an address of the client. */
  readonly hasWebhooks: boolean;
  readonly securitySchemes: NonNullable<FacadeOptions['securitySchemes']>;
}

/** The group of a route: the noun its path starts with. */
function tagOf(route: Route): string {
  const first = route.segments.find((segment) => segment.kind === 'literal');
  return first?.kind === 'literal' ? first.text : 'api';
}

/** Operations on the representation that GET answers with (RFC 6902). */
const jsonPatchSchema: JsonSchema = {
  type: 'array',
  maxItems: 1000,
  items: {
    type: 'object',
    properties: {
      op: { type: 'string', enum: ['add', 'remove', 'replace', 'move', 'copy', 'test'] },
      path: { type: 'string', maxLength: LONGEST_POINTER, description: 'A JSON Pointer (RFC 6901)' },
      from: { type: 'string', maxLength: LONGEST_POINTER },
      value: {},
    },
    required: ['op', 'path'],
  },
};

function buildBody(route: Route, input: InputSchemaBuilder): JsonSchema {
  const body = route.body && buildBodySchema(route.bindings, input);
  if (!route.body || !body) return {};
  const schemaOf = (type: string) => (type === jsonPatchType ? jsonPatchSchema : body.schema);
  const content = Object.fromEntries(route.body.mediaTypes.map((type) => [type, { schema: schemaOf(type) }]));
  return { requestBody: { required: body.required, content } };
}

function buildOperation(
  route: Route,
  input: InputSchemaBuilder,
  output: SelectionSchemaBuilder,
  choices: OpenApiOptions,
): JsonSchema {
  const hasCallback = route.isBackground && choices.hasWebhooks;
  const parameters = [...buildParameters(route, input), ...(hasCallback ? [callbackParameter] : [])];
  return {
    operationId: route.operation,
    tags: [tagOf(route)],
    ...(route.summary === undefined ? {} : { summary: route.summary }),
    description: describeRoute(route),
    ...(route.lifecycle.deprecated ? { deprecated: true } : {}),
    ...(route.lifecycle.sunset ? { 'x-sunset': route.lifecycle.sunset.toISOString().slice(0, 10) } : {}),
    ...behaviourOf(route, choices),
    ...(parameters.length > 0 ? { parameters } : {}),
    ...buildBody(route, input),
    ...(hasCallback ? { callbacks: buildCallbacks() } : {}),
    responses: buildResponses(route, output, choices),
  };
}

/** What a condition costs, and how safe it is (facade.md 5.2 and 5.3). */
function behaviourOf(route: Route, { hasProbe }: OpenApiOptions): JsonSchema {
  if (route.method === 'GET') {
    const tag = route.resource?.version !== undefined && !route.collection ? 'state' : 'hash';
    return { 'x-conditional': { tag, cost: hasProbe(route) ? 'probe' : 'full' } };
  }
  if (!route.guard) return {};
  const isPassedOn = route.bindings.some(({ from, name }) => from === 'header' && name === 'if-match');
  return { 'x-precondition': isPassedOn ? 'service' : 'advisory' };
}

function buildInfo(info: ApiInfo | undefined, family: RouteFamily): JsonSchema {
  const title = info?.title ?? 'API';
  return {
    title,
    version: family.isCurrent && info ? info.version : `${family.version.slice(1)}.0.0`,
    description: info?.description ?? `The REST side of ${title}, version ${family.version}`,
    ...(info?.contact ? { contact: { ...info.contact } } : {}),
    ...(info?.license ? { license: { ...info.license } } : {}),
  };
}

/** Builds the document. */
export function buildOpenApi(options: OpenApiOptions): Record<string, Json> {
  const { family, base, info, limits, securitySchemes } = options;
  const input = new InputSchemaBuilder('#/components/schemas/', limits);
  const output = new SelectionSchemaBuilder(limits);
  const paths: { [path: string]: { [method: string]: Json } } = {};
  for (const route of alignParameters(family.routes)) {
    const path = printTemplate(route.segments);
    paths[path] = {
      ...paths[path],
      [route.method.toLowerCase()]: buildOperation(route, input, output, options),
    };
  }
  const hasOperations = family.routes.some(({ isBackground }) => isBackground);
  if (hasOperations) paths['/operations/{id}'] = buildOperationPath();
  const prefix = family.isCurrent ? '' : `/${family.version}`;
  const ofAny = [
    ...new Set(family.routes.flatMap((route) => [...lifecycleHeaderNames(route), ...replayHeaderNames(route)])),
  ];
  const schemeNames = Object.keys(securitySchemes);
  const tags = [...new Set([...family.routes.map(tagOf), ...(hasOperations ? ['operations'] : [])])].sort();
  return {
    openapi: '3.1.1',
    info: buildInfo(info, family),
    // Without a public address the API is for the machine or the network it runs on.
    servers: [{ url: `${base.publicUrl}${base.basePath}${prefix}` || '/', 'x-internal': base.publicUrl === '' }],
    // None is said as well: a list without an entry needs no credentials.
    security: schemeNames.map((name) => ({ [name]: [] })),
    tags: tags.map((name) => ({ name, description: `Everything under /${name}` })),
    paths,
    components: {
      ...usedComponents(paths, {
        schemas: {
          ...input.definitions,
          ...output.definitions,
          Problem: problemSchema,
          HalDocument: halSchema,
          GatewayOperation: operationSchema,
        },
        parameters: sharedParameters,
        headers: sharedHeaders,
        responses: buildSharedResponses(base, ofAny) as { [name: string]: Json },
      }),
      ...(schemeNames.length > 0 ? { securitySchemes: structuredClone(securitySchemes) as Json } : {}),
    },
  };
}

/** Operations of the gateway in OpenAPI: the resource, its path, and what a write that is worked on later answers (S12, S13). */
import type { Json } from '../contract.ts';
import type { JsonSchema } from '../routes/input-schema.ts';
import type { Route } from '../routes/route.ts';
import { lifecycleHeaderNames, problemRef, refHeaders, responseName, type HeaderName } from './shared-responses.ts';

const moment: JsonSchema = { type: 'string', format: 'date-time', maxLength: 30 };
const ref: JsonSchema = { $ref: '#/components/schemas/GatewayOperation' };

/** The component `GatewayOperation`. */
export const operationSchema: JsonSchema = {
  type: 'object',
  description: 'A write that the gateway works on after it has answered',
  properties: {
    id: { type: 'string', maxLength: 64 },
    operation: { type: 'string', maxLength: 255, description: 'The operationId of the write' },
    status: { type: 'string', enum: ['RUNNING', 'SUCCEEDED', 'FAILED'] },
    startedAt: moment,
    endedAt: moment,
    expiresAt: { ...moment, description: 'From then on it is not found any more' },
    result: { description: 'What the write answered, where that has no address of its own' },
    _problem: { description: 'Why it failed', type: 'object' },
  },
  required: ['id', 'operation', 'status', 'startedAt', 'expiresAt'],
};

const response = (description: string, names: readonly HeaderName[], route?: Route): JsonSchema => ({
  description,
  headers: refHeaders(
    'Cache-Control',
    'Vary',
    'Link',
    'Preference-Applied',
    ...names,
    ...(route?.idempotency ? (['Idempotency-Replayed'] as const) : []),
    ...(route ? lifecycleHeaderNames(route) : []),
  ),
  content: {
    'application/json': { schema: ref },
    'application/hal+json': { schema: { $ref: '#/components/schemas/HalDocument' } },
    'application/prs.hal-forms+json': { schema: { $ref: '#/components/schemas/HalDocument' } },
  },
});

/** What a write that is worked on later answers when it is begun. */
export const buildStartResponses = (route: Route): { [status: string]: Json } => ({
  202: {
    ...response('Begun; `Location` says where its operation is', ['Location', 'Retry-After', 'ETag'], route),
    links: { operation: { operationId: 'GetGatewayOperation', parameters: { id: '$response.body#/id' } } },
  },
  200: response('The operation, when it has ended within `Prefer: wait`', ['Content-Location', 'ETag'], route),
  303: response('Ended within `Prefer: wait`; what was made is elsewhere', ['Location'], route),
});

/** The path of all operations of a version. */
export const buildOperationPath = (): { [method: string]: Json } => ({
  get: {
    operationId: 'GetGatewayOperation',
    tags: ['operations'],
    summary: 'How far a write has come that was begun before',
    description: 'With `Prefer: wait=n` it answers once the write has ended, n seconds later at the latest.',
    parameters: [
      { name: 'id', in: 'path', required: true, schema: { type: 'string', maxLength: 64, pattern: '^[\\w-]+$' } },
      { $ref: '#/components/parameters/IfNoneMatch' },
    ],
    responses: {
      200: response('Under way, failed, or ended without an address of its own', ['Retry-After', 'ETag']),
      303: response('Done; what was made is elsewhere', ['Location']),
      304: { $ref: '#/components/responses/NotModified' },
      ...Object.fromEntries(
        [400, 401, 404, 406, 414, 417, 429, 431, 500, 503].map((status) => [
          status,
          { $ref: `#/components/responses/${responseName(status)}` },
        ]),
      ),
      default: { $ref: '#/components/responses/AnyProblem' },
    },
  },
});

/** The header in which a client names an address to be told at. */
export const callbackParameter: JsonSchema = {
  name: 'Callback-URL',
  in: 'header',
  required: false,
  description: 'Where the end of the operation is told, by POST; only addresses that the gateway allows',
  schema: { type: 'string', format: 'uri', maxLength: 8_192 },
};

/** What is sent there (Standard Webhooks). */
export const buildCallbacks = (): { [name: string]: Json } => {
  const header = (name: string): JsonSchema => ({
    name,
    in: 'header',
    required: true,
    schema: { type: 'string', maxLength: 255 },
  });
  const event: JsonSchema = {
    type: 'object',
    properties: {
      type: { type: 'string', enum: ['operation.succeeded', 'operation.failed'] },
      timestamp: moment,
      data: ref,
    },
    required: ['type', 'timestamp', 'data'],
  };
  return {
    ended: {
      '{$request.header.callback-url}': {
        post: {
          summary: 'The operation has ended',
          parameters: ['webhook-id', 'webhook-timestamp', 'webhook-signature'].map(header),
          requestBody: { required: true, content: { 'application/json': { schema: event } } },
          responses: {
            '2XX': { description: 'Taken' },
            410: { description: 'Nobody is there any more: it is not sent again' },
            default: {
              description: 'Sent again later',
              content: { 'application/problem+json': { schema: problemRef } },
            },
          },
        },
      },
    },
  };
};

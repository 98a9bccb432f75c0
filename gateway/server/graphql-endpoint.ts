/**
 * /graphql: GraphQL over HTTP for clients, a page for browsers. The HTTP layer is ours, in front of Apollo Server, so that
 * broken JSON is answered in JSON, a wrong content type is 415, and 405 carries Allow (facade.md, 3.5, classic).
 */
import type { ApolloServer } from '@apollo/server';
import { HeaderMap } from '@apollo/server';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import Negotiator from 'negotiator';
import { createRequestContext, type RequestContext } from '../execution/request-context.ts';
import { bodyOf, openExchange } from './exchange.ts';

export interface GraphqlEndpointOptions {
  readonly server: ApolloServer<RequestContext>;
  readonly deadlineMs: number;
  /** Answers a browser that opens the address; undefined when pages are off. */
  readonly sendPage: ((request: FastifyRequest, reply: FastifyReply) => Promise<FastifyReply>) | undefined;
}

const ALLOWED = 'GET, POST, OPTIONS';

export function mountGraphql(app: FastifyInstance, options: GraphqlEndpointOptions): void {
  app.route({
    method: ['GET', 'POST'],
    url: '/graphql',
    exposeHeadRoute: false,
    config: { compress: {} },
    handler: async (request, reply) => {
      if (isForPage(request)) {
        if (options.sendPage !== undefined) return options.sendPage(request, reply);
        return sendErrors(reply, 406, 'There is no page here: server.landingPage is off');
      }
      return answer(options, request, reply);
    },
  });
  app.route({
    method: ['HEAD', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'],
    url: '/graphql',
    handler: async (request, reply) => {
      reply.header('allow', ALLOWED);
      if (request.method === 'OPTIONS') return reply.status(204).send();
      return sendErrors(reply, 405, 'GraphQL is served by GET and POST');
    },
  });
}

/** A browser opening the address: it wants HTML most, and asks no query, or names the page that is to show it. */
function isForPage(request: FastifyRequest): boolean {
  const { query, ide } = request.query as Record<string, unknown>;
  if (request.method !== 'GET' || (query !== undefined && ide === undefined)) return false;
  const types = ['application/graphql-response+json', 'application/json', 'text/html'];
  return new Negotiator(request.raw).mediaType(types) === 'text/html';
}

async function answer(options: GraphqlEndpointOptions, request: FastifyRequest, reply: FastifyReply) {
  const body = readGraphqlBody(request);
  if (body.kind === 'refused') {
    if (body.status === 415) reply.header('accept-post', 'application/json');
    return sendErrors(reply, body.status, body.message);
  }
  const exchange = openExchange(request, reply, options.deadlineMs);
  const response = await options.server.executeHTTPGraphQLRequest({
    httpGraphQLRequest: {
      method: request.method,
      headers: toHeaderMap(request),
      search: request.url.includes('?') ? request.url.slice(request.url.indexOf('?')) : '',
      body: body.value,
    },
    context: async () => createRequestContext({ face: 'graphql', headers: request.headers, ...exchange }),
  });
  for (const [name, value] of response.headers) reply.header(name, value);
  if (response.status === 405) reply.header('allow', request.method === 'GET' ? 'POST' : ALLOWED);
  reply.status(response.status ?? 200);
  if (response.body.kind === 'complete') return reply.send(response.body.string);
  let text = '';
  for await (const chunk of response.body.asyncIterator) text += chunk;
  return reply.send(text);
}

type GraphqlBody =
  | { readonly kind: 'read'; readonly value: unknown }
  | { readonly kind: 'refused'; readonly status: number; readonly message: string };

function readGraphqlBody(request: FastifyRequest): GraphqlBody {
  if (request.method === 'GET') return { kind: 'read', value: undefined };
  const mediaType = request.headers['content-type']?.split(';')[0]?.trim().toLowerCase();
  if (mediaType !== 'application/json') {
    return { kind: 'refused', status: 415, message: 'Send the query as application/json' };
  }
  const bytes = bodyOf(request);
  if (bytes === undefined) return { kind: 'refused', status: 400, message: 'The body is empty' };
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return { kind: 'read', value: JSON.parse(text) as unknown };
  } catch (error) {
    const message = error instanceof SyntaxError ? 'The body is not valid JSON' : 'The body is not valid UTF-8';
    return { kind: 'refused', status: 400, message };
  }
}

function toHeaderMap(request: FastifyRequest): HeaderMap {
  const headers = new HeaderMap();
  for (const [name, value] of Object.entries(request.headers)) {
    if (value !== undefined) headers.set(name, Array.isArray(value) ? value.join(', ') : value);
  }
  return headers;
}

const sendErrors = (reply: FastifyReply, status: number, message: string): FastifyReply =>
  reply
    .status(status)
    .header('content-type', 'application/json; charset=utf-8')
    .header('cache-control', 'no-store')
    .send(JSON.stringify({ errors: [{ message, extensions: { code: 'BAD_REQUEST' } }] }));

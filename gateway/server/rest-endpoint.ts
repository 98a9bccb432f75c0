/** The facade under its base path: one wildcard route, because the facade matches with its own table (facade.md, 3.2). */
import type { ApolloServer } from '@apollo/server';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { print, type DocumentNode } from 'graphql';
import { createRequestContext, type RequestContext } from '../execution/request-context.ts';
import type { Facade, FacadeExecute } from '../facade/index.ts';
import { bodyOf, openExchange } from './exchange.ts';

export interface RestEndpointOptions {
  readonly facade: Facade;
  readonly basePath: string;
  readonly deadlineMs: number;
}

/** Every method Node can read, so that the facade, not Fastify, says what is allowed. */
const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const;

export function mountRest(app: FastifyInstance, options: RestEndpointOptions): void {
  for (const url of [options.basePath, `${options.basePath}/*`]) {
    app.route({
      method: [...METHODS],
      url,
      exposeHeadRoute: false,
      handler: (request, reply) => answer(options, request, reply),
    });
  }
}

async function answer(options: RestEndpointOptions, request: FastifyRequest, reply: FastifyReply) {
  const exchange = openExchange(request, reply, options.deadlineMs);
  const [path = '', query = ''] = splitUrl(request.url);
  const response = await options.facade.handle({
    method: request.method,
    path,
    query,
    headers: request.headers,
    body: bodyOf(request),
    requestId: request.id,
    origin: `${request.protocol}://${request.host}`,
    signal: exchange.signal,
    deadlineAt: exchange.deadlineAt,
  });
  for (const [name, value] of Object.entries(response.headers)) {
    // CORS has said Vary: Origin already.
    if (name.toLowerCase() === 'vary') reply.header('vary', mergeVary(reply.getHeader('vary'), value));
    else reply.header(name, value);
  }
  reply.status(response.status);
  return reply.send(response.body instanceof Uint8Array ? Buffer.from(response.body) : response.body);
}

function mergeVary(...values: unknown[]): string {
  const names = values.flatMap((value) => (value === undefined ? [] : String(value as string).split(/,\s*/)));
  return [...new Map(names.map((name) => [name.toLowerCase(), name])).values()].join(', ');
}

function splitUrl(url: string): string[] {
  const mark = url.indexOf('?');
  return mark === -1 ? [url] : [url.slice(0, mark), url.slice(mark + 1)];
}

/** Runs the facade's operations through the same server as /graphql, so that the two faces cannot disagree. */
export function createFacadeExecute(server: ApolloServer<RequestContext>): FacadeExecute {
  const texts = new WeakMap<DocumentNode, string>();
  const textOf = (document: DocumentNode): string => {
    const known = texts.get(document);
    if (known !== undefined) return known;
    const text = print(document);
    texts.set(document, text);
    return text;
  };
  return async ({ document, operationName, variables, request }) => {
    const { headers, requestId, signal, deadlineAt } = request;
    const { body } = await server.executeOperation(
      { query: textOf(document), operationName, variables },
      { contextValue: createRequestContext({ face: 'rest', headers, requestId, signal, deadlineAt }) },
    );
    return body.kind === 'single'
      ? body.singleResult
      : { errors: [{ message: 'Incremental delivery is not served here' }] };
  };
}

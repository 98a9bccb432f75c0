/** The facade under its base path: one wildcard route, because the facade matches with its own table (facade.md, 3.2). */
import type { ApolloServer } from '@apollo/server';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { print, type DocumentNode } from 'graphql';
import { createRequestContext, type OperationKind, type RequestContext } from '../execution/request-context.ts';
import type { Facade, FacadeExecute } from '../facade/index.ts';
import type { BackgroundWork } from './background-work.ts';
import { bodyOf, openExchange, varyOf } from './exchange.ts';
import type { RequestGuard } from './graphql-endpoint.ts';
import { mergeVary } from './http/answer.ts';
import { withPlainTags } from './http/coded-tags.ts';
import { createFreshnessCollector } from '../upstream/index.ts';
import { kindOfMethod } from './overload/kind-of-work.ts';
import { problems, sendProblem } from './problem-reply.ts';

export interface RestEndpointOptions {
  readonly basePath: string;
  readonly guard: RequestGuard;
  /** Told of what goes on after an answer. */
  readonly background: Pick<BackgroundWork, 'track'>;
  /** For one request; `leave` once it is answered. */
  readonly enter: () => { readonly value: RestDoor; readonly leave: () => void };
}

/** What requests are answered with, from one change of the graph to the next. */
interface RestDoor {
  readonly facade: Facade | undefined;
  readonly graphql: { readonly deadlineMs: number };
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
  const end = options.guard.enter(() => kindOfMethod(request.method));
  if (end === undefined) {
    reply.header('retry-after', options.guard.retryAfterSeconds());
    return sendProblem(request, reply, problems.overloaded);
  }
  const { value, leave } = options.enter();
  const background: Promise<unknown>[] = [];
  try {
    return await answerThrough(value, request, reply, (work) => void background.push(work));
  } finally {
    end();
    if (background.length === 0) leave();
    else options.background.track(Promise.allSettled(background).finally(leave));
  }
}

async function answerThrough(
  { facade, graphql }: RestDoor,
  request: FastifyRequest,
  reply: FastifyReply,
  waitUntil: (work: Promise<unknown>) => void,
) {
  if (facade === undefined) return reply.callNotFound();
  const exchange = openExchange(request, reply, graphql.deadlineMs);
  const [path = '', query = ''] = splitUrl(request.url);
  const response = await facade.handle({
    method: request.method,
    path,
    query,
    headers: withPlainTags(request.headers),
    body: bodyOf(request),
    requestId: request.id,
    origin: `${request.protocol}://${request.host}`,
    signal: exchange.signal,
    deadlineAt: exchange.deadlineAt,
    waitUntil,
  });
  for (const [name, value] of Object.entries(response.headers)) {
    // CORS has said Vary: Origin already.
    if (name.toLowerCase() === 'vary') reply.header('vary', mergeVary(varyOf(reply), String(value)));
    else reply.header(name, value);
  }
  reply.status(response.status);
  return reply.send(response.body instanceof Uint8Array ? Buffer.from(response.body) : response.body);
}

function splitUrl(url: string): string[] {
  const mark = url.indexOf('?');
  return mark === -1 ? [url] : [url.slice(0, mark), url.slice(mark + 1)];
}

/**
 * Runs the facade's operations through the same server as /graphql, so that the two faces cannot disagree. `onWritten` is
 * called when a mutation has ended, with whatever outcome, and before its answer is known to anybody.
 */
export function createFacadeExecute(server: ApolloServer<RequestContext>, onWritten: () => void): FacadeExecute {
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
    let isWrite = false;
    const noteOperation = (kind: OperationKind): void => void (isWrite ||= kind === 'mutation');
    const freshness = createFreshnessCollector();
    const contextValue = createRequestContext({
      face: 'rest',
      headers,
      requestId,
      signal,
      deadlineAt,
      noteOperation,
      freshness,
    });
    const { body } = await server
      .executeOperation({ query: textOf(document), operationName, variables }, { contextValue })
      .finally(() => {
        if (isWrite) onWritten();
      });
    if (body.kind !== 'single') return { errors: [{ message: 'Incremental delivery is not served here' }] };
    // A write is kept by nobody, whatever was said of the answers to it.
    const told = isWrite ? undefined : freshness.read();
    return told === undefined ? body.singleResult : { ...body.singleResult, freshness: told };
  };
}

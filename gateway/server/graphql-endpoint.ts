/**
 * /graphql: GraphQL over HTTP for clients, a page for browsers. The HTTP layer is ours, in front of Apollo Server, so that
 * broken JSON is answered in JSON, a wrong content type is 415, and 405 carries Allow (facade.md, 3.5, classic).
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ApolloServer, HTTPGraphQLResponse } from '@apollo/server';
import { HeaderMap } from '@apollo/server';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import Negotiator from 'negotiator';
import type { DebugLog } from '../connectors/index.ts';
import { describeError, type ErrorCode } from '../errors/catalogue.ts';
import { createRequestContext, type RequestContext, type RequestHeaders } from '../execution/request-context.ts';
import { createFreshnessCollector } from '../upstream/index.ts';
import { bodyOf, varyOf } from './exchange.ts';
import type { AdmitRequest } from './graphql/admit-request.ts';
import { unlessKnown, withTag } from './graphql/cache-answers.ts';
import { kindOfOperation } from './overload/kind-of-work.ts';
import type { WorkKind } from './overload/load-guard.ts';
import { draftStatus } from './graphql/draft-status.ts';
import type { KeyedRequest, ReadOperationKey } from './graphql/operation-key.ts';
import { readGraphqlBody, type GraphqlBody, type Refusal } from './graphql/read-body.ts';
import type { Caller, OperationSharing, Run } from './graphql/share-operations.ts';
import { mergeVary, type Answer } from './http/answer.ts';
import { withPlainTags } from './http/coded-tags.ts';
import type { EncodeAnswer } from './http/content-coding.ts';

/** What GraphQL requests are answered with, from one change of the graph to the next. */
export interface GraphqlDoor {
  readonly server: ApolloServer<RequestContext>;
  readonly deadlineMs: number;
  readonly statuses: 'classic' | 'draft-2026';
  readonly admit: AdmitRequest;
  readonly sharing: OperationSharing;
  /** Whether answers to a POST are kept too, so that their freshness matters. */
  readonly isKeeping: boolean;
  /** Undefined when no request may share with another. */
  readonly readKey: ReadOperationKey | undefined;
  /** The log of a request that gets debug data. */
  readonly startDebugLog: (headers: RequestHeaders) => DebugLog | undefined;
}

export interface GraphqlEndpointOptions {
  /** For one request; `leave` once it is answered. */
  readonly enter: () => { readonly value: { readonly graphql: GraphqlDoor }; readonly leave: () => void };
  readonly guard: RequestGuard;
  readonly encode: EncodeAnswer;
  /** Answers a browser that opens the address; undefined when pages are off. */
  readonly sendPage: ((request: FastifyRequest, reply: FastifyReply) => Promise<FastifyReply>) | undefined;
}

/** Says whether there is room; see overload/. */
export interface RequestGuard {
  /** Undefined when the request is refused; else to be called when it is over. */
  readonly enter: (kindOf: () => WorkKind) => (() => void) | undefined;
  /** What a refused client is told to wait. */
  readonly retryAfterSeconds: () => number;
}

const ALLOWED = 'GET, POST, OPTIONS';

export function mountGraphql(app: FastifyInstance, options: GraphqlEndpointOptions): void {
  app.route({
    method: ['GET', 'POST'],
    url: '/graphql',
    exposeHeadRoute: false,
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
  if (request.method === 'POST' && !isJson(request)) {
    reply.header('accept-post', 'application/json');
    return sendErrors(reply, 415, 'Send the query as application/json');
  }
  const { id: requestId, arrivedAt } = request;
  const asked = { request: request.raw, response: reply.raw, requestId, arrivedAt, body: bodyOf(request) };
  const answered = await answerGraphql(options, asked);
  for (const [name, value] of answered.headers)
    reply.header(name, name === 'vary' ? mergeVary(varyOf(reply), value) : value);
  return reply.status(answered.status).send(answered.status === 304 ? undefined : answered.body);
}

/** One request as it came, whichever way it was read. */
export interface AskedGraphql {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly requestId: string;
  /** On the clock of `performance.now()`. */
  readonly arrivedAt: number;
  readonly body: Buffer | undefined;
}

/** Rejects only by a fault of ours. */
export async function answerGraphql(
  options: Pick<GraphqlEndpointOptions, 'enter' | 'guard' | 'encode'>,
  asked: AskedGraphql,
): Promise<Answer> {
  const { headers } = asked.request;
  const answered = await answerPlain(options, asked);
  return options.encode(headers, unlessKnown(withPlainTags(headers), answered));
}

async function answerPlain(
  options: Pick<GraphqlEndpointOptions, 'enter' | 'guard'>,
  asked: AskedGraphql,
): Promise<Answer> {
  const { method = 'POST', url = '', headers } = asked.request;
  const keyed = { method, url, headers, body: asked.body };
  const end = options.guard.enter(() => kindOfOperation(method, url, asked.body));
  if (end === undefined) {
    const refused = refusal({ status: 503, message: describeError('OVERLOADED'), code: 'OVERLOADED' });
    return {
      ...refused,
      headers: new Map([...refused.headers, ['retry-after', `${options.guard.retryAfterSeconds()}`]]),
    };
  }
  const { value, leave } = options.enter();
  try {
    return await answerThrough(value.graphql, keyed, toCaller(asked, value.graphql.deadlineMs));
  } finally {
    leave();
    end();
  }
}

function answerThrough(door: GraphqlDoor, keyed: KeyedRequest, caller: Caller): Promise<Answer> {
  const { sharing, readKey } = door;
  let body: GraphqlBody | undefined;
  const readBody = () => (body ??= readGraphqlBody(keyed));
  const key = readKey?.(keyed);
  if (key === undefined) return sharing.runAlone(caller, (run) => execute(door, keyed, readBody(), run));
  const { text, headers } = key;
  const meaning = () => {
    const read = readBody();
    return read.kind === 'read' ? key.meaning(read.value) : undefined;
  };
  const wantsNew = keyed.headers['cache-control'] !== undefined;
  return sharing.join({ text, meaning, wantsNew }, caller, (run) => {
    return execute(door, { ...keyed, headers: headers() }, readBody(), run);
  });
}

const toCaller = ({ requestId, arrivedAt, response }: AskedGraphql, deadlineMs: number): Caller => ({
  requestId,
  deadlineAt: arrivedAt + deadlineMs,
  onLeave(leave) {
    if (response.destroyed && !response.writableFinished) return leave();
    response.on('close', () => {
      if (!response.writableFinished) leave();
    });
  },
});

/** One execution through Apollo Server, for one client or for several. */
async function execute(options: GraphqlDoor, request: KeyedRequest, body: GraphqlBody, run: Run): Promise<Answer> {
  const { method, url, headers } = request;
  if (body.kind === 'refused') return refusal(body);
  const search = url.includes('?') ? url.slice(url.indexOf('?')) : '';
  const admission = options.admit({ method, search, body: body.value });
  if (admission.kind === 'refused') return refusal(admission);
  const response = await options.server.executeHTTPGraphQLRequest({
    httpGraphQLRequest: {
      method,
      headers: toHeaderMap(headers),
      search: admission.request.search,
      body: admission.request.body,
    },
    context: async () =>
      createRequestContext({
        face: 'graphql',
        headers,
        debug: options.startDebugLog(headers),
        ...(method === 'GET' || options.isKeeping ? { freshness: createFreshnessCollector() } : {}),
        ...run,
      }),
  });
  const written = new Map(response.headers);
  if (response.status === 405) written.set('allow', method === 'GET' ? 'POST' : ALLOWED);
  const text = await textOf(response.body);
  const classic = response.status ?? 200;
  const answered = { method, status: classic, contentType: written.get('content-type'), body: text };
  const status = options.statuses === 'classic' ? classic : draftStatus(answered);
  const made = { status, headers: written, body: Buffer.from(text) };
  return method === 'GET' ? withTag(made) : made;
}

async function textOf(body: HTTPGraphQLResponse['body']): Promise<string> {
  if (body.kind === 'complete') return body.string;
  let text = '';
  for await (const chunk of body.asyncIterator) text += chunk;
  return text;
}

const isJson = ({ headers }: FastifyRequest): boolean =>
  headers['content-type']?.split(';')[0]?.trim().toLowerCase() === 'application/json';

function toHeaderMap(headers: RequestHeaders): HeaderMap {
  const map = new HeaderMap();
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined) map.set(name, typeof value === 'string' ? value : value.join(', '));
  }
  return map;
}

const sendErrors = (reply: FastifyReply, status: number, message: string, code?: ErrorCode): FastifyReply => {
  const { headers, body } = refusal({ status, message, ...(code === undefined ? {} : { code }) });
  for (const [name, value] of headers) reply.header(name, value);
  return reply.status(status).send(body);
};

const refusal = ({ status, message, code = 'BAD_REQUEST' }: Refusal): Answer => ({
  status,
  headers: new Map([
    ['content-type', 'application/json; charset=utf-8'],
    ['cache-control', 'no-store'],
  ]),
  body: Buffer.from(JSON.stringify({ errors: [{ message, extensions: { code } }] })),
});

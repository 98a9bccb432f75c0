/**
 * Fastify around a contract and its handlers: request ids, limits, negotiation, problem documents for every error, health,
 * and a stop that loses no request. Handlers take and return plain objects; they never see Fastify.
 */
import { randomUUID } from 'node:crypto';
import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import Negotiator from 'negotiator';
import { matchesNoneOf } from './conditional.ts';
import type { Contract, Operation } from './contract.ts';
import { ProblemError } from './problem.ts';
import { describeAll, readBody, readPath, readQuery } from './read-request.ts';

export interface OperationRequest {
  readonly params: Readonly<Record<string, string>>;
  /** Typed by the contract, defaults filled in. */
  readonly query: Readonly<Record<string, unknown>>;
  /** Fits the contract; undefined when there is none. */
  readonly body: unknown;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly path: string;
  /** The negotiated media type of a success. */
  readonly mediaType: string;
  readonly requestId: string;
  /** Aborts when the client leaves. */
  readonly signal: AbortSignal;
  /** What the caller gives us, from x-request-timeout-ms; undefined when it does not say. */
  readonly timeLeftMs: number | undefined;
}

export interface OperationReply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** A string is sent as it is, anything else as JSON. */
  readonly body?: unknown;
}

export type OperationHandler = (request: OperationRequest) => Promise<OperationReply>;

export interface ServiceOptions {
  readonly name: string;
  readonly contract: Contract;
  /** One handler an operation of the contract, by operation id. */
  readonly handlers: Readonly<Record<string, OperationHandler>>;
  /** Rejects when the service cannot work now (no database): /health/ready answers 503. */
  readonly checkReady: () => Promise<void>;
  /** Called once when the service has stopped. */
  readonly onClose?: () => Promise<void>;
  readonly bodyLimitBytes?: number;
  /** Faults of our own go here; stacks never reach a client. */
  readonly onError?: (error: unknown, requestId: string) => void;
  /** Tests: an answer that the contract does not describe becomes a 500 that says so. */
  readonly isCheckingAnswers?: boolean;
  /** Mounts what is not in the contract (a GraphQL endpoint). */
  readonly mount?: (app: FastifyInstance) => void;
}

export interface Service {
  readonly name: string;
  /** http://127.0.0.1:4001, once it listens. */
  readonly url: string;
  listen(address: { readonly port: number; readonly host?: string }): Promise<string>;
  /** Stops taking requests, finishes those in flight, then closes. */
  close(): Promise<void>;
}

export function createService(options: ServiceOptions): Service {
  const app = fastify({
    genReqId: (request) => readRequestId(request.headers['x-request-id']),
    bodyLimit: options.bodyLimitBytes ?? 1_048_576,
    routerOptions: { maxParamLength: 512 },
    forceCloseConnections: 'idle',
    return503OnClosing: false,
    requestTimeout: 30_000,
    frameworkErrors: (error, request, reply) => void sendError(options, request, reply, error),
  });
  let isStopping = false;
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  app.addHook('onRequest', async (request, reply) => {
    reply.header('x-request-id', request.id);
  });
  // Also for requests that were under way when the stop began: a connection kept alive would hold it up.
  app.addHook('onSend', async (_request, reply) => {
    if (isStopping) reply.header('connection', 'close');
  });
  app.setErrorHandler((error, request, reply) => sendError(options, request, reply, error));
  app.setNotFoundHandler((request, reply) => sendError(options, request, reply, refuse(options.contract, request)));
  mountHealth(app, options, () => isStopping);
  for (const operation of options.contract.operations) mountOperation(app, options, operation);
  options.mount?.(app);

  let url = '';
  return {
    name: options.name,
    get url() {
      return url;
    },
    async listen({ port, host = '127.0.0.1' }) {
      url = await app.listen({ port, host });
      return url;
    },
    async close() {
      isStopping = true;
      await app.close();
      await options.onClose?.();
    },
  };
}

const readRequestId = (header: unknown): string =>
  typeof header === 'string' && /^[\w.:-]{1,128}$/.test(header) ? header : randomUUID();

function mountHealth(app: FastifyInstance, options: ServiceOptions, isStopping: () => boolean): void {
  app.get('/health/live', async () => ({ status: 'live', service: options.name }));
  app.get('/health/ready', async (_request, reply) => {
    const isReady =
      !isStopping() &&
      (await options.checkReady().then(
        () => true,
        () => false,
      ));
    if (!isReady) reply.header('retry-after', '1');
    return reply.status(isReady ? 200 : 503).send({ status: isReady ? 'ready' : 'not ready', service: options.name });
  });
}

function mountOperation(app: FastifyInstance, options: ServiceOptions, operation: Operation): void {
  const handler = options.handlers[operation.id];
  if (handler === undefined) throw new TypeError(`Service "${options.name}" has no handler for "${operation.id}"`);
  app.route({
    method: operation.method,
    url: operation.path.replaceAll(/\{(\w+)\}/g, ':$1'),
    exposeHeadRoute: operation.method === 'GET',
    handler: async (request, reply) => {
      const answer = await handler(readOperationRequest(operation, request, reply));
      return sendAnswer(options, operation, request, reply, answer);
    },
  });
}

function readOperationRequest(operation: Operation, request: FastifyRequest, reply: FastifyReply): OperationRequest {
  const path = readPath(operation, request.params as Record<string, string>);
  const query = readQuery(operation, request.query as Record<string, string | string[]>);
  const mediaType = negotiate(operation, request);
  const body = readBody(operation, request.headers['content-type'], request.body as Buffer | undefined);
  const abort = new AbortController();
  reply.raw.once('close', () => abort.abort());
  const timeLeft = Number(request.headers['x-request-timeout-ms']);
  return {
    params: path as Record<string, string>,
    query,
    body,
    headers: request.headers as Record<string, string | undefined>,
    path: request.url.split('?')[0]!,
    mediaType,
    requestId: request.id,
    signal: abort.signal,
    timeLeftMs: Number.isFinite(timeLeft) && timeLeft > 0 ? timeLeft : undefined,
  };
}

function negotiate(operation: Operation, request: FastifyRequest): string {
  if (operation.mediaTypes.length === 0) return '';
  const chosen = new Negotiator(request.raw).mediaType([...operation.mediaTypes]);
  if (chosen !== undefined) return chosen;
  throw new ProblemError(406, 'not-acceptable', 'Not acceptable', {
    detail: `This can be had as ${operation.mediaTypes.join(', ')}`,
    headers: { vary: 'accept' },
  });
}

function sendAnswer(
  options: ServiceOptions,
  operation: Operation,
  request: FastifyRequest,
  reply: FastifyReply,
  answer: OperationReply,
): FastifyReply {
  for (const [name, value] of Object.entries(answer.headers ?? {})) reply.header(name, value);
  if (operation.mediaTypes.length > 1) reply.header('vary', 'accept');
  const etag = answer.headers?.['etag'];
  if (answer.status === 200 && etag !== undefined && isSafe(request.method)) {
    if (matchesNoneOf(request.headers['if-none-match'], etag)) return reply.status(304).send();
  }
  if (options.isCheckingAnswers === true) checkAnswer(operation, answer);
  if (answer.body === undefined) return reply.status(answer.status).send();
  const mediaType = answer.headers?.['content-type'] ?? 'application/json; charset=utf-8';
  const text = typeof answer.body === 'string' ? answer.body : JSON.stringify(answer.body);
  return reply.status(answer.status).header('content-type', mediaType).send(text);
}

const isSafe = (method: string): boolean => method === 'GET' || method === 'HEAD';

/** Holds an answer against the contract: its status must be there, and a JSON body must fit. */
function checkAnswer(operation: Operation, answer: OperationReply): void {
  const contents = operation.answers.get(String(answer.status));
  if (contents === undefined) throw new Error(`${operation.id} answered ${answer.status}, which the contract lacks`);
  if (typeof answer.body === 'string') return;
  const findFaults = contents.get('application/json');
  if (answer.body === undefined && contents.size === 0) return;
  if (findFaults === undefined)
    throw new Error(`${operation.id} answered JSON on ${answer.status}, the contract does not`);
  const faults = findFaults(JSON.parse(JSON.stringify(answer.body)));
  if (faults.length > 0) {
    throw new Error(`${operation.id} answered what the contract lacks: ${JSON.stringify(describeAll(faults))}`);
  }
}

/** No route: 405 with Allow when the path is known under another method, else 404. */
function refuse(contract: Contract, request: FastifyRequest): ProblemError {
  const path = request.url.split('?')[0]!;
  const methods = contract.operations
    .filter((operation) => toPattern(operation.path).test(path))
    .flatMap(({ method }) => (method === 'GET' ? ['GET', 'HEAD'] : [method]));
  if (methods.length === 0) {
    return new ProblemError(404, 'route-not-found', 'No such route', { detail: 'Nothing answers at this path' });
  }
  const allow = [...new Set([...methods, 'OPTIONS'])].join(', ');
  if (request.method === 'OPTIONS') return new ProblemError(204, '', '', { headers: { allow } });
  return new ProblemError(405, 'method-not-allowed', 'Method not allowed', {
    detail: `Allowed: ${allow}`,
    headers: { allow },
  });
}

const toPattern = (path: string): RegExp =>
  new RegExp(`^${path.replaceAll(/[.*+?^$()|[\]\\]/g, '\\$&').replaceAll(/\{\w+\}/g, '[^/]+')}/?$`);

function sendError(
  options: ServiceOptions,
  request: FastifyRequest,
  reply: FastifyReply,
  error: unknown,
): FastifyReply {
  const problem = toProblem(options, request, error);
  for (const [name, value] of Object.entries(problem.options.headers ?? {})) reply.header(name, value);
  if (problem.status === 204) return reply.status(204).send();
  reply.header('cache-control', 'no-store').header('content-type', 'application/problem+json; charset=utf-8');
  return reply.status(problem.status).send(JSON.stringify(problem.toDocument(request.id)));
}

function toProblem(options: ServiceOptions, request: FastifyRequest, error: unknown): ProblemError {
  if (error instanceof ProblemError) return error;
  switch ((error as { code?: string }).code) {
    case 'FST_ERR_CTP_BODY_TOO_LARGE':
      return new ProblemError(413, 'body-too-large', 'Body too large', { headers: { connection: 'close' } });
    case 'FST_ERR_CTP_EMPTY_TYPE':
    case 'FST_ERR_CTP_INVALID_MEDIA_TYPE':
      return new ProblemError(415, 'unsupported-media-type', 'Unsupported media type');
    case 'FST_ERR_CTP_INVALID_CONTENT_LENGTH':
      return new ProblemError(400, 'malformed-body', 'Malformed body', {
        detail: 'Content-Length does not fit the body',
      });
    case 'FST_ERR_BAD_URL':
      return new ProblemError(400, 'malformed-url', 'Malformed URL', { detail: 'The path does not decode' });
    default:
      options.onError?.(error, request.id);
      return new ProblemError(500, 'internal', 'Internal error', { detail: 'Something went wrong inside the service' });
  }
}

/**
 * Fastify with what every path shares: request ids, limits, security headers, CORS, content codings, and a problem
 * document for every refusal. Bodies are handed on as bytes; the faces parse JSON by their own rules.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import cors from '@fastify/cors';
import helmet from '@fastify/helmet';
import fastify, { type FastifyError, type FastifyInstance } from 'fastify';
import { answerClientError, refuseExpectation } from './client-error.ts';
import { EXPOSED_HEADERS } from './common-headers.ts';
import type { Drain } from './drain.ts';
import type { EncodeAnswer } from './http/content-coding.ts';
import { writeCodings } from './http/write-codings.ts';
import { problems, sendProblem, type ServerProblem } from './problem-reply.ts';
import { limitRate, type RateLimitOptions } from './rate-limit.ts';
import { readRequestId } from './request-id.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** When its head was read, on the clock of `performance.now()`: its deadline counts from here. */
    arrivedAt: number;
  }
}

/** The limit of the URI lies below that of the headers, or a 414 could never be seen: the parser counts both together. */
const MAX_URI_LENGTH = 8_192;

export interface HttpAppOptions {
  readonly bodyLimitBytes: number;
  readonly corsOrigins: readonly string[];
  readonly rateLimit: RateLimitOptions | undefined;
  readonly trustProxy: boolean;
  readonly onError: (error: unknown, requestId: string) => void;
  readonly drain: Drain;
  readonly encode: EncodeAnswer;
  /** Asked first; answers the request itself when it says true. Not asked where requests are counted. */
  readonly shortWay?: (request: IncomingMessage, response: ServerResponse) => boolean;
}

/** As long as Fastify keeps a connection that nothing comes on. */
const KEEP_ALIVE_MS = 72_000;
const REQUEST_TIMEOUT_MS = 30_000;

export async function createHttpApp(options: HttpAppOptions): Promise<FastifyInstance> {
  const shortWay = options.rateLimit === undefined ? options.shortWay : undefined;
  const app = fastify({
    // Fastify sets the limits of a server that it makes itself; of this one it does not.
    serverFactory(handle) {
      const limits = { keepAliveTimeout: KEEP_ALIVE_MS, requestTimeout: REQUEST_TIMEOUT_MS };
      const server = createServer(limits, (request, response) => {
        if (shortWay?.(request, response) !== true) handle(request, response);
      });
      // Without a listener Node answers by itself, and says nothing.
      return server.on('checkExpectation', refuseExpectation);
    },
    genReqId: (request) => readRequestId(request.headers['x-request-id']),
    bodyLimit: options.bodyLimitBytes,
    trustProxy: options.trustProxy,
    routerOptions: { maxParamLength: MAX_URI_LENGTH },
    forceCloseConnections: 'idle',
    return503OnClosing: false,
    clientErrorHandler: answerClientError,
    frameworkErrors: (_error, request, reply) => void sendProblem(request, reply, problems.malformedUrl),
  });
  app.decorateRequest('arrivedAt', 0);
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  app.addHook('onRequest', async (request, reply) => {
    options.drain.noteRequest();
    request.arrivedAt = performance.now();
    reply.header('x-request-id', request.id);
    if (request.url.length > MAX_URI_LENGTH) return sendProblem(request, reply, problems.uriTooLong);
    return undefined;
  });
  // Also for requests that were under way when the stop began: a connection kept alive would hold it up.
  app.addHook('onSend', async (_request, reply) => {
    if (options.drain.isDraining()) reply.header('connection', 'close');
  });
  writeCodings(app, options.encode);
  app.setErrorHandler((error: FastifyError, request, reply) => {
    const problem = problemOf(error);
    if (problem === problems.internal) options.onError(error, request.id);
    return sendProblem(request, reply, problem);
  });
  app.setNotFoundHandler((request, reply) => sendProblem(request, reply, problems.routeNotFound));
  await registerPlugins(app, options);
  return app;
}

async function registerPlugins(app: FastifyInstance, options: HttpAppOptions): Promise<void> {
  // What is for documents is set by the pages (pages.ts): two content policies on one page add up and break it, and data is
  // sent far more often than pages. Transport security is the business of whoever ends TLS in front. The last three are for
  // browsers and plugins that are gone.
  await app.register(helmet, {
    contentSecurityPolicy: false,
    crossOriginOpenerPolicy: false,
    originAgentCluster: false,
    referrerPolicy: false,
    xDnsPrefetchControl: false,
    strictTransportSecurity: false,
    xDownloadOptions: false,
    xPermittedCrossDomainPolicies: false,
    xXssProtection: false,
  });
  await app.register(cors, {
    // A request without an Origin is not of another origin: CORS has nothing to tell it but Vary.
    origin: (origin, next) => next(null, origin === undefined ? false : [...options.corsOrigins]),
    credentials: true,
    exposedHeaders: EXPOSED_HEADERS,
    // The answer to OPTIONS is the route's own: it says what is allowed. CORS only adds its headers.
    strictPreflight: false,
    preflightContinue: true,
    maxAge: 600,
  });
  if (options.rateLimit !== undefined) await limitRate(app, options.rateLimit);
}

function problemOf(error: FastifyError): ServerProblem {
  if (error.statusCode === 429) return problems.rateLimited;
  switch (error.code) {
    case 'FST_ERR_CTP_BODY_TOO_LARGE':
      return problems.bodyTooLarge;
    case 'FST_ERR_CTP_INVALID_CONTENT_LENGTH':
      return problems.malformedBody;
    case 'FST_ERR_BAD_URL':
      return problems.malformedUrl;
    case 'FST_ERR_CTP_EMPTY_TYPE':
    case 'FST_ERR_CTP_INVALID_MEDIA_TYPE':
      return problems.unsupportedMediaType;
    default:
      // Whatever else Fastify refuses is the client's fault; anything that is not Fastify's is ours.
      return error.statusCode !== undefined && error.statusCode < 500 ? problems.badRequest : problems.internal;
  }
}

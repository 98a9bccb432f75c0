/**
 * The span of a request, from its head to the end of its answer. Its `traceparent` takes the place of the client's in the request,
 * so that everything below hangs on it.
 */
import type { FastifyInstance } from 'fastify';
import type { Tracing, TraceSpan } from './tracing.ts';

/** Open spans of requests, by their `traceparent`; with what is known of the operation by now. */
export type OpenRequests = Map<string, RequestSpan>;

export interface RequestSpan {
  readonly span: TraceSpan;
  operationName: string | undefined;
}

export interface TraceRequestsOptions {
  readonly tracing: Tracing;
  readonly open: OpenRequests;
  /** Below it requests are REST. */
  readonly basePath: string;
  /** Template of the route that ran an operation: `/rest/books/{id}`. */
  readonly routeOf: (request: RoutedRequest) => string | undefined;
}

export interface RoutedRequest {
  readonly method: string;
  /** Without the search. */
  readonly path: string;
  readonly operationName: string | undefined;
}

/** To be called before routes are added. Pages and probes have no spans. */
export function traceRequests(app: FastifyInstance, options: TraceRequestsOptions): void {
  const { tracing, open, basePath, routeOf } = options;
  app.addHook('onRequest', async (request, reply) => {
    const { method } = request;
    const [path = ''] = request.url.split('?', 1);
    const face = faceOf(path, basePath);
    if (face === undefined) return;
    const span = tracing.start({
      name: `${method} ${face === 'rest' ? basePath : path}`,
      kind: 'server',
      parent: textOf(request.headers['traceparent']),
      attributes: { 'http.request.method': method, 'tributary.request_id': request.id },
    });
    request.raw.headers['traceparent'] = span.traceparent;
    const own: RequestSpan = { span, operationName: undefined };
    open.set(span.traceparent, own);
    reply.raw.once('close', () => {
      open.delete(span.traceparent);
      const { operationName } = own;
      const route = face === 'rest' ? routeOf({ method, path, operationName }) : path;
      if (route !== undefined) span.rename(`${method} ${route}`);
      const status = reply.raw.statusCode;
      const isWhole = reply.raw.writableFinished;
      span.set({ 'http.route': route, 'http.response.status_code': isWhole ? status : undefined });
      span.end(!isWhole ? 'REQUEST_CANCELLED' : status >= 500 ? String(status) : undefined);
    });
  });
}

const faceOf = (path: string, basePath: string): 'graphql' | 'rest' | undefined => {
  if (path === '/graphql') return 'graphql';
  return path === basePath || path.startsWith(`${basePath}/`) ? 'rest' : undefined;
};

const textOf = (value: string | string[] | undefined): string | undefined =>
  typeof value === 'string' ? value : value?.[0];

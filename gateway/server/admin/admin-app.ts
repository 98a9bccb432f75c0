/**
 * What only the operator may see, on a port of its own: `/admin/upstreams` as JSON or as a stream, `/metrics` for Prometheus,
 * and a hand on the breakers. Addresses of services are in it, so it listens on the loopback address unless told otherwise.
 */
import { isIP } from 'node:net';
import fastify, { type FastifyError, type FastifyInstance } from 'fastify';
import { sendProblem } from './admin-problem.ts';
import { mountBreakerControl, type BreakerControl } from './breaker-control.ts';
import { mountGraphControl, type GraphControl } from './graph-control.ts';
import { prometheusType, writeMetrics, type MetricFamily } from './prometheus.ts';
import { streamReports } from './stream-reports.ts';

export interface AdminAppOptions {
  readonly host: string;
  /** What `/admin/upstreams` shows. */
  readonly report: () => unknown;
  readonly metrics: () => readonly MetricFamily[];
  /** Changes when the report does. */
  readonly version: () => number;
  /** How often a stream looks for changes. */
  readonly streamEveryMs?: number;
  readonly breakers: BreakerControl;
  readonly graph?: GraphControl | undefined;
}

export function createAdminApp(options: AdminAppOptions): FastifyInstance {
  const app = fastify({ forceCloseConnections: true });
  const streams = streamReports(options);
  const isLocal = isLoopback(options.host);
  app.addHook('onRequest', async (request, reply) => {
    reply.headers({ 'cache-control': 'no-store', 'x-content-type-options': 'nosniff', vary: 'accept' });
    // A page whose name resolves to this machine could read everything here; it cannot forge the name it was asked by.
    if (isLocal && !isLoopback(request.hostname)) return sendProblem(reply, 421);
    return undefined;
  });
  app.setNotFoundHandler((_request, reply) => sendProblem(reply, 404));
  app.setErrorHandler<FastifyError>((error, _request, reply) =>
    sendProblem(reply, error.statusCode ?? 500, error.statusCode === undefined ? undefined : error.message),
  );
  // What a form of another page could send is not read.
  app.removeContentTypeParser('text/plain');
  app.addHook('preClose', async () => streams.end());

  app.get('/metrics', async (_request, reply) => reply.type(prometheusType).send(writeMetrics(options.metrics())));
  app.get('/admin/upstreams', (request, reply) => {
    if (!(request.headers.accept ?? '').includes('text/event-stream')) return reply.send(options.report());
    reply.hijack();
    streams.begin(reply.raw);
    return undefined;
  });
  mountBreakerControl(app, options.breakers);
  if (options.graph !== undefined) mountGraphControl(app, options.graph);
  return app;
}

const isLoopback = (host: string): boolean => {
  const name = host.replace(/^\[|\]$/g, '');
  return name === 'localhost' || name === '::1' || (isIP(name) === 4 && name.startsWith('127.'));
};

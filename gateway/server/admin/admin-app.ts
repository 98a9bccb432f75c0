/**
 * What only the operator may see, on a port of its own: `/admin/upstreams` as JSON or as a stream, `/metrics` for Prometheus.
 * Addresses of services are in it, so it listens on the loopback address unless told otherwise.
 */
import { STATUS_CODES } from 'node:http';
import { isIP } from 'node:net';
import fastify, { type FastifyInstance, type FastifyReply } from 'fastify';
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
}

export function createAdminApp(options: AdminAppOptions): FastifyInstance {
  const app = fastify({ forceCloseConnections: true });
  const streams = streamReports(options);
  const isLocal = isLoopback(options.host);
  app.addHook('onRequest', async (request, reply) => {
    reply.headers({ 'cache-control': 'no-store', 'x-content-type-options': 'nosniff', vary: 'accept' });
    // A page whose name resolves to this machine could read everything here; it cannot forge the name it was asked by.
    if (isLocal && !isLoopback(request.hostname)) return refuse(reply, 421);
    return undefined;
  });
  app.setNotFoundHandler((_request, reply) => refuse(reply, 404));
  app.addHook('preClose', async () => streams.end());

  app.get('/metrics', async (_request, reply) => reply.type(prometheusType).send(writeMetrics(options.metrics())));
  app.get('/admin/upstreams', (request, reply) => {
    if (!(request.headers.accept ?? '').includes('text/event-stream')) return reply.send(options.report());
    reply.hijack();
    streams.begin(reply.raw);
    return undefined;
  });
  return app;
}

const refuse = (reply: FastifyReply, status: number): FastifyReply =>
  reply
    .status(status)
    .type('application/problem+json')
    .send(JSON.stringify({ type: 'about:blank', title: STATUS_CODES[status], status }));

const isLoopback = (host: string): boolean => {
  const name = host.replace(/^\[|\]$/g, '');
  return name === 'localhost' || name === '::1' || (isIP(name) === 4 && name.startsWith('127.'));
};

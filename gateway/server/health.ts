/**
 * Probes. Live: the process turns. Ready: the graph is composed, the listener is up, and no stop has begun. Readiness does
 * not depend on the services: one bad service would take every replica out.
 */
import type { FastifyInstance } from 'fastify';

export function mountHealth(app: FastifyInstance, isDraining: () => boolean): void {
  app.get('/health/live', async (_request, reply) =>
    reply.header('cache-control', 'no-store').send({ status: 'live' }),
  );
  app.get('/health/ready', async (_request, reply) => {
    reply.header('cache-control', 'no-store');
    if (!isDraining()) return reply.send({ status: 'ready' });
    return reply.status(503).header('retry-after', '1').send({ status: 'draining' });
  });
}

/**
 * Probes. Live: the process turns. Ready: the graph is composed, the listener is up, and no stop has begun. Whether services
 * must have instances as well, `server.readiness` says. Readiness never depends on how services answer: one bad service would
 * take every replica out.
 */
import type { FastifyInstance } from 'fastify';

export interface HealthOptions {
  readonly isDraining: () => boolean;
  readonly readiness: 'none' | 'any' | 'all';
  /** Of each service whose instances are watched: how many are known. */
  readonly sets: () => readonly { readonly service: string; readonly instances: number }[];
}

export function mountHealth(app: FastifyInstance, options: HealthOptions): void {
  app.get('/health/live', async (_request, reply) =>
    reply.header('cache-control', 'no-store').send({ status: 'live' }),
  );
  app.get('/health/ready', async (_request, reply) => {
    reply.header('cache-control', 'no-store');
    const { isReady, ...answer } = readReadiness(options);
    return (isReady ? reply : reply.status(503).header('retry-after', '1')).send(answer);
  });
}

/** `services` are those that nothing is known of; where there is nobody to wait for, nobody is waited for. */
function readReadiness({ isDraining, readiness, sets }: HealthOptions) {
  if (isDraining()) return { isReady: false, status: 'draining' };
  const all = readiness === 'none' ? [] : sets();
  const services = all.filter(({ instances }) => instances === 0).map(({ service }) => service);
  const isReady = services.length === 0 || (readiness === 'any' && services.length < all.length);
  return isReady ? { isReady, status: 'ready' } : { isReady, status: 'waiting', services };
}

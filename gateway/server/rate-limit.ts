/**
 * A limit on requests by address (facade.md, P7), and how it is told: the fields of draft-ietf-httpapi-ratelimit-headers, on every
 * answer and not only on refusals, so that a client can slow down in time. The plugin counts; it writes the fields of an early draft.
 */
import rateLimit from '@fastify/rate-limit';
import type { FastifyInstance } from 'fastify';

/** The name of the one policy there is. */
export const RATE_POLICY = 'basic';

export interface RateLimitOptions {
  /** Requests of one address within the window. */
  readonly max: number;
  readonly windowMs: number;
}

const [LIMIT, REMAINING, RESET] = ['ratelimit-limit', 'ratelimit-remaining', 'ratelimit-reset'] as const;

export async function limitRate(app: FastifyInstance, { max, windowMs }: RateLimitOptions): Promise<void> {
  const policy = `"${RATE_POLICY}";q=${max};w=${Math.max(1, Math.ceil(windowMs / 1000))}`;
  await app.register(rateLimit, {
    max,
    timeWindow: windowMs,
    enableDraftSpec: true,
    errorResponseBuilder: () => Object.assign(new Error('Rate limited'), { statusCode: 429 }),
  });
  app.addHook('onSend', async (_request, reply) => {
    const remaining = reply.getHeader(REMAINING);
    const reset = reply.getHeader(RESET);
    if (remaining === undefined || reset === undefined) return;
    for (const name of [LIMIT, REMAINING, RESET]) reply.removeHeader(name);
    reply.header('ratelimit-policy', policy);
    reply.header('ratelimit', `"${RATE_POLICY}";r=${String(remaining)};t=${String(reset)}`);
  });
}

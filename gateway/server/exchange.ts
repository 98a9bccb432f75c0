/**
 * One request as the server sees it: its id, its deadline, and whether the client is still there. The signal reaches every
 * call below, so that work stops when nobody waits for it.
 */
import type { FastifyReply, FastifyRequest } from 'fastify';

export interface Exchange {
  readonly requestId: string;
  /** Aborts when the client leaves or the deadline passes. */
  readonly signal: AbortSignal;
  /** On the clock of `performance.now()`. */
  readonly deadlineAt: number;
}

/** Ends by itself when the answer is written or the client is gone. */
export function openExchange(request: FastifyRequest, reply: FastifyReply, deadlineMs: number): Exchange {
  const controller = new AbortController();
  const deadlineAt = request.arrivedAt + deadlineMs;
  const timer = setTimeout(() => controller.abort(), deadlineAt - performance.now());
  reply.raw.once('close', () => {
    clearTimeout(timer);
    if (!reply.raw.writableFinished) controller.abort();
  });
  return { requestId: request.id, signal: controller.signal, deadlineAt };
}

/** Bytes of the body; Fastify's own parsers are off, so that both faces read JSON by their own rules. */
export function bodyOf(request: FastifyRequest): Buffer | undefined {
  const body = request.body;
  return Buffer.isBuffer(body) && body.length > 0 ? body : undefined;
}

/** What has been said of `Vary` before the answer came: CORS names `Origin`. */
export const varyOf = (reply: FastifyReply): string | undefined => reply.getHeader('vary')?.toString();

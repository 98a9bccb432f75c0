/**
 * `POST /admin/upstreams/<service>/breaker` with `{"state": "force-open"}`: the operator holds the breaker of a service open or
 * closed, and lets it go again. A page in a browser cannot send it unasked: only a JSON body is read, which a page of another
 * origin may not send without asking first, and nothing here answers that question.
 */
import type { FastifyInstance } from 'fastify';
import { didYouMean } from '../../errors/did-you-mean.ts';
import { sendProblem } from './admin-problem.ts';

/** What the body may say, and how the breaker is held. */
const positions = { 'force-open': 'open', 'force-close': 'closed', lift: undefined } as const;

export type BreakerCommand = keyof typeof positions;

export interface BreakerControl {
  /** Services by name, whether they were called before or not. */
  readonly services: () => readonly string[];
  /** Undefined lets it go; false where the breaker is turned off. */
  readonly force: (service: string, position: 'open' | 'closed' | undefined) => boolean;
  /** Hears of each command that was obeyed. */
  readonly onForced: (service: string, command: BreakerCommand) => void;
}

const isCommand = (state: unknown): state is BreakerCommand =>
  typeof state === 'string' && Object.hasOwn(positions, state);

export function mountBreakerControl(app: FastifyInstance, { services, force, onForced }: BreakerControl): void {
  const url = '/admin/upstreams/:service/breaker';
  app.post<{ Params: { service: string }; Body: unknown }>(url, (request, reply) => {
    const { service } = request.params;
    if (request.body === undefined) return sendProblem(reply, 415, 'Send the state as application/json');
    const known = services();
    if (!known.includes(service)) {
      const detail = [`Unknown service ${JSON.stringify(service)}`, didYouMean(service, known)].filter(Boolean);
      return sendProblem(reply, 404, detail.join('. '));
    }
    const state = (request.body as { state?: unknown } | null)?.state;
    if (!isCommand(state)) {
      const names = Object.keys(positions).map((name) => JSON.stringify(name));
      return sendProblem(reply, 400, `"state" must be one of ${names.join(', ')}`);
    }
    if (!force(service, positions[state])) {
      return sendProblem(reply, 409, `The breaker of "${service}" is turned off: upstream.breaker.enabled is false`);
    }
    onForced(service, state);
    return reply.send({ service, state });
  });
  app.route({
    method: ['GET', 'PUT', 'PATCH', 'DELETE'],
    url,
    handler: (_request, reply) => sendProblem(reply.header('allow', 'POST'), 405, 'A breaker is forced by POST'),
  });
}

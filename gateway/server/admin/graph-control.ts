/**
 * `GET /admin/graph`: what is served, and how the last reload ended. `GET /admin/versions`: who calls which version. `POST /admin/reload` reloads now and answers with its end.
 * A page in a browser cannot send it unasked: a JSON body is needed, which a page of another origin may not send.
 */
import type { FastifyInstance } from 'fastify';
import { sendProblem } from './admin-problem.ts';

export interface GraphControl {
  readonly report: () => object;
  /** Of the REST side. */
  readonly versions: () => object;
  /** Undefined where the gateway does not know what to read again. */
  readonly reload: (() => Promise<{ readonly state: string }>) | undefined;
}

export function mountGraphControl(app: FastifyInstance, { report, versions, reload }: GraphControl): void {
  app.get('/admin/versions', async (_request, reply) => reply.send(versions()));
  app.get('/admin/graph', async (_request, reply) => reply.send(report()));
  app.post('/admin/reload', async (request, reply) => {
    if (request.body === undefined) return sendProblem(reply, 415, 'Send {} as application/json');
    if (reload === undefined) return sendProblem(reply, 409, 'This gateway was started without a settings file');
    const outcome = await reload();
    return reply.status(outcome.state === 'refused' ? 422 : 200).send(outcome);
  });
}

/**
 * The comparison, live: `GET /compare/cases` lists the use cases, `POST /compare/run` measures one of them on this very
 * gateway. Only what reads may be run here, one run at a time; CPU and faults need the command, whose gateway is its own.
 */
import type { AddressInfo } from 'node:net';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { parse } from 'graphql';
import { z } from 'zod';
import { NeedError, type MeasuredGateway } from '../../compare/run-case.ts';
import { runComparison } from '../../compare/run-comparison.ts';
import type { UseCase } from '../../compare/use-case.ts';
import { bodyOf } from '../exchange.ts';
import { sendProblem, type ServerProblem } from '../problem-reply.ts';
import type { CallLog } from './call-log.ts';

export interface CompareOptions {
  readonly cases: readonly UseCase[];
  readonly log: CallLog;
  readonly restPath: string;
  readonly levels: readonly number[];
}

const wish = z.strictObject({
  case: z.string(),
  /** Another need than that of the case; the steps stay, so what they lack is seen. */
  need: z.string().max(20_000).optional(),
  variables: z.record(z.string(), z.json()).optional(),
  runs: z.int().min(1).max(20).default(5),
  roundTrips: z.array(z.number().min(0).max(500)).min(1).max(3).default([0]),
});

type Wish = z.output<typeof wish>;

const problem = (status: number, detail: string, headers?: Record<string, string>): ServerProblem => ({
  status,
  code: status === 503 ? 'OVERLOADED' : 'BAD_REQUEST',
  detail,
  ...(headers === undefined ? {} : { headers }),
});

export function mountCompare(app: FastifyInstance, options: CompareOptions): void {
  let isRunning = false;
  let number = Date.now();
  const gateway = (): MeasuredGateway => ({
    url: `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`,
    places: { rest: options.restPath, graphql: '/graphql' },
    levels: options.levels,
    upstreamCalls: async (requestIds) => options.log.callsOf(requestIds),
    cpuMs: async () => undefined,
    setFault: undefined,
  });

  app.get('/compare/cases', async (_request, reply) =>
    reply.header('cache-control', 'no-cache').send({
      cases: options.cases
        .filter(isLive)
        .map(({ name, shows, services, need, variables }) => ({ name, shows, services, need, variables })),
    }),
  );
  app.post('/compare/run', async (request, reply) => {
    const read = readWish(request, options.cases);
    if ('status' in read) return sendProblem(request, reply, read);
    if (isRunning) {
      return sendProblem(request, reply, problem(503, 'Another comparison is running', { 'retry-after': '5' }));
    }
    isRunning = true;
    try {
      return await reply.header('cache-control', 'no-store').send(await run(read.useCase, read.wish));
    } catch (error) {
      if (!(error instanceof NeedError)) throw error;
      return sendProblem(request, reply, problem(422, error.message));
    } finally {
      isRunning = false;
    }
  });
  for (const [url, allowed] of [
    ['/compare/cases', 'GET, HEAD'],
    ['/compare/run', 'POST'],
  ] as const) {
    const method = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'].filter((one) => !allowed.includes(one));
    app.route({ method, url, handler: (request, reply) => refuseMethod(request, reply, allowed) });
  }

  const run = (useCase: UseCase, { runs, roundTrips, need, variables }: Wish) =>
    runComparison({
      gateway: gateway(),
      cases: [{ ...useCase, need: need ?? useCase.need, variables: variables ?? useCase.variables }],
      ...{ runs, roundTrips, delayedRuns: Math.min(runs, 3), mode: 'warm', at: new Date() },
      nextNumber: () => number++,
      now: () => performance.now(),
    });
}

/** What writes stays with the command: a page that anybody may open must not change data. */
const isLive = (useCase: UseCase): boolean => !useCase.writes && useCase.fault === undefined;

const refuseMethod = (request: FastifyRequest, reply: FastifyReply, allow: string): FastifyReply =>
  sendProblem(request, reply, { status: 405, code: 'BAD_REQUEST', detail: 'Not with this method', headers: { allow } });

function readWish(
  request: FastifyRequest,
  cases: readonly UseCase[],
): { useCase: UseCase; wish: Wish } | ServerProblem {
  // A form of another page cannot send this type unasked.
  if (!/^application\/json\b/i.test(request.headers['content-type'] ?? '')) return problem(415, 'Send JSON');
  let value: unknown;
  try {
    value = JSON.parse(bodyOf(request)?.toString('utf8') ?? '');
  } catch {
    return problem(400, 'The body is not JSON');
  }
  const checked = wish.safeParse(value);
  if (!checked.success) {
    const [issue] = checked.error.issues;
    return problem(422, `${issue?.path.join('.') || 'The body'}: ${issue?.message}`);
  }
  const useCase = cases.filter(isLive).find(({ name }) => name === checked.data.case);
  if (useCase === undefined) return problem(422, 'There is no such case here: see /compare/cases');
  const fault = checked.data.need === undefined ? undefined : faultOf(checked.data.need);
  return fault === undefined ? { useCase, wish: checked.data } : problem(422, fault);
}

/** A need reads: one operation, and no mutation. */
function faultOf(need: string): string | undefined {
  try {
    const operations = parse(need).definitions.flatMap((one) => (one.kind === 'OperationDefinition' ? [one] : []));
    if (operations.length !== 1) return 'Expected one operation';
    return operations[0]!.operation === 'query' ? undefined : 'Expected a query';
  } catch (error) {
    return (error as Error).message;
  }
}

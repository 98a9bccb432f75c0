/** Problem documents (RFC 9457) for what is refused before a face is reached, and for paths that no face owns. */
import type { FastifyReply, FastifyRequest } from 'fastify';

export interface ServerProblem {
  readonly status: number;
  readonly type: string;
  readonly title: string;
  readonly code: string;
  readonly detail?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export const problems = {
  routeNotFound: {
    status: 404,
    type: '/problems/route-not-found',
    title: 'No such route',
    code: 'NOT_FOUND',
    detail: 'Nothing answers at this path',
  },
  bodyTooLarge: {
    status: 413,
    type: '/problems/body-too-large',
    title: 'Body too large',
    code: 'BAD_REQUEST',
    headers: { connection: 'close' },
  },
  rateLimited: {
    status: 429,
    type: 'https://iana.org/assignments/http-problem-types#quota-exceeded',
    title: 'Too many requests',
    code: 'RATE_LIMITED',
  },
  malformedUrl: {
    status: 400,
    type: '/problems/malformed-url',
    title: 'Malformed URL',
    code: 'BAD_REQUEST',
    detail: 'The path does not decode',
  },
  malformedBody: { status: 400, type: '/problems/malformed-body', title: 'Malformed body', code: 'BAD_REQUEST' },
  uriTooLong: { status: 414, type: '/problems/uri-too-long', title: 'URI too long', code: 'BAD_REQUEST' },
  headersTooLarge: {
    status: 431,
    type: '/problems/headers-too-large',
    title: 'Headers too large',
    code: 'BAD_REQUEST',
  },
  requestTimeout: { status: 408, type: '/problems/request-timeout', title: 'Request too slow', code: 'BAD_REQUEST' },
  methodUnknown: {
    status: 501,
    type: '/problems/method-unknown',
    title: 'Method not implemented',
    code: 'BAD_REQUEST',
  },
  badRequest: { status: 400, type: '/problems/bad-request', title: 'Bad request', code: 'BAD_REQUEST' },
  notAcceptable: {
    status: 406,
    type: '/problems/not-acceptable',
    title: 'Not acceptable',
    code: 'BAD_REQUEST',
    headers: { vary: 'accept' },
  },
  internal: {
    status: 500,
    type: '/problems/internal',
    title: 'Internal error',
    code: 'INTERNAL_SERVER_ERROR',
    detail: 'Something went wrong inside the gateway',
  },
} as const satisfies Record<string, ServerProblem>;

export const buildProblem = (problem: ServerProblem, requestId: string): string =>
  JSON.stringify({
    type: problem.type,
    title: problem.title,
    status: problem.status,
    ...(problem.detail === undefined ? {} : { detail: problem.detail }),
    instance: `urn:request:${requestId}`,
    code: problem.code,
    traceId: requestId,
  });

export function sendProblem(request: FastifyRequest, reply: FastifyReply, problem: ServerProblem): FastifyReply {
  for (const [name, value] of Object.entries(problem.headers ?? {})) reply.header(name, value);
  return reply
    .status(problem.status)
    .header('content-type', 'application/problem+json; charset=utf-8')
    .header('cache-control', 'no-store')
    .send(buildProblem(problem, request.id));
}

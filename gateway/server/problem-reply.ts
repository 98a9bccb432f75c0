/**
 * Problem documents (RFC 9457) for what is refused before a face is reached, and for paths that no face owns. They mean no
 * more than their status says, so their type is about:blank and their title the status phrase (RFC 9457, 4.2.1).
 */
import { STATUS_CODES } from 'node:http';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { RATE_POLICY } from './rate-limit.ts';

export interface ServerProblem {
  readonly status: number;
  readonly code: string;
  readonly detail: string;
  /** Instead of about:blank, where a registry has the very thing. */
  readonly type?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Further members, of a registered type. */
  readonly members?: Readonly<Record<string, unknown>>;
}

const problem = (status: number, code: string, detail: string, more: Partial<ServerProblem> = {}): ServerProblem => ({
  status,
  code,
  detail,
  ...more,
});

const closing = { headers: { connection: 'close' } };

export const problems = {
  routeNotFound: problem(404, 'NOT_FOUND', 'Nothing answers at this path'),
  bodyTooLarge: problem(413, 'BAD_REQUEST', 'The body is larger than server.bodyLimit allows', closing),
  rateLimited: problem(429, 'RATE_LIMITED', 'Come back later: the header Retry-After says when', {
    type: 'https://iana.org/assignments/http-problem-types#quota-exceeded',
    members: { 'violated-policies': [RATE_POLICY] },
  }),
  overloaded: problem(503, 'OVERLOADED', 'The server is too busy', {
    type: 'https://iana.org/assignments/http-problem-types#temporary-reduced-capacity',
  }),
  malformedUrl: problem(400, 'BAD_REQUEST', 'The path does not decode'),
  malformedBody: problem(400, 'BAD_REQUEST', 'Content-Length does not fit the body'),
  unsupportedMediaType: problem(415, 'BAD_REQUEST', 'The header Content-Type cannot be read'),
  uriTooLong: problem(414, 'BAD_REQUEST', 'The address is too long'),
  headersTooLarge: problem(431, 'BAD_REQUEST', 'The headers are too large', closing),
  expectationFailed: problem(417, 'BAD_REQUEST', 'The header Expect asks for what is not done here', closing),
  requestTimeout: problem(408, 'BAD_REQUEST', 'The request came too slowly', closing),
  methodUnknown: problem(501, 'BAD_REQUEST', 'The method is not known here', closing),
  badRequest: problem(400, 'BAD_REQUEST', 'The request is not valid HTTP', closing),
  internal: problem(500, 'INTERNAL_SERVER_ERROR', 'Something went wrong inside the gateway'),
} as const satisfies Record<string, ServerProblem>;

export const buildProblem = (problem: ServerProblem, requestId: string): string =>
  JSON.stringify({
    type: problem.type ?? 'about:blank',
    title: STATUS_CODES[problem.status],
    status: problem.status,
    detail: problem.detail,
    instance: `urn:request:${requestId}`,
    code: problem.code,
    traceId: requestId,
    ...problem.members,
  });

export function sendProblem(request: FastifyRequest, reply: FastifyReply, problem: ServerProblem): FastifyReply {
  for (const [name, value] of Object.entries(problem.headers ?? {})) reply.header(name, value);
  return reply
    .status(problem.status)
    .header('content-type', 'application/problem+json; charset=utf-8')
    .header('cache-control', 'no-store')
    .send(buildProblem(problem, request.id));
}

/**
 * Requests that Node refuses before Fastify sees them (facade.md, 3.2: P2, P9, P11, P20): the raw socket gets a problem
 * document instead of an empty answer, then it is closed.
 */
import { STATUS_CODES, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { buildProblem, problems, type ServerProblem } from './problem-reply.ts';

export function answerClientError(error: Error & { code?: string }, socket: Socket): void {
  if (!socket.writable || error.code === 'ECONNRESET') {
    socket.destroy();
    return;
  }
  const problem = problemOf(error);
  const body = buildProblem(problem, 'unknown');
  socket.end(
    [
      `HTTP/1.1 ${problem.status} ${STATUS_CODES[problem.status]}`,
      'content-type: application/problem+json; charset=utf-8',
      'cache-control: no-store',
      `content-length: ${Buffer.byteLength(body)}`,
      'connection: close',
      '',
      body,
    ].join('\r\n'),
  );
}

/** `Expect` of anything but `100-continue` (P20). */
export function refuseExpectation(_request: IncomingMessage, response: ServerResponse): void {
  const problem = problems.expectationFailed;
  response.writeHead(problem.status, {
    ...problem.headers,
    'content-type': 'application/problem+json; charset=utf-8',
    'cache-control': 'no-store',
  });
  response.end(buildProblem(problem, 'unknown'));
}

function problemOf(error: { code?: string }): ServerProblem {
  switch (error.code) {
    case 'HPE_INVALID_METHOD':
      return problems.methodUnknown;
    case 'HPE_HEADER_OVERFLOW':
      return problems.headersTooLarge;
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return problems.requestTimeout;
    default:
      return problems.badRequest;
  }
}

/**
 * The short way to /graphql: a plain POST of JSON is answered without Fastify's router, hooks and plugins, which cost several
 * times what a shared answer does. Only requests that need nothing of them are taken; all others go the long way, and what a
 * client sees is the same (a test compares both).
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { COMMON_HEADERS } from '../common-headers.ts';
import type { Drain } from '../drain.ts';
import type { AskedGraphql } from '../graphql-endpoint.ts';
import { buildProblem, problems } from '../problem-reply.ts';
import { readRequestId } from '../request-id.ts';
import { mergeVary, type Answer } from '../http/answer.ts';

export interface ShortWayOptions {
  /** Rejects only by a fault of ours. */
  readonly answer: (asked: AskedGraphql) => Promise<Answer>;
  readonly bodyLimitBytes: number;
  readonly drain: Pick<Drain, 'isDraining' | 'noteRequest'>;
  readonly onError: (error: unknown, requestId: string) => void;
}

/** True when it answers the request; else nothing of the request was touched. */
export type TakeShortWay = (request: IncomingMessage, response: ServerResponse) => boolean;

export function createShortWay({ answer, bodyLimitBytes, drain, onError }: ShortWayOptions): TakeShortWay {
  const headsOf = createHeads();
  return (request, response) => {
    if (!isPlain(request, bodyLimitBytes)) return false;
    const arrivedAt = performance.now();
    drain.noteRequest();
    const requestId = readRequestId(request.headers['x-request-id']);
    const write = (answered: Answer): void => {
      if (response.destroyed) return;
      const head = headsOf(answered).concat('x-request-id', requestId);
      if (drain.isDraining()) head.push('connection', 'close');
      writeAnswer(response, answered, head);
    };
    readBody(request, (body) => {
      answer({ request, response, requestId, arrivedAt, body }).then(write, (error: unknown) => {
        onError(error, requestId);
        write(internalError(requestId));
      });
    });
    return true;
  };
}

const MEDIA_TYPES = new Set(['application/json', 'application/json; charset=utf-8', 'application/json;charset=utf-8']);

/** Whether none of Fastify's plugins would have anything to say, and the body comes in its length and within the limit. */
function isPlain({ method, url, headers }: IncomingMessage, bodyLimitBytes: number): boolean {
  if (method !== 'POST' || url !== '/graphql') return false;
  const length = headers['content-length'];
  return (
    length !== undefined &&
    /^[1-9]\d*$/.test(length) &&
    Number(length) <= bodyLimitBytes &&
    headers['transfer-encoding'] === undefined &&
    headers['content-encoding'] === undefined &&
    headers.origin === undefined &&
    MEDIA_TYPES.has(headers['content-type'] ?? '')
  );
}

/** Nothing comes of a body that its client breaks off. */
function readBody(request: IncomingMessage, onRead: (body: Buffer) => void): void {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => onRead(chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks)));
}

/** Names and values, one after the other, made once for an answer however many clients get it. */
function createHeads(): (answer: Answer) => string[] {
  const known = new WeakMap<Answer, string[]>();
  return (answer) => {
    let head = known.get(answer);
    if (head === undefined) {
      const merged = new Map(Object.entries(COMMON_HEADERS));
      for (const [name, value] of answer.headers) merged.set(name.toLowerCase(), value);
      merged.set('vary', mergeVary(COMMON_HEADERS['vary'], answer.headers.get('vary')));
      merged.set('content-length', String(answer.body.length));
      head = [...merged].flat();
      known.set(answer, head);
    }
    return head;
  };
}

/** Up to here one write of head and body together is cheaper than two pieces. */
const ONE_PIECE_BYTES = 4_096;

function writeAnswer(response: ServerResponse, { status, body }: Answer, head: string[]): void {
  response.writeHead(status, head);
  if (body.length > ONE_PIECE_BYTES) response.end(body);
  // One character a byte, as the head is written too.
  else response.end(body.toString('latin1'), 'latin1');
}

const internalError = (requestId: string): Answer => ({
  status: problems.internal.status,
  headers: new Map([
    ['content-type', 'application/problem+json; charset=utf-8'],
    ['cache-control', 'no-store'],
  ]),
  body: Buffer.from(buildProblem(problems.internal, requestId)),
});

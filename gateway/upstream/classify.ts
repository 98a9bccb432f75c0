/**
 * What went wrong, as an entry of the catalogue (upstream.md, section 11), and how it counts (section 5). The client's
 * sentence names the service only; `reason` and `cause` are for the operator. Decides by codes, never by message text.
 */
import { errors } from 'undici';
import type { ErrorCode } from '../errors/catalogue.ts';
import { UpstreamError, type UpstreamErrorDetails } from '../errors/upstream-error.ts';
import type { Call } from './call.ts';
import type { Outcome } from './events.ts';
import { isRepeatable } from './repeatable.ts';
import type { UpstreamResponse } from './upstream-call.ts';

/** Where in the exchange an error struck: before or after the head of the answer. */
export type Phase = 'head' | 'body';

/** An error of this call, with what follows from its request filled in. */
export function callError(
  call: Call,
  code: ErrorCode,
  details: Pick<UpstreamErrorDetails, 'reason' | 'status' | 'cause' | 'retryAfterMs' | 'answer'>,
): UpstreamError {
  const { dispatched } = call.progress;
  const retryable = !dispatched || isRepeatable(call.request);
  return new UpstreamError(code, { service: call.request.service, dispatched, retryable, ...details });
}

const neverSent: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'refused',
  ENOTFOUND: 'dns',
  EAI_AGAIN: 'dns',
  EHOSTUNREACH: 'unroutable',
  ENETUNREACH: 'unroutable',
  EADDRNOTAVAIL: 'no-local-port',
  EMFILE: 'no-descriptor',
  ENFILE: 'no-descriptor',
  UND_ERR_CONNECT_TIMEOUT: 'connect-timeout',
  UND_ERR_CLOSED: 'shutting-down',
  UND_ERR_DESTROYED: 'shutting-down',
};

const certificateCode = /^(CERT_|UNABLE_TO_|DEPTH_ZERO_|SELF_SIGNED_|ERR_TLS_CERT_|HOSTNAME_MISMATCH)/;
const tlsCode = /^(ERR_TLS_|ERR_SSL_|EPROTO$)/;

function codeOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : '';
}

/** The certificate will be as wrong a moment later, so this is not tried again. */
export const isCertificateError = (error: unknown): boolean => certificateCode.test(codeOf(error));

/** Why the request surely did not leave, or undefined when it may have. */
export function neverSentReason(error: unknown): string | undefined {
  const code = codeOf(error);
  if (isCertificateError(error) || tlsCode.test(code)) return 'tls';
  if (code === 'ETIMEDOUT' && (error as NodeJS.ErrnoException).syscall === 'connect') return 'connect-timeout';
  return neverSent[code];
}

/** Turns an error of the transport into the one the caller sees; an UpstreamError is passed on as it is. */
export function classifyTransportError(call: Call, error: unknown, phase: Phase): UpstreamError {
  if (error instanceof UpstreamError) return error;
  const unsent = phase === 'head' ? neverSentReason(error) : undefined;
  if (unsent !== undefined) return callError(call, 'UPSTREAM_UNREACHABLE', { reason: unsent, cause: error });
  const fault = readFault(error, phase);
  if (fault !== undefined) return callError(call, fault.code, { reason: fault.reason, cause: error });
  return phase === 'head'
    ? callError(call, 'UPSTREAM_UNREACHABLE', { reason: 'closed', cause: error })
    : callError(call, 'UPSTREAM_TRUNCATED', { reason: 'connection lost inside the body', cause: error });
}

function readFault(error: unknown, phase: Phase): { code: ErrorCode; reason: string } | undefined {
  // undici leaves the code of a parser error empty. It gives the input that was left when it met the fault: when nothing
  // was left, the input only ended too early.
  if (error instanceof errors.HTTPParserError) {
    return 'data' in error && error.data === '' ? undefined : { code: 'UPSTREAM_INVALID_RESPONSE', reason: 'not HTTP' };
  }
  switch (codeOf(error)) {
    case 'UND_ERR_HEADERS_OVERFLOW':
      return { code: 'UPSTREAM_TOO_LARGE', reason: 'limits.headers' };
    case 'UND_ERR_RES_CONTENT_LENGTH_MISMATCH':
      // Before there is a head, only two lengths that contradict each other can mismatch.
      return phase === 'head'
        ? { code: 'UPSTREAM_INVALID_RESPONSE', reason: 'contradicting lengths' }
        : { code: 'UPSTREAM_TRUNCATED', reason: 'fewer bytes than Content-Length' };
    case 'UND_ERR_INVALID_ARG':
      return { code: 'INTERNAL_SERVER_ERROR', reason: 'request cannot be sent' };
    default:
      return undefined;
  }
}

const neutralCodes: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'DEADLINE_EXCEEDED',
  'REQUEST_CANCELLED',
  'UPSTREAM_SATURATED',
  'CIRCUIT_OPEN',
  'INTERNAL_SERVER_ERROR',
]);

/** How an answer counts for a breaker. */
export function outcomeOfResponse(response: UpstreamResponse, failureStatuses: readonly number[]): Outcome {
  if (response.status === 429) return 'neutral';
  return failureStatuses.includes(response.status) ? 'failure' : 'success';
}

/** How an error counts for a breaker. */
export function outcomeOfError(error: unknown): Outcome {
  return error instanceof UpstreamError && neutralCodes.has(error.code) ? 'neutral' : 'failure';
}

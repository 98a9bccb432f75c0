/** Turns what went wrong with a call into the error a client sees (connectors.md 12). Bodies and addresses stay inside. */
import { describeError, type ErrorCode } from '../../errors/catalogue.ts';
import { UpstreamError } from '../../errors/upstream-error.ts';
import type { Variables } from '../mapping/frame.ts';
import { isObject, setOwn, withoutBigints, type Maybe, type Value, type ValueObject } from '../mapping/value.ts';
import type { Connector, MappingPart } from '../spec/connector.ts';
import { Failure } from './failure.ts';
import { evaluateLogged, type ProblemLocation, type ProblemLog } from './problem-log.ts';
import { RequestFault, RequestLimitFault } from './request-fault.ts';

export interface FailedCall {
  readonly connector: Connector;
  readonly service: string;
  /** Whether the call is the one behind a root field. */
  readonly isRoot: boolean;
}

export const baseExtensions = ({ connector, service }: FailedCall, code: string): ValueObject => ({
  code,
  service,
  connector: { coordinate: connector.coordinate },
});

/** A complete answer that `isSuccess` refused. */
export function failureOfResponse(
  call: FailedCall,
  answer: { status: number; body: Value; variables: Variables; retryAfterMs: number | undefined },
  log?: ProblemLog,
): Failure {
  const { connector, isRoot } = call;
  const { status, body, variables, retryAfterMs } = answer;
  const { source } = connector;
  const read = (part: MappingPart | undefined, location: ProblemLocation): Maybe =>
    part && evaluateLogged(part, body, variables, log && { log, location });
  const messagePart = connector.errorsMessage ?? source?.errorsMessage;
  const message = messagePart ? read(messagePart, 'ErrorsMessage') : 'Request failed';
  const extensions: ValueObject = {
    ...baseExtensions(call, 'CONNECTOR_FETCH'),
    http: { status },
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  };
  const additions = [
    read(source?.errorsExtensions, 'SourceErrorsExtensions'),
    read(connector.errorsExtensions, 'ConnectErrorsExtensions'),
  ];
  for (const more of additions) {
    if (isObject(more)) for (const key of Object.keys(more)) setOwn(extensions, key, withoutBigints(more[key]!));
  }
  const inner = { dispatched: true, upstream: { status, root: isRoot } };
  return new Failure(typeof message === 'string' ? message : '', { ...extensions, ...inner });
}

/** An argument of the client that no call can be made of. */
export const failureOfInput = (call: FailedCall, argument: string, reason: string): Failure =>
  new Failure(describeError('BAD_USER_INPUT', { reason }), {
    ...baseExtensions(call, 'BAD_USER_INPUT'),
    errors: [{ parameter: argument, detail: reason }],
    dispatched: false,
  });

/** An answer whose mapping does not fit what the connector needs. */
export const failureOfShape = (call: FailedCall, status: number, reason: string): Failure =>
  new Failure(describeError('CONNECTOR_RESPONSE_INVALID', { reason }), {
    ...baseExtensions(call, 'CONNECTOR_RESPONSE_INVALID'),
    http: { status },
    dispatched: true,
    upstream: { status, kind: 'invalid', root: call.isRoot },
  });

/** Why a request was given up: its time was over, or its client left. */
export type AbortCode = 'DEADLINE_EXCEEDED' | 'REQUEST_CANCELLED';

/** Whatever was thrown between building the request and the answer. */
export function failureOfThrown(call: FailedCall, error: unknown, aborted: AbortCode | undefined): Failure {
  const { isRoot } = call;
  if (error instanceof UpstreamError) {
    const own = error.toExtensions();
    const upstream = { ...(own['upstream'] as object), root: isRoot };
    const http = error.code === 'UPSTREAM_INVALID_RESPONSE' && error.status !== undefined;
    const extensions = {
      ...baseExtensions(call, error.code),
      ...own,
      service: call.service,
      ...(http ? { http: { status: error.status } } : {}),
      upstream,
    };
    return new Failure(error.message, extensions, error);
  }
  const code = codeOf(error, aborted);
  const message = describeError(code, code === 'CONNECTOR_REQUEST_INVALID' ? { reason: (error as Error).message } : {});
  return new Failure(message, { ...baseExtensions(call, code), dispatched: code === 'INTERNAL_SERVER_ERROR' }, error);
}

function codeOf(error: unknown, aborted: AbortCode | undefined): ErrorCode {
  if (error instanceof RequestFault) return 'CONNECTOR_REQUEST_INVALID';
  if (error instanceof RequestLimitFault) return 'REQUEST_LIMIT_EXCEEDED';
  return aborted ?? 'INTERNAL_SERVER_ERROR';
}

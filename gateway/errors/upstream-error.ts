/**
 * The only error a call to a service may end with. Carries what the two faces need to choose a status, and a `cause`
 * for the operator. Its message never holds an address or a body.
 */
import { catalogue, describeError, type ErrorCode } from './catalogue.ts';

export interface UpstreamErrorDetails {
  readonly service: string;
  /** May the same call be sent again without doing something twice? */
  readonly retryable: boolean;
  /** Was the request sent, wholly or in part? */
  readonly dispatched: boolean;
  readonly retryAfterMs?: number | undefined;
  /** The status the service answered with, when it did. */
  readonly status?: number | undefined;
  /** For the operator: which limit, which cause. Never shown to a client. */
  readonly reason?: string | undefined;
  readonly cause?: unknown;
  /** The answer that could not be read; for the debugger, never for a log or a client. */
  readonly answer?: UnreadableAnswer | undefined;
}

export interface UnreadableAnswer {
  readonly headers: Readonly<Record<string, readonly string[]>>;
  readonly bytes: Buffer;
}

export class UpstreamError extends Error {
  override readonly name = 'UpstreamError';
  readonly code: ErrorCode;
  readonly service: string;
  readonly retryable: boolean;
  readonly dispatched: boolean;
  readonly retryAfterMs: number | undefined;
  readonly status: number | undefined;
  readonly reason: string | undefined;
  /** Private, because loggers write every own property of an error. */
  readonly #answer: UnreadableAnswer | undefined;

  constructor(code: ErrorCode, details: UpstreamErrorDetails) {
    super(describeError(code, { service: details.service }), { cause: details.cause });
    this.code = code;
    this.service = details.service;
    this.retryable = details.retryable;
    this.dispatched = details.dispatched;
    this.retryAfterMs = details.retryAfterMs;
    this.status = details.status;
    this.reason = details.reason;
    this.#answer = details.answer;
  }

  get answer(): UnreadableAnswer | undefined {
    return this.#answer;
  }

  /** What goes into `extensions` of a GraphQL error. `dispatched` and `upstream` stay inside the process. */
  toExtensions(): Record<string, unknown> {
    const kind = catalogue[this.code].status === 504 ? 'timeout' : this.status === undefined ? 'network' : 'invalid';
    return {
      code: this.code,
      service: this.service,
      retryable: this.retryable,
      ...(this.retryAfterMs === undefined ? {} : { retryAfterMs: this.retryAfterMs }),
      dispatched: this.dispatched,
      upstream: { kind, ...(this.status === undefined ? {} : { status: this.status }) },
    };
  }
}

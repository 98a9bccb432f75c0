/**
 * Calls from orders to other services, through the product's own safe calls. A service that answers with a status nobody
 * expects has failed, whatever its body says.
 */
import {
  UpstreamError,
  type CallContext,
  type CallUpstream,
  type JsonValue,
  type UpstreamRequest,
  type UpstreamResponse,
} from 'tributary-gateway/upstream';

/** One attempt to do something: who asked, and until when it must be done. */
export type Call = Pick<CallContext, 'signal' | 'deadlineAt' | 'requestId'>;

/** A call that may take `timeoutMs`, whether or not the client who asked is still there. */
export const startCall = (requestId: string, timeoutMs: number): Call => ({
  requestId,
  signal: AbortSignal.timeout(Math.ceil(timeoutMs)),
  deadlineAt: performance.now() + timeoutMs,
});

/** One service, at one address. */
export class ServiceClient {
  readonly #name: string;
  readonly #baseUrl: string;
  readonly #callUpstream: CallUpstream;

  constructor(name: string, baseUrl: string, callUpstream: CallUpstream) {
    this.#name = name;
    this.#baseUrl = baseUrl.replace(/\/$/, '');
    this.#callUpstream = callUpstream;
  }

  get(path: string, call: Call): Promise<UpstreamResponse> {
    return this.#send({ method: 'GET', path, call });
  }

  /** Everything orders writes elsewhere may be sent twice: the other side knows it by its id. */
  write(method: 'PUT' | 'POST', path: string, body: JsonValue | undefined, call: Call): Promise<UpstreamResponse> {
    return this.#send({ method, path, body, call });
  }

  /** For an answer that cannot be worked with. */
  failure(response: UpstreamResponse): UpstreamError {
    const code = response.status >= 500 ? 'UPSTREAM_ERROR' : 'UPSTREAM_INVALID_RESPONSE';
    const retryable = response.status >= 500;
    return new UpstreamError(code, { service: this.#name, retryable, dispatched: true, status: response.status });
  }

  #send(request: {
    method: string;
    path: string;
    body?: JsonValue | undefined;
    call: Call;
  }): Promise<UpstreamResponse> {
    const { method, path, body, call } = request;
    const json = body === undefined ? {} : { 'content-type': 'application/json' };
    const upstreamRequest: UpstreamRequest = {
      service: this.#name,
      method,
      url: `${this.#baseUrl}${path}`,
      headers: { accept: 'application/json', ...json },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      idempotent: true,
      context: { ...call, identity: 'orders' },
    };
    return this.#callUpstream(upstreamRequest);
  }
}

/** A member of a JSON object; undefined when there is none. */
export function member(value: JsonValue | undefined, name: string): JsonValue | undefined {
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
  return isObject && Object.hasOwn(value, name) ? value[name] : undefined;
}

/** The JSON of an answer; undefined when it is none. */
export const jsonOf = ({ body }: UpstreamResponse): JsonValue | undefined =>
  body.kind === 'json' ? body.value : undefined;

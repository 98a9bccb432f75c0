/**
 * The shape of one HTTP call to one service. Connectors, remote subgraphs and services that call other services all speak
 * these types; what makes a call safe (deadlines, retries, limits) stays behind `CallUpstream`. Follows upstream.md.
 */

/** What a call inherits from the client request it serves. */
export interface CallContext {
  /** Aborts when the client leaves or the request deadline passes. */
  readonly signal: AbortSignal;
  /** End of the client request, on the monotonic clock (milliseconds of `performance.now()`). */
  readonly deadlineAt: number;
  /** Opaque; two callers with different identity never share anything. */
  readonly identity: string;
  /** Sent to services as `x-request-id`. */
  readonly requestId: string;
  readonly traceparent?: string;
  /** `x-retry-attempt` of the client request: above 0 somebody above retries already, so nobody below does. */
  readonly retryAttempt?: number;
  /** Hears the header fields of each answer that was read, wherever it came from; for the freshness of what is made of them. */
  readonly noteAnswer?: (headers: UpstreamResponse['headers']) => void;
}

export interface UpstreamRequest {
  /** Name for errors and policies. */
  readonly service: string;
  /** Coordinate of the connector that calls, for policies that tell connectors apart. */
  readonly connector?: string;
  /** A breaker of its own, by this name; left out, `breaker.scope` says which breaker watches the call. */
  readonly breakerKey?: string;
  /** Settings of its own, by their name; left out, those of its service. */
  readonly variant?: string;
  readonly method: string;
  /** Absolute http(s) URL. */
  readonly url: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  readonly body?: string | Uint8Array;
  /** A PUT, DELETE or POST that may be repeated. */
  readonly idempotent?: boolean;
  /** A POST that only reads, as a GraphQL query does. */
  readonly isQuery?: boolean;
  /** A GET that changes something all the same, as the connector of a mutation may send one: it is never shared, and no kept answer stands for it. */
  readonly isWrite?: boolean;
  /** Hears the header fields of each attempt as they are sent; for the debugger. */
  readonly onSend?: (headers: Readonly<Record<string, string | string[]>>) => void;
  readonly context: CallContext;
}

/** JSON with exact integers: beyond +-(2^53-1) they are bigint. */
export type JsonValue = null | boolean | number | bigint | string | JsonValue[] | { [name: string]: JsonValue };

export type UpstreamBody =
  | { readonly kind: 'empty' }
  | { readonly kind: 'json'; readonly value: JsonValue }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'xml'; readonly text: string };

export interface UpstreamResponse {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, readonly string[]>>;
  readonly body: UpstreamBody;
  /** Several callers hold this very object, so nobody may change it. */
  readonly isShared?: boolean;
}

/** Any complete HTTP answer is a response, whatever its status; everything else rejects with UpstreamError. */
export type CallUpstream = (request: UpstreamRequest) => Promise<UpstreamResponse>;

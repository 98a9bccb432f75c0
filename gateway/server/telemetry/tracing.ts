/** Spans as the rest of the server sees them; which library makes and sends them is behind it. */

/** Values are short texts, numbers and lists of texts; never what a client or a service sent as data. */
export type SpanAttributes = Readonly<Record<string, string | number | boolean | string[] | undefined>>;

export interface TraceSpan {
  /** Of this span, for those below it (W3C Trace Context, 3.2). Valid as well when the request is not sampled. */
  readonly traceparent: string;
  set(attributes: SpanAttributes): void;
  /** By what was not known when it began. */
  rename(name: string): void;
  /** Something that happened within it. */
  note(name: string, attributes?: SpanAttributes): void;
  /** With the code of an error where it has failed. Once. */
  end(failure?: string): void;
}

export interface StartSpanOptions {
  readonly name: string;
  readonly kind: 'server' | 'client' | 'internal';
  /** `traceparent` of the span above; what is no such text begins a trace of its own. */
  readonly parent: string | undefined;
  readonly attributes?: SpanAttributes;
}

export interface Tracing {
  start(options: StartSpanOptions): TraceSpan;
  /** Sends what is waiting, within a few seconds; never rejects. */
  close(): Promise<void>;
}

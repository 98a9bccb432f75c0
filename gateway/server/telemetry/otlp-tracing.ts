/**
 * Spans by the OpenTelemetry SDK, sent as OTLP over HTTP in JSON. Nothing is registered globally, so no library of the process
 * begins to report by itself. What a collector that is slow or gone cannot take is dropped: requests never wait for it.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { ROOT_CONTEXT, SpanKind, SpanStatusCode, trace, TraceFlags, type Span } from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import {
  BasicTracerProvider,
  BatchSpanProcessor,
  ParentBasedSampler,
  TraceIdRatioBasedSampler,
} from '@opentelemetry/sdk-trace-base';
import { printTraceparent, readTraceparent } from './traceparent.ts';
import type { SpanAttributes, Tracing, TraceSpan } from './tracing.ts';
import { watchExports, type OnExportChange } from './watch-exports.ts';

export interface OtlpTracingOptions {
  /** Where OTLP takes traces: `http://127.0.0.1:4318/v1/traces`. */
  readonly endpoint: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Share of the traces that begin here; those of others are sampled as their callers say. */
  readonly sample: number;
  readonly serviceName: string;
  readonly onChange: OnExportChange;
  /** A stop waits no longer than this for the last spans. */
  readonly flushMs?: number;
}

/** Spans that wait to be sent; about a kilobyte each. */
const MOST_WAITING = 2_048;
const BATCH = 512;
const EVERY_MS = 2_000;
const SEND_MS = 5_000;

const kinds = { server: SpanKind.SERVER, client: SpanKind.CLIENT, internal: SpanKind.INTERNAL } as const;

export function createOtlpTracing(options: OtlpTracingOptions): Tracing {
  const { endpoint, headers, sample, serviceName, onChange, flushMs = 5_000 } = options;
  const exporter = new OTLPTraceExporter({ url: endpoint, headers: { ...headers }, timeoutMillis: SEND_MS });
  const processor = new BatchSpanProcessor(watchExports(exporter, onChange), {
    maxQueueSize: MOST_WAITING,
    maxExportBatchSize: BATCH,
    scheduledDelayMillis: EVERY_MS,
    exportTimeoutMillis: SEND_MS,
  });
  const provider = new BasicTracerProvider({
    resource: resourceFromAttributes({ 'service.name': serviceName }),
    sampler: new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(sample) }),
    spanLimits: { attributeValueLengthLimit: 1_024 },
    spanProcessors: [processor],
  });
  const tracer = provider.getTracer('tributary');

  return {
    start({ name, kind, parent, attributes = {} }) {
      const above = readTraceparent(parent);
      const context =
        above === undefined
          ? ROOT_CONTEXT
          : trace.setSpanContext(ROOT_CONTEXT, {
              traceId: above.traceId,
              spanId: above.spanId,
              traceFlags: above.isSampled ? TraceFlags.SAMPLED : TraceFlags.NONE,
              isRemote: kind === 'server',
            });
      const given = withoutUndefined(attributes);
      return toTraceSpan(tracer.startSpan(name, { kind: kinds[kind], attributes: given }, context));
    },
    async close() {
      const limit = new AbortController();
      const flushed = provider.shutdown().catch(() => {});
      await Promise.race([flushed, sleep(flushMs, undefined, { signal: limit.signal }).catch(() => {})]);
      limit.abort();
    },
  };
}

function toTraceSpan(span: Span): TraceSpan {
  const { traceId, spanId, traceFlags } = span.spanContext();
  const isSampled = (traceFlags & TraceFlags.SAMPLED) === TraceFlags.SAMPLED;
  return {
    traceparent: printTraceparent({ traceId, spanId, isSampled }),
    set: (attributes) => void span.setAttributes(withoutUndefined(attributes)),
    rename: (name) => void span.updateName(name),
    note: (name, attributes = {}) => void span.addEvent(name, withoutUndefined(attributes)),
    end(failure) {
      if (failure !== undefined) {
        span.setAttribute('error.type', failure);
        span.setStatus({ code: SpanStatusCode.ERROR, message: failure });
      }
      span.end();
    },
  };
}

const withoutUndefined = (attributes: SpanAttributes) =>
  Object.fromEntries(Object.entries(attributes).filter(([, value]) => value !== undefined));

/** Takes OTLP over HTTP in JSON, as an OpenTelemetry collector does, and keeps the spans. */
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

export interface SeenSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId: string | undefined;
  readonly name: string;
  /** 1 internal, 2 server, 3 client. */
  readonly kind: number;
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly events: readonly string[];
  readonly hasFailed: boolean;
  readonly service: string;
}

export interface FakeCollector {
  readonly endpoint: string;
  readonly spans: SeenSpan[];
  readonly headers: IncomingHttpHeaders[];
  /** As they came. */
  readonly bodies: string[];
  /** Resolves once the spans are as wanted. */
  until(is: (spans: readonly SeenSpan[]) => boolean): Promise<void>;
}

interface OtlpValue {
  readonly stringValue?: string;
  readonly intValue?: number;
  readonly arrayValue?: { readonly values: readonly OtlpValue[] };
}
type OtlpAttributes = readonly { readonly key: string; readonly value: OtlpValue }[];

const valueOf = ({ stringValue, intValue, arrayValue }: OtlpValue): unknown =>
  stringValue ?? intValue ?? arrayValue?.values.map(valueOf);
const toRecord = (attributes: OtlpAttributes = []) =>
  Object.fromEntries(attributes.map(({ key, value }) => [key, valueOf(value)]));

const readSpans = (body: any): SeenSpan[] =>
  body.resourceSpans.flatMap(({ resource, scopeSpans }: any) =>
    scopeSpans.flatMap(({ spans }: any) =>
      spans.map((span: any) => ({
        traceId: span.traceId,
        spanId: span.spanId,
        parentSpanId: span.parentSpanId || undefined,
        name: span.name,
        kind: span.kind,
        attributes: toRecord(span.attributes),
        events: (span.events ?? []).map(({ name }: any) => name),
        hasFailed: span.status?.code === 2,
        service: String(toRecord(resource.attributes)['service.name']),
      })),
    ),
  );

/** Ends with the test. One that is `dead` takes connections and never answers. */
export async function startFakeCollector({ isDead = false } = {}): Promise<FakeCollector> {
  const spans: SeenSpan[] = [];
  const headers: IncomingHttpHeaders[] = [];
  const bodies: string[] = [];
  const waiting = new Set<() => void>();
  const server = createServer((request, response) => {
    headers.push(request.headers);
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      if (isDead) return;
      const body = Buffer.concat(chunks).toString();
      bodies.push(body);
      spans.push(...readSpans(JSON.parse(body)));
      response.setHeader('content-type', 'application/json').end('{}');
      for (const check of waiting) check();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1/traces`,
    spans,
    headers,
    bodies,
    until: (is) =>
      new Promise((resolve) => {
        const check = () => {
          if (!is(spans)) return;
          waiting.delete(check);
          resolve();
        };
        waiting.add(check);
        check();
      }),
  };
}

/**
 * Two spans of a call to a service: `connect` around the whole of it (connectors.md 14.3; `subgraph_request` where no connector
 * calls), `http_request` around each attempt. What policies do in between are events of the first. A service gets the
 * `traceparent` of the attempt. Addresses are cut down to host and port: paths and queries hold keys and secrets.
 */
import type { ConnectorDetail } from '../../connectors/index.ts';
import { UpstreamError } from '../../errors/upstream-error.ts';
import type { Call, Policy } from '../../upstream/call.ts';
import type { UpstreamEvent } from '../../upstream/index.ts';
import type { SpanAttributes, Tracing, TraceSpan } from './tracing.ts';

export interface CallTracing {
  /** The outermost policy of a call. */
  readonly call: Policy;
  /** Around each attempt. */
  readonly attempt: Policy;
  readonly note: (event: UpstreamEvent) => void;
}

/** `detailOf` is asked by the coordinate of a connector. */
export function traceCalls(
  tracing: Tracing,
  detailOf: (coordinate: string) => ConnectorDetail | undefined,
): CallTracing {
  const open = new Map<number, TraceSpan>();
  return {
    async call(call, next) {
      const { service, connector, context } = call.request;
      const span = tracing.start({
        name: connector === undefined ? 'subgraph_request' : 'connect',
        kind: 'internal',
        parent: context.traceparent,
        attributes: {
          'tributary.service': service,
          ...(connector && connectAttributes(connector, detailOf(connector))),
        },
      });
      open.set(call.id, span);
      try {
        const response = await next(below(call, span));
        span.set({ 'http.response.status_code': response.status });
        span.end(response.status >= 500 ? String(response.status) : undefined);
        return response;
      } catch (error) {
        span.end(codeOf(error));
        throw error;
      } finally {
        open.delete(call.id);
      }
    },
    async attempt(call, next) {
      const span = tracing.start({
        name: 'http_request',
        kind: 'client',
        parent: call.request.context.traceparent,
        attributes: attemptAttributes(call),
      });
      try {
        const response = await next(below(call, span));
        span.set({ 'http.response.status_code': response.status });
        span.end(response.status >= 400 ? String(response.status) : undefined);
        return response;
      } catch (error) {
        span.end(codeOf(error));
        throw error;
      }
    },
    note(event) {
      switch (event.kind) {
        case 'call-coalesced':
          return open.get(event.call)?.note('coalesced');
        case 'call-cached':
          return open.get(event.call)?.note('cached', { how: event.how });
        case 'call-queued':
          return open.get(event.call)?.note('queued', { waited_ms: event.waitedMs });
        case 'retry-waiting':
          return open.get(event.call)?.note('retry', { attempt: event.attempt, wait_ms: event.waitMs });
        case 'budget-exhausted':
          return open.get(event.call)?.note('budget_exhausted', { attempt: event.attempt });
        default:
      }
    },
  };
}

const below = (call: Call, { traceparent }: TraceSpan): Call => ({
  ...call,
  request: { ...call.request, context: { ...call.request.context, traceparent } },
});

const codeOf = (error: unknown): string => (error instanceof UpstreamError ? error.code : 'INTERNAL_SERVER_ERROR');

const connectAttributes = (coordinate: string, detail: ConnectorDetail | undefined): SpanAttributes => ({
  'apollo.connector.coordinate': coordinate,
  'apollo.connector.type': 'http',
  'apollo.connector.detail': detail?.detail,
  'apollo.connector.selection': detail?.selection,
  'apollo.connector.source.name': detail?.sourceName,
  'apollo.connector.source.detail': detail?.sourceDetail,
});

function attemptAttributes({ request, attempt, instance }: Call): SpanAttributes {
  const { hostname, port, protocol } = new URL(request.url);
  return {
    'http.request.method': request.method,
    'url.scheme': protocol.slice(0, -1),
    'server.address': instance?.addr ?? hostname,
    'server.port': instance?.port ?? (port === '' ? (protocol === 'https:' ? 443 : 80) : Number(port)),
    'http.request.resend_count': attempt === 0 ? undefined : attempt,
  };
}

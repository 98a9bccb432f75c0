/** What one client request carries through everything it causes: one deadline, one identity, one store for loaders. */
import { createHash } from 'node:crypto';
import type { OperationTypeNode } from 'graphql';
import type { ConnectorContext, DebugLog } from '../connectors/index.ts';
import type { FreshnessCollector } from '../upstream/index.ts';

/** Which face asked: GraphQL clients see errors without the internals that the facade needs. */
export type Face = 'graphql' | 'rest';

export interface RequestContext extends ConnectorContext {
  readonly face: Face;
  /** Told as soon as it is known what the operation does, before any of it is executed. */
  readonly noteOperation?: (kind: OperationKind) => void;
  /** Where it matters to whoever keeps the answer. */
  readonly freshness?: FreshnessCollector;
}

export type OperationKind = `${OperationTypeNode}`;

export type RequestHeaders = Readonly<Record<string, string | readonly string[] | undefined>>;

export interface CreateRequestContextOptions {
  readonly face: Face;
  readonly headers: RequestHeaders;
  readonly requestId: string;
  /** Aborts when the client leaves. */
  readonly signal: AbortSignal;
  /** On the clock of `performance.now()`. */
  readonly deadlineAt: number;
  readonly noteOperation?: (kind: OperationKind) => void;
  /** Hears the header fields of answers. */
  readonly freshness?: FreshnessCollector;
  /** Of a request that gets debug data. */
  readonly debug?: DebugLog | undefined;
}

export function createRequestContext(options: CreateRequestContextOptions): RequestContext {
  const { face, headers, requestId, signal, deadlineAt, noteOperation, freshness, debug } = options;
  const requestHeaders = toLists(headers);
  const traceparent = requestHeaders['traceparent']?.[0];
  return {
    face,
    ...(noteOperation === undefined ? {} : { noteOperation }),
    ...(freshness === undefined ? {} : { freshness }),
    call: {
      signal,
      deadlineAt,
      requestId,
      identity: identityOf(requestHeaders),
      ...(traceparent === undefined ? {} : { traceparent }),
      ...(freshness === undefined ? {} : { noteAnswer: freshness.note }),
      ...readRetryAttempt(requestHeaders['x-retry-attempt']?.[0]),
    },
    requestHeaders,
    entries: {},
    operation: new Map(),
    ...(debug === undefined ? {} : { debug }),
  };
}

/** A gateway above that repeats the request says so: nobody below repeats then (upstream.md, section 7, rule 10). */
const readRetryAttempt = (value: string | undefined): { retryAttempt?: number } =>
  value !== undefined && /^\d{1,6}$/.test(value) && Number(value) > 0 ? { retryAttempt: Number(value) } : {};

function toLists(headers: RequestHeaders): Record<string, readonly string[]> {
  const lists: Record<string, readonly string[]> = Object.create(null) as Record<string, readonly string[]>;
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined) lists[name.toLowerCase()] = typeof value === 'string' ? [value] : value;
  }
  return lists;
}

/** Hashed, so that credentials do not lie about in keys; callers without credentials share the empty identity. */
function identityOf(headers: Readonly<Record<string, readonly string[]>>): string {
  const bearing = ['authorization', 'cookie', 'proxy-authorization', 'x-api-key'].map((name) => headers[name] ?? []);
  if (bearing.every((values) => values.length === 0)) return '';
  return createHash('sha256').update(JSON.stringify(bearing)).digest('base64url');
}

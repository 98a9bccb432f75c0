/** What one client request carries through everything it causes: one deadline, one identity, one store for loaders. */
import { createHash } from 'node:crypto';
import type { ConnectorContext } from '../connectors/index.ts';

/** Which face asked: GraphQL clients see errors without the internals that the facade needs. */
export type Face = 'graphql' | 'rest';

export interface RequestContext extends ConnectorContext {
  readonly face: Face;
}

export type RequestHeaders = Readonly<Record<string, string | readonly string[] | undefined>>;

export interface CreateRequestContextOptions {
  readonly face: Face;
  readonly headers: RequestHeaders;
  readonly requestId: string;
  /** Aborts when the client leaves. */
  readonly signal: AbortSignal;
  /** On the clock of `performance.now()`. */
  readonly deadlineAt: number;
}

export function createRequestContext(options: CreateRequestContextOptions): RequestContext {
  const { face, headers, requestId, signal, deadlineAt } = options;
  const requestHeaders = toLists(headers);
  const traceparent = requestHeaders['traceparent']?.[0];
  return {
    face,
    call: {
      signal,
      deadlineAt,
      requestId,
      identity: identityOf(requestHeaders),
      ...(traceparent === undefined ? {} : { traceparent }),
    },
    requestHeaders,
    entries: {},
    operation: new Map(),
  };
}

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

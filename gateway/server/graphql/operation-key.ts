/**
 * When two requests ask for the same, and may be given the same bytes. The key holds the body (or the search of a GET) as it
 * was sent, and every header that can change the answer. It is a boundary between identities, so it is not left to the
 * derivation of names alone: what is executed for several clients sees the headers of the key and no others.
 */
import type { RequestHeaders } from '../../execution/request-context.ts';

/** Who asks, how the answer is written, and what CSRF prevention looks at. */
const ALWAYS = [
  ...['authorization', 'cookie', 'proxy-authorization', 'x-api-key'],
  ...['accept', 'content-type', 'cache-control', 'prefer'],
  ...['apollo-require-preflight', 'x-apollo-operation-name'],
  ...['apollographql-client-name', 'apollographql-client-version', 'apollo-client-name', 'apollo-client-version'],
];

/** They go along with whoever comes first, for traces; they change no answer. */
const CARRIED = ['traceparent', 'tracestate'];

/** Other headers of these families ask for data about this one execution. */
const DEBUG_FAMILIES = ['apollo-', 'tributary-'];

/** No header and no body of ours has it, so no two requests run together. */
const SEPARATOR = '\0';

export interface KeyedRequest {
  readonly method: string;
  /** With the search. */
  readonly url: string;
  readonly headers: RequestHeaders;
  readonly body: Buffer | undefined;
}

export interface OperationKey {
  readonly text: string;
  /** What the execution may see. */
  readonly headers: RequestHeaders;
}

/** Undefined for a request that shares with nobody. */
export type ReadOperationKey = (request: KeyedRequest) => OperationKey | undefined;

/** `graphHeaders` are those that connectors send on or read; `isSentOn` knows further ones by their names. */
export function createOperationKey(
  graphHeaders: Iterable<string>,
  isSentOn: (name: string) => boolean = () => false,
): ReadOperationKey {
  const names = [...new Set([...ALWAYS, ...graphHeaders])];
  const known = new Set(names);
  const isDebug = (name: string): boolean =>
    DEBUG_FAMILIES.some((family) => name.startsWith(family)) && !known.has(name);
  return ({ method, url, headers, body }) => {
    const further: string[] = [];
    for (const name in headers) {
      if (isDebug(name)) return undefined;
      if (!known.has(name) && isSentOn(name)) further.push(name);
    }
    const seen: Record<string, string | readonly string[]> = Object.create(null) as Record<string, string>;
    let text = method + SEPARATOR + url + SEPARATOR;
    for (const name of names) {
      const value = headers[name];
      if (value !== undefined) {
        seen[name] = value;
        // The count keeps one field with a comma apart from two fields.
        text += typeof value === 'string' ? value : `${value.length}\u0001${value.join('\u0001')}`;
      }
      text += SEPARATOR;
    }
    for (const name of further.sort()) {
      const value = headers[name]!;
      seen[name] = value;
      text += `${name}\u0001${typeof value === 'string' ? value : `${value.length}\u0001${value.join('\u0001')}`}${SEPARATOR}`;
    }
    // Ends the names, so that no body is taken for one.
    text += SEPARATOR;
    for (const name of CARRIED) if (headers[name] !== undefined) seen[name] = headers[name];
    // One character a byte: whatever the bytes are, different ones stay different.
    return { text: text + (body?.toString('latin1') ?? ''), headers: seen };
  };
}

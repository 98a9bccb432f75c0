/**
 * When two requests ask for the same, and may be given the same bytes. The key holds the body (or the search of a GET) as it
 * was sent, and every header that can change the answer. It is a boundary between identities, so it is not left to the
 * derivation of names alone: what is executed for several clients sees the headers of the key and no others.
 */
import type { RequestHeaders } from '../../execution/request-context.ts';
import { canonicalJson } from './canonical-json.ts';

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

/** No header and no body of ours has them, so no two requests run together. */
const SEPARATOR = '\0';
const WITHIN = '\u0001';

/** A body beyond it is compared by its bytes alone: writing it anew would cost more than it may save. */
const MOST_CANONICAL_BYTES = 16_384;

/** Names of headers whose part is remembered; clients choose them, so there has to be an end. */
const MOST_NAMES = 1_000;

export interface KeyedRequest {
  readonly method: string;
  /** With the search. */
  readonly url: string;
  readonly headers: RequestHeaders;
  readonly body: Buffer | undefined;
}

export interface OperationKey {
  readonly text: string;
  /** The key of all requests that mean the same, by the body as it was read from JSON; undefined where none is made. */
  readonly meaning: (body: unknown) => string | undefined;
  /** What the execution may see. */
  readonly headers: () => RequestHeaders;
}

/** Undefined for a request that shares with nobody. */
export type ReadOperationKey = (request: KeyedRequest) => OperationKey | undefined;

type Part = 'key' | 'carried' | 'debug' | 'none';

/** `graphHeaders` are those that connectors send on or read; `isSentOn` knows further ones by their names. */
export function createOperationKey(
  graphHeaders: Iterable<string>,
  isSentOn: (name: string) => boolean = () => false,
): ReadOperationKey {
  const partOf = createPartOf(new Set([...ALWAYS, ...graphHeaders]), isSentOn);
  return ({ method, url, headers, body }) => {
    const parts: string[] = [];
    for (const name in headers) {
      const part = partOf(name);
      if (part === 'debug') return undefined;
      if (part === 'key') parts.push(name + WITHIN + textOf(headers[name]) + SEPARATOR);
    }
    // The last separator ends the names, so that no body is taken for one.
    const head = method + SEPARATOR + url + SEPARATOR;
    return {
      // One character a byte: whatever the bytes are, different ones stay different.
      text: head + parts.join('') + SEPARATOR + (body?.toString('latin1') ?? ''),
      meaning(value) {
        if (body === undefined || body.length > MOST_CANONICAL_BYTES) return undefined;
        // No method begins with a separator, so this is never taken for a key of bytes.
        return SEPARATOR + head + parts.sort().join('') + SEPARATOR + canonicalJson(value);
      },
      headers: () => seenOf(headers, partOf),
    };
  };
}

function createPartOf(known: ReadonlySet<string>, isSentOn: (name: string) => boolean): (name: string) => Part {
  const find = (name: string): Part => {
    if (known.has(name)) return 'key';
    if (DEBUG_FAMILIES.some((family) => name.startsWith(family))) return 'debug';
    if (isSentOn(name)) return 'key';
    return CARRIED.includes(name) ? 'carried' : 'none';
  };
  const found = new Map<string, Part>();
  return (name) => {
    let part = found.get(name);
    if (part === undefined) {
      part = find(name);
      if (found.size < MOST_NAMES) found.set(name, part);
    }
    return part;
  };
}

/** The count keeps one field with a comma apart from two fields. */
const textOf = (value: string | readonly string[] | undefined): string =>
  value === undefined || typeof value === 'string' ? (value ?? '') : `${value.length}${WITHIN}${value.join(WITHIN)}`;

function seenOf(headers: RequestHeaders, partOf: (name: string) => Part): RequestHeaders {
  const seen = Object.create(null) as Record<string, string | readonly string[]>;
  for (const name in headers) {
    const part = partOf(name);
    const value = headers[name];
    if (value !== undefined && (part === 'key' || part === 'carried')) seen[name] = value;
  }
  return seen;
}

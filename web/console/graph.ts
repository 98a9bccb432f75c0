/** The console's two questions to the graph: its schema, and whatever the visitor has written. Plain `fetch`. */
import {
  buildClientSchema,
  getIntrospectionQuery,
  type ExecutionResult,
  type GraphQLSchema,
  type IntrospectionQuery,
} from 'graphql';

/** What is known about the schema now. */
export type SchemaState =
  | { readonly state: 'loading' }
  | { readonly state: 'known'; readonly schema: GraphQLSchema }
  | { readonly state: 'hidden' }
  | { readonly state: 'unreachable'; readonly reason: string };

/** One request as the visitor wrote it; variables and headers are JSON text. */
export interface Draft {
  readonly query: string;
  readonly variables: string;
  readonly headers: string;
}

/** An answer with what a person wants to know about it. */
export interface Answer {
  readonly status: number;
  readonly durationMs: number;
  readonly bytes: number;
  readonly text: string;
}

/** Asks for the schema; a graph that keeps it to itself is a state of its own, not an error. */
export async function readSchema(endpoint: string): Promise<SchemaState> {
  try {
    const response = await fetch(endpoint, post({ query: getIntrospectionQuery() }, {}));
    const result = (await response.json()) as ExecutionResult<IntrospectionQuery>;
    if (result.data) return { state: 'known', schema: buildClientSchema(result.data) };
    const isHidden = result.errors?.some(({ message }) => /introspection/i.test(message)) ?? false;
    if (isHidden) return { state: 'hidden' };
    return { state: 'unreachable', reason: result.errors?.[0]?.message ?? `the answer was HTTP ${response.status}` };
  } catch {
    return { state: 'unreachable', reason: 'the gateway does not answer' };
  }
}

/** Runs a draft. Rejects with a sentence for the visitor when it cannot be sent. */
export async function runDraft(endpoint: string, draft: Draft, signal: AbortSignal): Promise<Answer> {
  const body = { query: draft.query, variables: readObject(draft.variables, 'Variables') };
  const headers = readObject(draft.headers, 'Headers');
  const startedAt = performance.now();
  const response = await fetch(endpoint, { ...post(body, headers), signal }).catch((error: unknown) => {
    if (signal.aborted) throw error;
    throw new TypeError('The gateway does not answer. Is it still running?', { cause: error });
  });
  const text = await response.text();
  const durationMs = performance.now() - startedAt;
  return { status: response.status, durationMs, bytes: new Blob([text]).size, text: indent(text) };
}

const quote = (text: string): string => `'${text.replaceAll("'", String.raw`'\''`)}'`;

/** The draft as a line to paste into a shell. */
export function asCurl(endpoint: string, draft: Draft): string {
  const body = { query: draft.query, variables: readObject(draft.variables, 'Variables') };
  const headers = { 'content-type': 'application/json', ...readObject(draft.headers, 'Headers') };
  return [
    `curl ${quote(endpoint)}`,
    ...Object.entries(headers).map(([name, value]) => `--header ${quote(`${name}: ${String(value)}`)}`),
    `--data ${quote(JSON.stringify(body))}`,
  ].join(' \\\n  ');
}

function post(body: object, headers: Readonly<Record<string, unknown>>): RequestInit {
  const given = Object.entries(headers).map(([name, value]): [string, string] => [name.toLowerCase(), String(value)]);
  return {
    method: 'POST',
    headers: { accept: 'application/json', 'content-type': 'application/json', ...Object.fromEntries(given) },
    body: JSON.stringify(body),
  };
}

function readObject(text: string, name: string): Readonly<Record<string, unknown>> {
  if (text.trim() === '') return {};
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new SyntaxError(`${name} are not JSON: ${error instanceof Error ? error.message : ''}`, { cause: error });
  }
  if (value === null || typeof value !== 'object' || Array.isArray(value)) {
    throw new SyntaxError(`${name} are not a JSON object: {"name": "value"}`);
  }
  return value as Readonly<Record<string, unknown>>;
}

function indent(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}

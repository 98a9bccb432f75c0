/**
 * Statuses of the draft of GraphQL over HTTP of 2026-08-06 (facade.md 3.5): 294 for a partial success, 422 for a request that
 * reads and cannot be run. Only under application/graphql-response+json; any other answer keeps its classic status.
 */

/** An answer of the server as far as its status goes. */
export interface StatusInput {
  readonly method: string;
  /** The classic one. */
  readonly status: number;
  readonly contentType: string | undefined;
  /** The whole body, as text. */
  readonly body: string;
}

/** Reads, and cannot be run. A text that does not parse is not among them: it stays 400. */
const unprocessable: ReadonlySet<unknown> = new Set([
  'GRAPHQL_VALIDATION_FAILED',
  'OPERATION_RESOLUTION_FAILURE',
  'BAD_USER_INPUT',
]);

interface Answered {
  readonly data?: unknown;
  readonly errors?: readonly { readonly extensions?: { readonly code?: unknown } }[];
}

export function draftStatus({ method, status, contentType, body }: StatusInput): number {
  if (contentType?.startsWith('application/graphql-response+json') !== true) return status;
  if (status !== 200 && status !== 400) return status;
  const { data, errors = [] } = JSON.parse(body) as Answered;
  if (errors.length === 0) return status;
  if (status === 200) return data === undefined ? status : 294;
  const codes = errors.map((error) => error.extensions?.code);
  if (codes.some((code) => unprocessable.has(code))) return 422;
  // By GET the same code stands for what the guard against forged requests refused, which is no fault of the request's form.
  return method === 'POST' && codes.includes('BAD_REQUEST') ? 422 : status;
}

/**
 * Every problem the facade answers, with its status: the one table behind `decide` and the pages at `/problems/<name>`
 * (facade.md, section 3). A code of the catalogue that a client may meet is named beside its problem.
 */

export interface ProblemType {
  readonly status: number;
  readonly title: string;
  /** For the page: what it means and what to do. */
  readonly meaning: string;
  /** The member `code`; the name in capitals when there is no code of the catalogue. */
  readonly code?: string;
  /** A type of somebody else's registry. */
  readonly uri?: string;
}

const type = (status: number, title: string, meaning: string, code?: string, uri?: string): ProblemType => ({
  status,
  title,
  meaning,
  ...(code === undefined ? {} : { code }),
  ...(uri === undefined ? {} : { uri }),
});

export const problemTypes = {
  // before execution (P rows)
  'route-not-found': type(404, 'No such route', 'Nothing is served under this path. The entry point lists what is.'),
  'method-not-allowed': type(405, 'Method not allowed', 'The path exists, the method does not. See the header Allow.'),
  'version-gone': type(
    410,
    'This version is gone',
    'The route is past its sunset. The header Link names its successor.',
  ),
  'version-brown-out': type(
    410,
    'This version is switched off for a while',
    'The route comes to its end, and is switched off for a while before, so that its last callers notice. It is back after Retry-After. The header Link names its successor.',
  ),
  'not-acceptable': type(
    406,
    'Not acceptable',
    'The header Accept excludes every media type made here. The detail lists them.',
  ),
  'unsupported-media-type': type(
    415,
    'Unsupported media type',
    'The body is of a type or encoding that is not read here. See the headers Accept, Accept-Patch and Accept-Encoding.',
  ),
  'malformed-body': type(
    400,
    'The body cannot be read',
    'The body is not JSON in UTF-8, or a member occurs twice. The detail says at which byte.',
  ),
  'missing-body': type(400, 'The body is missing', 'The request needs a body.'),
  'invalid-parameter': type(
    400,
    'A parameter is not valid',
    'A path or query parameter, or a header, has the wrong type, or is required and missing.',
  ),
  'unknown-parameter': type(
    400,
    'A parameter is not known',
    'Unknown query parameters are refused, so that a misspelt one is not ignored. Prefer: handling=lenient ignores them.',
  ),
  'invalid-cursor': type(
    400,
    'The cursor is not valid',
    'The cursor is broken or has expired. Start again from the first page.',
  ),
  validation: type(
    422,
    'The body does not fit',
    'The body is well formed, but a value does not fit. The member errors points at each.',
    'BAD_USER_INPUT',
  ),
  'idempotency-key-missing': type(
    400,
    'Idempotency-Key is missing',
    'Send the header Idempotency-Key with a new key for every new intent, and the same key for a repeat.',
  ),
  'idempotency-key-reused': type(
    422,
    'The key came with another request',
    'This Idempotency-Key came with another request before. A new intent needs a new key.',
  ),
  'idempotency-key-in-use': type(
    409,
    'The first request is still running',
    'The first request with this Idempotency-Key is still being worked on. Send the same request again in a second.',
  ),
  'idempotency-unavailable': type(
    503,
    'Keys cannot be looked up',
    'The store of idempotency keys does not answer, so nothing was done. Send the same request again in a second.',
  ),
  'operations-unavailable': type(
    503,
    'Operations cannot be looked up',
    'The store of operations does not answer; a write that needs it was not begun. Send the same request again in a second.',
  ),
  'precondition-required': type(
    428,
    'If-Match is required',
    'Read the resource, then send its ETag in the header If-Match: so nobody overwrites what he has not seen.',
  ),
  'precondition-failed': type(
    412,
    'The resource has changed',
    'The resource is no longer what the precondition says. Read it again, then send its new ETag.',
    'PRECONDITION_FAILED',
  ),
  // after execution (S and E rows)
  'not-found': type(404, 'Not found', 'Nothing is there under this address.', 'NOT_FOUND'),
  unauthenticated: type(401, 'Not authenticated', 'Send credentials.', 'UNAUTHENTICATED'),
  forbidden: type(403, 'Not allowed', 'The credentials do not suffice.', 'FORBIDDEN'),
  conflict: type(409, 'Conflict', 'The state of the resource does not allow this.', 'CONFLICT'),
  gone: type(410, 'Gone', 'The resource was there and is no longer.'),
  'payload-too-large': type(413, 'Too large', 'The body is larger than what is taken.'),
  locked: type(423, 'Locked', 'The resource is locked.'),
  'payment-required': type(402, 'Payment required', 'The request needs a payment.'),
  'legal-reasons': type(451, 'Unavailable for legal reasons', 'The resource may not be shown.'),
  'bad-request': type(400, 'Bad request', 'A service could not understand the request.', 'BAD_REQUEST'),
  'quota-exceeded': type(
    429,
    'Too many requests',
    'The quota is used up. The header Retry-After says when to come back.',
    undefined,
    'https://iana.org/assignments/http-problem-types#quota-exceeded',
  ),
  'mutation-returned-nothing': type(
    502,
    'The service returned nothing',
    'A service created something and did not say what: it broke its contract.',
  ),
  'upstream-unreachable': type(
    502,
    'A service cannot be reached',
    'A service behind this route does not answer.',
    'UPSTREAM_UNREACHABLE',
  ),
  'upstream-error': type(502, 'A service failed', 'A service behind this route failed.', 'UPSTREAM_ERROR'),
  'upstream-refused': type(
    502,
    'A service refused',
    'A service behind this route did not accept what it was asked.',
    'CONNECTOR_FETCH',
  ),
  'upstream-auth': type(
    502,
    'A service refused the gateway',
    'The credentials of the gateway were refused. Nothing a client can repair.',
  ),
  'upstream-invalid': type(
    502,
    'A service gave an answer that cannot be used',
    'An answer was broken, cut short, too large, or did not fit.',
    'UPSTREAM_INVALID_RESPONSE',
  ),
  'upstream-unavailable': type(
    503,
    'A service is not available',
    'A service behind this route is not available for the moment. The header Retry-After says when to come back.',
  ),
  'circuit-open': type(
    503,
    'A service is not available for the moment',
    'A service failed too often and is given time to recover. The header Retry-After says when to come back.',
    'CIRCUIT_OPEN',
  ),
  'upstream-saturated': type(
    503,
    'A service is too busy',
    'A service has as much to do as it can. Come back in a second.',
    'UPSTREAM_SATURATED',
  ),
  overloaded: type(
    503,
    'The server is too busy',
    'The gateway has as much to do as it can. Come back in a second.',
    'OVERLOADED',
    'https://iana.org/assignments/http-problem-types#temporary-reduced-capacity',
  ),
  'upstream-timeout': type(
    504,
    'A service did not answer in time',
    'A service behind this route took too long. A write may have been done all the same.',
    'UPSTREAM_TIMEOUT',
  ),
  'route-disabled': type(
    503,
    'The route is switched off',
    'The graph has changed, and the operation behind this route does not fit it any more. Other routes are not concerned.',
  ),
  'route-broken': type(
    500,
    'The route is broken',
    'The operation behind this route does not fit the graph. A fault of the gateway.',
    'GRAPHQL_VALIDATION_FAILED',
  ),
  internal: type(
    500,
    'Internal error',
    'A fault of the gateway. The log has more under the trace id.',
    'INTERNAL_SERVER_ERROR',
  ),
  'outcome-unknown': type(
    500,
    'Whether it was done is not known',
    'The gateway stopped while the first request with this Idempotency-Key, or the operation, was being worked on. Look whether it was done; if not, use a new key.',
  ),
  'job-failed': type(
    500,
    'The job failed',
    'A job ended without a result. It stands in the representation of the job: reading that went well.',
  ),
} as const satisfies Record<string, ProblemType>;

export type ProblemName = keyof typeof problemTypes;

/** A type of the table, or of the documents' outcomes. */
export const findProblemType = (name: string): ProblemType | undefined =>
  Object.hasOwn(problemTypes, name) ? problemTypes[name as ProblemName] : undefined;

/** `duplicate-isbn` as `DUPLICATE_ISBN`. */
export const codeOfName = (name: string): string => name.replaceAll('-', '_').toUpperCase();

/** `duplicate-isbn` as `Duplicate isbn`. */
export const titleOfName = (name: string): string => {
  const words = name.replaceAll('-', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
};

/** `DuplicateIsbn` as `duplicate-isbn`. */
export const nameOfType = (typeName: string): string =>
  typeName
    .replace(/([a-z0-9])([A-Z])/g, '$1-$2')
    .replaceAll('_', '-')
    .toLowerCase();

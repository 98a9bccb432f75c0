/**
 * The one list of everything that can go wrong. Both faces read it: GraphQL puts the code into `extensions.code`, REST
 * turns it into a problem type and a status (RFC 9457). Grouped by the stage that reports it.
 *
 * A message is what a client may read: it names the service and nothing else of the upstream side. A hint is for the
 * operator. `{name}` is filled from the parameters of the error.
 */

export type Stage = 'config' | 'composition' | 'request' | 'connector' | 'upstream' | 'facade' | 'internal';

export interface CatalogueEntry {
  readonly stage: Stage;
  /** HTTP status of the REST face; for stages before the first request, the status means nothing and is 500. */
  readonly status: number;
  readonly title: string;
  readonly message: string;
  readonly hint: string;
}

const entry = (stage: Stage, status: number, title: string, message: string, hint: string): CatalogueEntry => ({
  stage,
  status,
  title,
  message,
  hint,
});

export const catalogue = {
  // config: the settings file
  CONFIG_NOT_FOUND: entry(
    'config',
    500,
    'Settings file not found',
    'Cannot find settings file "{file}"',
    'Name the file with --config, or run the command in the folder that holds tributary.yaml',
  ),
  CONFIG_SYNTAX: entry(
    'config',
    500,
    'Settings file does not parse',
    'Cannot read settings: {reason}',
    'The file is YAML 1.2; the code frame shows where reading stopped',
  ),
  CONFIG_UNKNOWN_OPTION: entry(
    'config',
    500,
    'Unknown option',
    'Unknown option "{name}" in {parent}',
    'docs/reference/settings.md lists every option',
  ),
  CONFIG_INVALID_VALUE: entry(
    'config',
    500,
    'Invalid value',
    'Cannot read settings: "{path}" is {actual}, expected {expected}',
    'docs/reference/settings.md lists every option with its type and default',
  ),
  CONFIG_CONTRADICTION: entry(
    'config',
    500,
    'Contradicting options',
    '{reason}',
    'An inner limit must be shorter than the outer one, or the outer one fires first and the useful error is lost',
  ),
  CONFIG_MISSING_VARIABLE: entry(
    'config',
    500,
    'Environment variable not set',
    'Environment variable "{name}" is not set',
    'Set it, or give it a fallback: ${NAME:-fallback}',
  ),

  // composition: subgraphs to supergraph
  COMPOSITION_SCHEMA_NOT_FOUND: entry(
    'composition',
    500,
    'Subgraph schema not found',
    'Cannot read the schema of subgraph "{subgraph}": no file "{file}"',
    'The path in services.<name>.schema is relative to the settings file',
  ),
  COMPOSITION_INVALID_SCHEMA: entry(
    'composition',
    500,
    'Subgraph schema is not valid',
    '{reason}',
    'The schema must be valid GraphQL SDL with federation directives',
  ),
  COMPOSITION_FAILED: entry(
    'composition',
    500,
    'The subgraphs do not compose',
    '{reason}',
    'Two subgraphs disagree, or a field cannot be reached; the code frames show both sides',
  ),
  COMPOSITION_NOT_ENFORCED: entry(
    'composition',
    500,
    'A directive that is not enforced',
    'The schema has {directive}, and the gateway does not enforce it',
    'Served as it is, what the directive guards would be open: let the service decide, and take the directive out',
  ),

  // request: what a client sent, and the state of the gateway itself
  BAD_REQUEST: entry('request', 400, 'Bad request', '{reason}', 'The request could not be understood'),
  BAD_USER_INPUT: entry(
    'request',
    422,
    'Invalid input',
    '{reason}',
    'A value does not fit the type the graph asks for',
  ),
  GRAPHQL_PARSE_FAILED: entry('request', 400, 'The query does not parse', '{reason}', 'Check the GraphQL syntax'),
  GRAPHQL_VALIDATION_FAILED: entry(
    'request',
    400,
    'The query does not fit the schema',
    '{reason}',
    'Compare the query with the schema',
  ),
  UNAUTHENTICATED: entry('request', 401, 'Not authenticated', 'You are not authenticated', 'Send credentials'),
  FORBIDDEN: entry('request', 403, 'Not allowed', 'You are not allowed to do this', 'The credentials do not suffice'),
  NOT_FOUND: entry('request', 404, 'Not found', '{reason}', 'Nothing is there under this id'),
  CONFLICT: entry('request', 409, 'Conflict', '{reason}', 'The state of the resource does not allow this'),
  PRECONDITION_FAILED: entry(
    'request',
    412,
    'Precondition failed',
    '{reason}',
    'Somebody changed the resource meanwhile: read it again, then send its new version',
  ),
  REQUEST_TOO_COMPLEX: entry(
    'request',
    400,
    'The query is too large',
    '{reason}',
    'Ask for less at once, or raise server.limits',
  ),
  PERSISTED_QUERY_NOT_IN_LIST: entry(
    'request',
    404,
    'No trusted document has this id',
    'No trusted document has this id',
    'The list named by server.trustedDocuments.manifest is older than the client, or the other way round',
  ),
  QUERY_NOT_IN_SAFELIST: entry(
    'request',
    403,
    'Only trusted documents are run',
    'The query is not one of the trusted documents',
    'Add the query to the list named by server.trustedDocuments.manifest; texts are compared as a whole',
  ),
  OPERATION_UNSUPPORTED: entry(
    'request',
    400,
    'The operation is of a kind that is not served',
    'The operation has what is not supported: {what}',
    'Queries and mutations are served, each with one answer; ask for what changes by asking again',
  ),
  OPERATION_UNANSWERABLE: entry(
    'request',
    500,
    'No service can answer the query',
    'No service can answer the fields that the query asks for',
    'The supergraph has fields that no subgraph can be asked for: compose it again from its subgraphs',
  ),
  DEADLINE_EXCEEDED: entry(
    'request',
    504,
    'The request took too long',
    'The request took too long',
    'server.deadline passed; the log says where the time went, by call',
  ),
  REQUEST_CANCELLED: entry(
    'request',
    499,
    'The client left',
    'The request was cancelled',
    'The client closed the connection before the answer was ready; nobody reads this answer',
  ),
  OVERLOADED: entry(
    'request',
    503,
    'The server is too busy',
    'The server is too busy',
    'server.overload says when the server starts to refuse',
  ),

  // connector: between the graph and one REST call (connect specification)
  CONNECTOR_FETCH: entry(
    'connector',
    502,
    'The service refused',
    'Request failed',
    'The service gave a complete answer with a status that the connector does not accept',
  ),
  CONNECTOR_REQUEST_INVALID: entry(
    'connector',
    502,
    'The request to the service cannot be built',
    '{reason}',
    'A template or mapping of the connector gave a value that cannot be sent',
  ),
  CONNECTOR_RESPONSE_INVALID: entry(
    'connector',
    502,
    'The answer of the service does not fit',
    '{reason}',
    'The mapping of a batch must give one array',
  ),
  CONNECTOR_MAPPING_PROBLEM: entry(
    'connector',
    502,
    'The answer of the service cannot be mapped',
    '{reason}',
    'Strict mode turns mapping problems into errors; see the place in the schema',
  ),
  REQUEST_LIMIT_EXCEEDED: entry(
    'connector',
    502,
    'Too many calls for one operation',
    'Request limit exceeded',
    'connectors.max_requests_per_operation_per_source limits the calls one operation may cause',
  ),

  // upstream: one HTTP call to one service
  UPSTREAM_UNREACHABLE: entry(
    'upstream',
    502,
    'A service cannot be reached',
    'Cannot reach service "{service}"',
    'Refused, unknown name, no route, TLS failure, or the connection closed before the answer began',
  ),
  UPSTREAM_TIMEOUT: entry(
    'upstream',
    504,
    'A service did not answer in time',
    'Service "{service}" did not answer in time',
    'upstream.deadline says which limit and its value',
  ),
  UPSTREAM_INVALID_RESPONSE: entry(
    'upstream',
    502,
    'A service gave an answer that cannot be read',
    'Service "{service}" gave an answer that cannot be read',
    'Wrong content type, broken JSON or XML, wrong encoding, or not HTTP at all',
  ),
  UPSTREAM_TRUNCATED: entry(
    'upstream',
    502,
    'A service gave an incomplete answer',
    'Service "{service}" gave an incomplete answer',
    'The answer stopped half way',
  ),
  UPSTREAM_TOO_LARGE: entry(
    'upstream',
    502,
    'A service gave an answer that is too large',
    'Service "{service}" gave an answer that is too large',
    'upstream.limits says how large an answer may be',
  ),
  UPSTREAM_ERROR: entry(
    'upstream',
    502,
    'A service failed',
    'Service "{service}" failed',
    'The service answered with a status that means failure',
  ),
  CIRCUIT_OPEN: entry(
    'upstream',
    503,
    'A service is not available for the moment',
    'Service "{service}" is not available for the moment',
    'The breaker is open; it lets a probe through after its wait',
  ),
  UPSTREAM_SATURATED: entry(
    'upstream',
    503,
    'A service is too busy',
    'Service "{service}" is too busy',
    'upstream.bulkhead limits the calls in flight to one service',
  ),

  // facade: REST routes
  ROUTE_INVALID: entry(
    'facade',
    500,
    'A REST route cannot work',
    '{reason}',
    'The operation document, its directives and the graph must fit together',
  ),
  IMPORT_INCOMPLETE: entry(
    'facade',
    500,
    'Something was not imported',
    '{reason}',
    'The other product has what has no counterpart here; it stands in the written document as a comment',
  ),

  // internal
  INTERNAL_SERVER_ERROR: entry(
    'internal',
    500,
    'Internal error',
    'Something went wrong inside the gateway',
    'This is a fault of the gateway; the log has the stack under the request id',
  ),
} as const satisfies Record<string, CatalogueEntry>;

export type ErrorCode = keyof typeof catalogue;

export const isErrorCode = (code: unknown): code is ErrorCode =>
  typeof code === 'string' && Object.hasOwn(catalogue, code);

/** The client's sentence for an entry, with `{name}` replaced by the parameters given. */
export function describeError(code: ErrorCode, parameters: Readonly<Record<string, string | number>> = {}): string {
  return catalogue[code].message.replace(/\{(\w+)\}/g, (hole, name: string) => String(parameters[name] ?? hole));
}

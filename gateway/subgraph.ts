/**
 * For a service that writes its subgraph in code: a federation schema out of SDL and resolvers, and a small handler of
 * GraphQL over HTTP (POST, application/json) around it. It knows no web framework: the service gives it the parsed body
 * and sends what comes back. Follows the GraphQL-over-HTTP specification, section "application/json": a request that can
 * be read is answered with 200, whatever its errors.
 */
import { buildSubgraphSchema } from '@apollo/subgraph';
import {
  execute,
  GraphQLError,
  parse,
  validate,
  type DocumentNode,
  type ExecutionResult,
  type GraphQLErrorOptions,
  type GraphQLScalarType,
  type GraphQLSchema,
} from 'graphql';
import { describeError, type ErrorCode } from './errors/catalogue.ts';
import { UpstreamError } from './errors/upstream-error.ts';

/** Resolvers by type and field, `__resolveReference` and `__resolveType` among them; scalars as they are. */
export type SubgraphResolvers = Readonly<
  Record<
    string,
    Readonly<Record<string, (first: never, second: never, third: never, fourth: never) => unknown>> | GraphQLScalarType
  >
>;

export interface SubgraphHandlerOptions {
  /** SDL with federation directives. */
  readonly typeDefs: string | DocumentNode;
  readonly resolvers: SubgraphResolvers;
  /** A query with more words than this is refused before it is read. */
  readonly maxTokens?: number;
  /** How many read and checked queries are kept. */
  readonly keptDocuments?: number;
  /** Errors that are nobody's answer; a client sees only that something went wrong. */
  readonly onError?: (error: unknown) => void;
}

export interface SubgraphAnswer {
  readonly status: 200 | 400;
  /** To be sent as JSON. */
  readonly body: ExecutionResult;
}

export interface SubgraphHandler<Context> {
  readonly schema: GraphQLSchema;
  /** Never rejects. `body` is the parsed JSON of the request, `context` what the resolvers get. */
  handle(body: unknown, context: Context): Promise<SubgraphAnswer>;
}

interface GraphQLRequest {
  readonly query: string;
  readonly variables: Readonly<Record<string, unknown>> | undefined;
  readonly operationName: string | undefined;
}

/** Throws when the SDL and the resolvers do not fit together. */
export function createSubgraphHandler<Context>(options: SubgraphHandlerOptions): SubgraphHandler<Context> {
  const { typeDefs, resolvers, maxTokens = 10_000, keptDocuments = 500, onError = () => {} } = options;
  const document = typeof typeDefs === 'string' ? parse(typeDefs) : typeDefs;
  // Its type for resolvers needs `any`; what a resolver is given is for the service to say.
  const schema = buildSubgraphSchema({ typeDefs: document, resolvers: resolvers as never });
  const documents = new RecentlyUsed<string, DocumentNode>(keptDocuments);

  const readDocument = (query: string): DocumentNode | readonly GraphQLError[] => {
    const known = documents.get(query);
    if (known !== undefined) return known;
    const parsed = parseQuery(query, maxTokens);
    if (parsed instanceof GraphQLError) return [parsed];
    const errors = validate(schema, parsed, undefined, { maxErrors: 20 });
    if (errors.length > 0) return errors.map((error) => withCode(error, 'GRAPHQL_VALIDATION_FAILED'));
    documents.set(query, parsed);
    return parsed;
  };

  return {
    schema,
    async handle(body, context) {
      const request = readGraphQLRequest(body);
      if (request instanceof GraphQLError) return { status: 400, body: { errors: [request] } };
      try {
        const read = readDocument(request.query);
        if (isErrorList(read)) return { status: 200, body: { errors: read } };
        const { variables: variableValues, operationName } = request;
        const result = await execute({ schema, document: read, contextValue: context, variableValues, operationName });
        return { status: 200, body: withSafeErrors(result, onError) };
      } catch (error) {
        onError(error);
        return { status: 200, body: { errors: [internalError()] } };
      }
    },
  };
}

/** Request errors (no `data`) are mistakes of the client: a variable that does not fit, no such operation. */
function withSafeErrors(result: ExecutionResult, onError: (error: unknown) => void): ExecutionResult {
  if (result.errors === undefined) return result;
  const isRequestError = !Object.hasOwn(result, 'data');
  const errors = result.errors.map((error) =>
    isRequestError ? withCode(error, 'BAD_USER_INPUT') : toSafeError(error, onError),
  );
  return { ...result, errors };
}

/** Errors that were meant for the client stay, a failed call says which service, all others are hidden. */
function toSafeError(error: GraphQLError, onError: (error: unknown) => void): GraphQLError {
  const { originalError } = error;
  if (originalError instanceof UpstreamError) {
    // What only the process may know stays in it.
    const { dispatched: _dispatched, upstream: _upstream, ...extensions } = originalError.toExtensions();
    return withExtensions(error, extensions);
  }
  if (originalError instanceof GraphQLError) return withCode(error, 'INTERNAL_SERVER_ERROR');
  onError(originalError ?? error);
  const { nodes, path } = error;
  return internalError({ nodes: nodes ?? null, path: path ?? null });
}

const internalError = (place: GraphQLErrorOptions = {}): GraphQLError =>
  new GraphQLError('Something went wrong inside the service', {
    ...place,
    extensions: { code: 'INTERNAL_SERVER_ERROR' satisfies ErrorCode },
  });

/** The error with a code, unless it has one. */
const withCode = (error: GraphQLError, code: ErrorCode): GraphQLError =>
  typeof error.extensions['code'] === 'string' ? error : withExtensions(error, { ...error.extensions, code });

function withExtensions(error: GraphQLError, extensions: Record<string, unknown>): GraphQLError {
  const { message, nodes, source, positions, path } = error;
  return new GraphQLError(message, {
    nodes: nodes ?? null,
    source: source ?? null,
    positions: positions ?? null,
    path: path ?? null,
    extensions,
  });
}

function parseQuery(query: string, maxTokens: number): DocumentNode | GraphQLError {
  try {
    return parse(query, { maxTokens });
  } catch (error) {
    if (error instanceof GraphQLError) return withCode(error, 'GRAPHQL_PARSE_FAILED');
    throw error;
  }
}

function readGraphQLRequest(body: unknown): GraphQLRequest | GraphQLError {
  if (!isObject(body)) return badRequest('The body must be a JSON object');
  const { query, variables, operationName } = body;
  if (typeof query !== 'string') return badRequest('"query" must be a string');
  if (variables !== undefined && variables !== null && !isObject(variables)) {
    return badRequest('"variables" must be an object');
  }
  if (operationName !== undefined && operationName !== null && typeof operationName !== 'string') {
    return badRequest('"operationName" must be a string');
  }
  return { query, variables: variables ?? undefined, operationName: operationName ?? undefined };
}

const badRequest = (reason: string): GraphQLError =>
  new GraphQLError(describeError('BAD_REQUEST', { reason }), {
    extensions: { code: 'BAD_REQUEST' satisfies ErrorCode },
  });

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isErrorList = (read: DocumentNode | readonly GraphQLError[]): read is readonly GraphQLError[] =>
  Array.isArray(read);

/** Keeps as many entries as it may, and drops the one not used for the longest time. */
class RecentlyUsed<Key, Value> {
  readonly #entries = new Map<Key, Value>();
  readonly #limit: number;

  constructor(limit: number) {
    this.#limit = limit;
  }

  get(key: Key): Value | undefined {
    const value = this.#entries.get(key);
    if (value === undefined) return undefined;
    // A Map keeps the order of insertion: put back, it is the youngest.
    this.#entries.delete(key);
    this.#entries.set(key, value);
    return value;
  }

  set(key: Key, value: Value): void {
    this.#entries.set(key, value);
    const [oldest] = this.#entries.keys();
    if (this.#entries.size > this.#limit && oldest !== undefined) this.#entries.delete(oldest);
  }
}

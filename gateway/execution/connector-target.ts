/** A declared subgraph, run in process: compiled over its connectors, or by graphql-js over the schema they were lowered to. */
import { execute, GraphQLError, type GraphQLSchema } from 'graphql';
import type { FieldTable } from '../connectors/index.ts';
import { describeError, type ErrorCode } from '../errors/catalogue.ts';
import { hideHttp } from './answered-http.ts';
import { createDirectExecutor } from './direct/compile-direct.ts';
import type { FetchTarget } from './fetch-target.ts';

export interface ConnectorTargetOptions {
  readonly name: string;
  readonly schema: GraphQLSchema;
  /** Without it graphql-js runs every fetch. */
  readonly table?: FieldTable | undefined;
}

export function createConnectorTarget({ name, schema, table }: ConnectorTargetOptions): FetchTarget {
  const runDirect = table && createDirectExecutor({ schema, table });
  return async ({ document }, variables, contextValue) => {
    // Errors of strict mode that leave their field its value, which graphql-js has no way to give
    const reported: GraphQLError[] = [];
    const context = { ...contextValue, reportError: (error: GraphQLError) => void reported.push(error) };
    const running =
      runDirect?.(document, variables, context) ??
      execute({ schema, document, contextValue: context, variableValues: variables });
    const { data, errors = [] } = await running;
    // One failed call under a non-null field comes back once for each item of the list, as the same object.
    const coded = [...new Set([...errors, ...reported])].map((error) => withCode(error, name));
    return { data: data ?? null, ...(coded.length === 0 ? {} : { errors: coded }) };
  };
}

/**
 * Connector errors carry their code. What has none is either a value that does not fit the schema (graphql-js quotes the
 * value, which came from the service, so the text is replaced) or a fault of ours.
 */
function withCode(error: GraphQLError, service: string): GraphQLError {
  if (error.extensions['code'] !== undefined) return withHiddenHttp(error);
  const isOurFault = error.originalError !== undefined && !(error.originalError instanceof GraphQLError);
  const code: ErrorCode = isOurFault ? 'INTERNAL_SERVER_ERROR' : 'UPSTREAM_INVALID_RESPONSE';
  return new GraphQLError(describeError(code, { service }), {
    ...(error.path === undefined ? {} : { path: error.path }),
    originalError: error,
    extensions: { code, service, retryable: false, dispatched: true, upstream: { kind: 'invalid' } },
  });
}

function withHiddenHttp(error: GraphQLError): GraphQLError {
  const { message, path, extensions } = error;
  return new GraphQLError(message, {
    ...(path === undefined ? {} : { path }),
    originalError: error,
    extensions: hideHttp(extensions),
  });
}

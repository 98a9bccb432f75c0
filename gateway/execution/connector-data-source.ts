/** A declared subgraph, run in process: graphql-js over the schema its connectors were lowered to. */
import type { GraphQLDataSource } from '@apollo/gateway';
import { execute, GraphQLError, parse, type DocumentNode } from 'graphql';
import type { ConnectorSubgraph } from '../connectors/index.ts';
import { describeError, type ErrorCode } from '../errors/catalogue.ts';
import { hideHttp } from './answered-http.ts';
import type { RequestContext } from './request-context.ts';

export function createConnectorDataSource(subgraph: ConnectorSubgraph): GraphQLDataSource {
  return {
    async process(options) {
      // The planner hands its document over (exposeDocumentNodeInFetchNode); a health check brings text only.
      const document = ('document' in options ? options.document : undefined) ?? parse(options.request.query!);
      const { data, errors } = await execute({
        schema: subgraph.schema,
        document: document as DocumentNode,
        contextValue: options.context as unknown as RequestContext,
        variableValues: options.request.variables ?? {},
      });
      // One failed call under a non-null field comes back once for each item of the list, as the same object.
      const coded = errors && [...new Set(errors)].map((error) => withCode(error, subgraph.name));
      return { data: data ?? null, ...(coded === undefined ? {} : { errors: coded }) } as never;
    },
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

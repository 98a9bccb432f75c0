/**
 * `engine: apollo`: @apollo/gateway loads the supergraph, plans and executes; the calls are ours. Its own data source is
 * never used: it has no deadline, no cancellation, and leaks addresses and bodies (docs/decisions/0005).
 */
import { ApolloGateway, type GatewayConfig, type GraphQLDataSource } from '@apollo/gateway';
import { parse } from 'graphql';
import { copyJson } from './copy-json.ts';
import type { FetchTarget } from './fetch-target.ts';
import type { RequestContext } from './request-context.ts';

export interface ApolloEngineOptions {
  readonly supergraphSdl: string;
  /** By subgraph name; every subgraph of the supergraph must be there. */
  readonly targets: ReadonlyMap<string, FetchTarget>;
  readonly logger: NonNullable<GatewayConfig['logger']>;
}

export function createApolloEngine({ supergraphSdl, targets, logger }: ApolloEngineOptions): ApolloGateway {
  // @apollo/gateway reports its use to its maker unless told not to; Tributary never does.
  process.env['APOLLO_TELEMETRY_DISABLED'] = 'true';
  return new ApolloGateway({
    supergraphSdl,
    buildService: ({ name }) => toDataSource(targets.get(name)!),
    logger,
    __exposeQueryPlanExperimental: false,
    queryPlannerConfig: { exposeDocumentNodeInFetchNode: true },
  });
}

function toDataSource(target: FetchTarget): GraphQLDataSource {
  return {
    async process(options) {
      // Only a health check comes without a request, and it asks for nothing that our graph would not know.
      if (!('incomingRequestContext' in options)) return { data: {} };
      const { query: text = '', operationName: name, variables = {} } = options.request;
      const document = options.document ?? parse(text);
      const context = options.context as unknown as RequestContext;
      const { data, errors, isShared } = await target({ text, name, document }, variables, context);
      // It puts the parts of later fetches into the objects of the answer.
      return { data: isShared === true ? copyJson(data) : data, ...(errors === undefined ? {} : { errors }) } as never;
    },
  };
}

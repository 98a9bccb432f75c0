/**
 * `engine: apollo`: @apollo/gateway loads the supergraph, plans and executes; the calls are ours. Its own data source is
 * never used: it has no deadline, no cancellation, and leaks addresses and bodies (docs/decisions/0005).
 */
import { ApolloGateway, type GatewayConfig, type GraphQLDataSource } from '@apollo/gateway';

export interface ApolloEngineOptions {
  readonly supergraphSdl: string;
  /** By subgraph name; every subgraph of the supergraph must be there. */
  readonly dataSources: ReadonlyMap<string, GraphQLDataSource>;
  readonly logger: NonNullable<GatewayConfig['logger']>;
}

export function createApolloEngine({ supergraphSdl, dataSources, logger }: ApolloEngineOptions): ApolloGateway {
  // @apollo/gateway reports its use to its maker unless told not to; Tributary never does.
  process.env['APOLLO_TELEMETRY_DISABLED'] = 'true';
  return new ApolloGateway({
    supergraphSdl,
    buildService: ({ name }) => dataSources.get(name)!,
    logger,
    __exposeQueryPlanExperimental: false,
    queryPlannerConfig: { exposeDocumentNodeInFetchNode: true },
  });
}

/** All that makes spans, put together for the composition root: wiring, no logic. */
import type { ApolloServerPlugin } from '@apollo/server';
import type { FastifyInstance } from 'fastify';
import type { ConnectorDetail } from '../../connectors/index.ts';
import type { FetchTarget } from '../../execution/fetch-target.ts';
import type { RequestContext } from '../../execution/request-context.ts';
import type { Facade } from '../../facade/index.ts';
import type { Subgraph } from '../../supergraph/build-subgraphs.ts';
import { routeOf } from './route-of.ts';
import { traceCalls, type CallTracing } from './trace-calls.ts';
import { traceFetches } from './trace-fetches.ts';
import { traceOperations } from './trace-operations.ts';
import { tracePlans, type PlanTracing } from './trace-plans.ts';
import { traceRequests, type OpenRequests } from './trace-requests.ts';
import type { Tracing } from './tracing.ts';

export interface GatewayTracing {
  readonly calls: CallTracing;
  /** For each generation. */
  readonly generation: GenerationTracing;
  /** To be called before routes are added. */
  mount(app: FastifyInstance, options: { readonly basePath: string; readonly facade: () => Facade | undefined }): void;
  close(): Promise<void>;
}

export interface GenerationTracing {
  readonly plugin: ApolloServerPlugin<RequestContext>;
  /** With the connectors of the subgraph known from now on. */
  target(subgraph: Subgraph, target: FetchTarget): FetchTarget;
  plans(): PlanTracing;
}

export function createGatewayTracing(tracing: Tracing): GatewayTracing {
  const open: OpenRequests = new Map();
  const details = new Map<string, ConnectorDetail>();
  return {
    calls: traceCalls(tracing, (coordinate) => details.get(coordinate)),
    generation: {
      plugin: traceOperations(open),
      target(subgraph, target) {
        if (subgraph.kind === 'connectors') {
          for (const detail of subgraph.connectors.describeConnectors()) details.set(detail.coordinate, detail);
        }
        return traceFetches(tracing, subgraph.name, target);
      },
      plans: () => tracePlans(tracing),
    },
    mount(app, { basePath, facade }) {
      traceRequests(app, { tracing, open, basePath, routeOf: (request) => routeOf(facade(), basePath, request) });
    },
    close: () => tracing.close(),
  };
}

/**
 * Debug data in `extensions` (experience.md, section 3): the plan of an operation, the connector calls behind its answer. Both
 * the switch in the settings and the header of the request are needed; without them nothing is built.
 */
import type { ApolloServerPlugin } from '@apollo/server';
import type { FormattedExecutionResult } from 'graphql';
import { buildDebugPayload, createRedactionRules, DebugLog } from '../../connectors/index.ts';
import { createPlanExplainer } from '../../execution/explain-plan.ts';
import type { RequestContext } from '../../execution/request-context.ts';
import type { Graph } from '../../supergraph/load-graph.ts';
import { nameFetch } from '../../supergraph/name-fetch.ts';
import { readDebugRequest } from './debug-request.ts';

export interface DebugDataOptions {
  readonly graph: Pick<Graph, 'supergraphSdl' | 'subgraphs'>;
  /** `connectors.debug_extensions`. */
  readonly hasConnectors: boolean;
  /** `debug.queryPlan`. */
  readonly hasQueryPlan: boolean;
  /** Names that are masked besides those that always are. */
  readonly redact: { readonly headers: readonly string[]; readonly queryParameters: readonly string[] };
}

export interface DebugData {
  /** The log of a request that asks for its connector calls and may see them. */
  startLog(headers: Parameters<typeof readDebugRequest>[0]): DebugLog | undefined;
  readonly plugin: ApolloServerPlugin<RequestContext>;
}

export function createDebugData({ graph, hasConnectors, hasQueryPlan, redact }: DebugDataOptions): DebugData {
  const secrets = graph.subgraphs.flatMap((subgraph) =>
    subgraph.kind === 'connectors' ? subgraph.connectors.secrets : [],
  );
  const rules = createRedactionRules({ ...redact, secrets });
  const explain = createPlanExplainer(graph.supergraphSdl, (step) => nameFetch(step, graph.subgraphs));

  const plugin: ApolloServerPlugin<RequestContext> = {
    async requestDidStart({ contextValue }) {
      const asked = readDebugRequest(contextValue.requestHeaders);
      const wantsPlan = hasQueryPlan && contextValue.face === 'graphql' && asked.queryPlan !== 'none';
      if (!wantsPlan && contextValue.debug === undefined) return;
      return {
        async responseForOperation({ response }) {
          if (!wantsPlan || asked.queryPlan !== 'dry-run') return null;
          return { http: response.http, body: { kind: 'single', singleResult: { data: null } } };
        },
        async willSendResponse({ response, document, operation, operationName }) {
          if (response.body.kind !== 'single') return;
          const added: Record<string, unknown> = {};
          if (wantsPlan && document && operation) {
            added['apolloQueryPlan'] = explain(document, operationName ?? undefined);
          }
          if (contextValue.debug) added['apolloConnectorsDebugging'] = buildDebugPayload(contextValue.debug, rules);
          response.body.singleResult = withExtensions(response.body.singleResult, added);
        },
      };
    },
  };

  return {
    startLog: (headers) => (hasConnectors && readDebugRequest(headers).connectors ? new DebugLog() : undefined),
    plugin,
  };
}

const withExtensions = (
  result: FormattedExecutionResult,
  added: Readonly<Record<string, unknown>>,
): FormattedExecutionResult =>
  Object.keys(added).length === 0 ? result : { ...result, extensions: { ...result.extensions, ...added } };

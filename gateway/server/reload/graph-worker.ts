/**
 * The thread of one graph: checks its schemas, composes them, and then plans its operations. Composing a large graph takes
 * seconds, which must not be those of the thread that answers clients (F39).
 */
import { parentPort, workerData } from 'node:worker_threads';
import { GraphQLError, parse, printSchema } from 'graphql';
import { FaultsError } from '../../errors/fault.ts';
import { createQueryPlanner } from '../../planning/apollo-query-planner.ts';
import type { QueryPlanner } from '../../planning/query-planner.ts';
import { loadGraph } from '../../supergraph/load-graph.ts';
import type { FromGraphThread, GraphInputs, PlanRequest } from './graph-thread-messages.ts';

const port = parentPort!;
const answer = (message: FromGraphThread): void => port.postMessage(message);

function compose({ sources, connectorSettings, pathsLimit }: GraphInputs): QueryPlanner {
  const graph = loadGraph(sources, {
    callUpstream: () => Promise.reject(new TypeError('Nothing is called from here')),
    connectorSettings: (subgraph) => connectorSettings[subgraph] ?? {},
  });
  const { supergraphSdl, hints } = graph;
  const planner = createQueryPlanner(supergraphSdl, pathsLimit === undefined ? {} : { pathsLimit });
  answer({ kind: 'composed', graph: { supergraphSdl, hints, apiSdl: printSchema(planner.apiSchema) } });
  return planner;
}

function plan(planner: QueryPlanner, { id, text, operationName }: PlanRequest): void {
  try {
    const { root, renamed, text: printed } = planner.planDocument(parse(text, { noLocation: true }), operationName);
    answer({ kind: 'planned', id, plan: { root, renamed, text: printed } });
  } catch (error) {
    const { message } = error as Error;
    const isGraphQL = error instanceof GraphQLError;
    const extensions = isGraphQL ? { ...error.extensions } : undefined;
    answer({ kind: 'not-planned', id, error: { message, extensions, isGraphQL } });
  }
}

try {
  const planner = compose(workerData as GraphInputs);
  port.on('message', (request: PlanRequest) => plan(planner, request));
} catch (error) {
  if (!(error instanceof FaultsError)) throw error;
  answer({ kind: 'refused', faults: error.faults, sources: error.sources });
  port.close();
}

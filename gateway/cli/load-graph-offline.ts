/** The graph for commands that send nothing: the same files and checks as `serve`, and no way to call a service. */
import { loadSettings } from '../config/index.ts';
import { UpstreamError } from '../errors/upstream-error.ts';
import { connectorSettingsOf, locateSubgraphs } from '../server/graph-settings.ts';
import { loadGraph, type Graph } from '../supergraph/load-graph.ts';
import type { SubgraphLocation } from '../supergraph/read-subgraphs.ts';
import type { CallUpstream } from '../upstream/index.ts';
import type { CommandIo } from './command.ts';

/** By the settings file. */
export function loadGraphOffline(config: string, env: CommandIo['env']): Graph {
  const { settings } = loadSettings({ file: config, env });
  return loadGraph(locateSubgraphs(settings), {
    callUpstream: refuseToCall,
    connectorSettings: (subgraph) => connectorSettingsOf(settings, subgraph, env),
  });
}

/** By schema files alone. */
export const composeFiles = (locations: readonly SubgraphLocation[]): Graph =>
  loadGraph(locations, { callUpstream: refuseToCall, connectorSettings: () => ({}) });

const refuseToCall: CallUpstream = ({ service }) =>
  Promise.reject(new UpstreamError('UPSTREAM_UNREACHABLE', { service, retryable: false, dispatched: false }));

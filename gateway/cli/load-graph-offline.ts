/** The graph for commands that send nothing: the same files and checks as `serve`, and no way to call a service. */
import { loadSettings } from '../config/index.ts';
import { UpstreamError } from '../errors/upstream-error.ts';
import { connectorSettingsOf, locateSubgraphs } from '../server/graph-settings.ts';
import { loadGraph, type Graph } from '../supergraph/load-graph.ts';
import { readSubgraphs, type SubgraphLocation } from '../supergraph/read-subgraphs.ts';
import type { CallUpstream } from '../upstream/index.ts';
import type { CommandIo } from './command.ts';

/** By the settings file. */
export function loadGraphOffline(config: string, env: CommandIo['env']): Graph {
  const { settings } = loadSettings({ file: config, env });
  return loadGraph(readSubgraphs(locateSubgraphs(settings)), {
    callUpstream: refuseToCall,
    connectorSettings: (subgraph) => connectorSettingsOf(settings, subgraph, env),
  });
}

/** By schema files alone. One without connectors is a remote subgraph: where it is does not matter here. */
export function composeFiles(locations: readonly SubgraphLocation[]): Graph {
  const sources = readSubgraphs(locations).map((source) =>
    source.sdl.includes('specs.apollo.dev/connect/') ? source : { ...source, url: `http://${source.name}/graphql` },
  );
  return loadGraph(sources, { callUpstream: refuseToCall, connectorSettings: () => ({}) });
}

/** For commands that send nothing. */
export const refuseToCall: CallUpstream = ({ service }) =>
  Promise.reject(new UpstreamError('UPSTREAM_UNREACHABLE', { service, retryable: false, dispatched: false }));

/** The graph for commands that send nothing: the same files and checks as `serve`, and no way to call a service. */
import { loadSettings } from '../config/index.ts';
import { UpstreamError } from '../errors/upstream-error.ts';
import { loadGraph, type Graph } from '../supergraph/load-graph.ts';
import type { SubgraphLocation } from '../supergraph/read-subgraphs.ts';
import type { CommandIo } from './command.ts';

export async function locateSubgraphs(config: string, env: CommandIo['env']): Promise<SubgraphLocation[]> {
  const { settings } = loadSettings({ file: config, env });
  return Object.entries(settings.services).map(([name, { schema, url }]) => ({ name, schema, url }));
}

export function loadGraphOffline(locations: readonly SubgraphLocation[]): Graph {
  return loadGraph(locations, {
    callUpstream: ({ service }) =>
      Promise.reject(new UpstreamError('UPSTREAM_UNREACHABLE', { service, retryable: false, dispatched: false })),
    connectorSettings: () => ({}),
  });
}

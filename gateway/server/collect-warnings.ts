/** What `serve` says once at its start: findings about the connectors' files, and switches that give away more than a client needs. */
import type { Settings } from '../config/index.ts';
import type { Fault } from '../errors/fault.ts';
import type { Graph } from '../supergraph/load-graph.ts';

export const collectWarnings = (graph: Pick<Graph, 'subgraphs'>, settings: Settings): Fault[] => [
  ...graph.subgraphs.flatMap((subgraph) => (subgraph.kind === 'connectors' ? subgraph.connectors.warnings : [])),
  ...debugWarnings(settings),
];

/** One for all switches of debug data. */
function debugWarnings({ connectors, debug }: Settings): Fault[] {
  const switches = [
    ...(connectors.debugExtensions ? ['connectors.debug_extensions'] : []),
    ...(debug.queryPlan ? ['debug.queryPlan'] : []),
  ];
  if (switches.length === 0) return [];
  return [
    {
      code: 'DEBUG_DATA_ON',
      severity: 'warning',
      message: `Clients may ask for debug data: ${switches.join(' and ')} ${switches.length === 1 ? 'is' : 'are'} on`,
      hint: 'Switch it off where clients are not your own; secrets are masked, requests and answers of services are not',
    },
  ];
}

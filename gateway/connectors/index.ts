/** Connectors: a REST service described in one SDL file becomes an executable federation subgraph. */

// Building a subgraph
export { createConnectorSubgraph } from './build-connector-subgraph.ts';
export type { ConnectorSubgraph, ConnectorSubgraphOptions } from './build-connector-subgraph.ts';

// What execution hands over, and what can be set
export type { ConnectorContext, ConnectorSettings, SourceSettings } from './runtime/connector-context.ts';

// Trying one connector alone
export type { ConnectorTrial, TrialResult } from './trial/connector-trial.ts';

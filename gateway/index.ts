/**
 * Tributary: a GraphQL federation gateway over REST services. The package's public door; subpaths: `./connectors`,
 * `./facade`, `./upstream`, `./subgraph`.
 */

// The gateway: settings in, a running server out
export { loadSettings, type Settings } from './config/index.ts';
export { createServer, type Server, type ServerOptions } from './server/create-server.ts';
export { stopOnSignals } from './server/stop-on-signals.ts';
export { surviveRejections } from './server/survive-rejections.ts';

// The graph: schema files in, a supergraph out
export { loadGraph, type Graph } from './supergraph/load-graph.ts';

// What can go wrong
export { catalogue, describeError, type ErrorCode } from './errors/catalogue.ts';
export { FaultsError, formatFault, type Fault } from './errors/fault.ts';
export { UpstreamError } from './errors/upstream-error.ts';

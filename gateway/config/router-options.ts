/** Options of Apollo Router that have another name here, for those who bring its settings file along (connectors.md 14.2). */

const perService = 'An option of Apollo Router; here it is set for each service, below services.<name>';
const nothing = 'An option of Apollo Router that has nothing to answer it here';
const ofSubgraphs =
  'An option of Apollo Router for GraphQL subgraphs; here header rules are those of connectors, headers.connector';

/** By path. */
const hints: Readonly<Record<string, string>> = {
  apq: 'An option of Apollo Router; here it is server.persistedQueries',
  authentication: `${nothing}: sign requests in a proxy before the service`,
  batching: nothing,
  'connectors.expose_sources_in_context': `${nothing}: it is for coprocessors, and there are none`,
  'connectors.preview_connect_v0_4':
    'An option of Apollo Router; here a schema that links connect v0.4 needs no switch',
  'connectors.subgraphs': 'An option of Apollo Router; here it is connectors.sources."<service>.<source>"',
  coprocessor: nothing,
  cors: 'An option of Apollo Router; here it is server.cors',
  csrf: 'An option of Apollo Router; here it is server.csrf',
  'headers.all': ofSubgraphs,
  'headers.subgraphs': ofSubgraphs,
  health_check:
    'An option of Apollo Router; here /health/live and /health/ready are always there, see server.readiness',
  homepage: 'An option of Apollo Router; here it is server.landingPage',
  include_subgraph_errors:
    'An option of Apollo Router; here clients see the codes of errors, and details under development',
  limits: 'An option of Apollo Router; here it is server.limits',
  override_subgraph_url:
    'An option of Apollo Router; here it is services.<name>.url, or connectors.sources."<service>.<source>".override_url',
  persisted_queries: 'An option of Apollo Router; here it is server.trustedDocuments',
  preview_entity_cache: `${perService}.upstream.cache`,
  rhai: nothing,
  sandbox: 'An option of Apollo Router; here it is server.landingPage',
  supergraph: 'An option of Apollo Router; here it is server, and server.introspection',
  'telemetry.exporters':
    'An option of Apollo Router; here it is telemetry.traces, and metrics are at /metrics of the admin port, server.admin',
  tls: `${nothing}; Node reads further certificates from NODE_EXTRA_CA_CERTS`,
  traffic_shaping: `${perService}.upstream: deadline, retry, bulkhead, transport`,
};

/** All of them. */
export const routerOptions: readonly string[] = Object.keys(hints);

/** Undefined for a path that Apollo Router does not know either. */
export const routerHint = (path: string): string | undefined => (Object.hasOwn(hints, path) ? hints[path] : undefined);

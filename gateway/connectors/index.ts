/** Connectors: a REST service described in one SDL file becomes an executable federation subgraph. */

// Building a subgraph
export { buildConnectorSubgraph, createConnectorSubgraph } from './build-connector-subgraph.ts';
export type { ConnectorSubgraph, ConnectorSubgraphOptions } from './build-connector-subgraph.ts';
export type { ConnectorDetail } from './runtime/describe-connector.ts';

// What execution hands over, and what can be set
export type { ConnectorContext, ConnectorSettings, SourceSettings } from './runtime/connector-context.ts';
export type { ConnectorOverride } from './spec/connector-overrides.ts';

// What a request that asks for debug data gets
export { DebugLog } from './debug/debug-log.ts';
export { buildDebugPayload } from './debug/debug-payload.ts';
export { createRedactionRules, type RedactionRules } from './debug/redact.ts';

// Trying one connector alone
export type { ConnectorTrial, TrialResult } from './trial/connector-trial.ts';

// Executing the fields without graphql-js
export type { FieldTable } from './runtime/field-table.ts';
export { settle, type Demand, type Gained } from './runtime/gained.ts';
export { LazyObject, noShape, type Origin } from './runtime/lazy-object.ts';
export { concreteType, narrowShape, prepareLeaf } from './runtime/output.ts';
export type { FieldUse, ObjectField, RootField } from './runtime/resolve-field.ts';
export { requestedFields } from './runtime/resolvers.ts';
export { wantedOf, type WantedFields } from './runtime/wanted.ts';
export { fieldShape, type Shape } from './mapping/shape.ts';
export { isObject, type Maybe, type Value, type ValueObject } from './mapping/value.ts';

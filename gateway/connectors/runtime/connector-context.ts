/** What the execution hands to a connector: one context per fetch, one store per client request. */
import type { CallContext, JsonValue } from '../../upstream/upstream-call.ts';

/** The `contextValue` for executing the schema of a connector subgraph. */
export interface ConnectorContext {
  readonly call: CallContext;
  readonly requestHeaders: Readonly<Record<string, readonly string[]>>;
  /** `$context`. */
  readonly entries: Readonly<Record<string, JsonValue>>;
  /** Lives as long as the client request; loaders live here. */
  readonly operation: Map<unknown, unknown>;
}

/** Settings of a connector subgraph; everything has a default. */
export interface ConnectorSettings {
  /** By name of the source. */
  readonly sources?: Readonly<Record<string, SourceSettings>>;
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Default true (connectors.md 3.6). */
  readonly skipNullKeys?: boolean;
  /** What becomes of what runs here, but not on Apollo Router (3.1). Default `warn`. */
  readonly portability?: 'ignore' | 'warn' | 'error';
}

export interface SourceSettings {
  readonly overrideUrl?: string;
  readonly config?: Readonly<Record<string, JsonValue>>;
}

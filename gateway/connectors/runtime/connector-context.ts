/** What the execution hands to a connector: one context per fetch, one store per client request. */
import type { GraphQLError } from 'graphql';
import type { CallContext, JsonValue } from '../../upstream/upstream-call.ts';
import type { Strict } from '../spec/connector.ts';

/** The `contextValue` for executing the schema of a connector subgraph. */
export interface ConnectorContext {
  readonly call: CallContext;
  readonly requestHeaders: Readonly<Record<string, readonly string[]>>;
  /** `$context`. */
  readonly entries: Readonly<Record<string, JsonValue>>;
  /** Lives as long as the client request; loaders live here. */
  readonly operation: Map<unknown, unknown>;
  /** Takes the errors that leave their field its value (strict mode "all"); without it they are lost. */
  readonly reportError?: (error: GraphQLError) => void;
}

/** Settings of a connector subgraph; everything has a default. */
export interface ConnectorSettings {
  /** By name of the source. */
  readonly sources?: Readonly<Record<string, SourceSettings>>;
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Default true (connectors.md 3.6). */
  readonly skipNullKeys?: boolean;
  /** Default "none" (connectors.md 3.2). */
  readonly strict?: Strict;
  /** Calls that one operation may cause to one source (connectors.md 14.1); no limit by default. */
  readonly maxRequestsPerOperation?: number;
  /** What becomes of what runs here, but not on Apollo Router (3.1). Default `warn`. */
  readonly portability?: 'ignore' | 'warn' | 'error';
}

export interface SourceSettings {
  /** Takes the place of that of the subgraph. */
  readonly maxRequestsPerOperation?: number;
  /** A 404 is null without an error (connectors.md 12.1). */
  readonly isNotFoundNull?: boolean;
  readonly overrideUrl?: string;
  readonly config?: Readonly<Record<string, JsonValue>>;
}

/** What the execution hands to a connector: one context per fetch, one store per client request. */
import type { GraphQLError } from 'graphql';
import type { DebugLog } from '../debug/debug-log.ts';
import type { CallContext, JsonValue } from '../../upstream/upstream-call.ts';
import type { Range } from '../../errors/fault.ts';
import type { Strict } from '../spec/connector.ts';
import type { V04Grammar } from '../mapping/versions.ts';
import type { ConnectorOverride } from '../spec/connector-overrides.ts';
import type { HeaderRules } from '../spec/header-rule.ts';

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
  /** Only when the client request asks for debug data and may have it (14.4). */
  readonly debug?: DebugLog;
}

/** Settings of a connector subgraph; everything has a default. */
export interface ConnectorSettings {
  /** By name of the source. */
  readonly sources?: Readonly<Record<string, SourceSettings>>;
  /** By `Type.field` or `Type`, with `[index]` where there are several, or by `id`. */
  readonly connectors?: Readonly<Record<string, ConnectorOverride>>;
  /** They run after the headers of the file, and win over them. */
  readonly headerRules?: HeaderRules;
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Default true (connectors.md 3.6). */
  readonly skipNullKeys?: boolean;
  /** Default "none" (connectors.md 3.2). */
  readonly strict?: Strict;
  /** How mappings are read where the file links connect v0.4 (connectors.md 5). Default "unified". */
  readonly v04Grammar?: V04Grammar;
  /** Calls that one operation may cause to one source (connectors.md 14.1); no limit by default. */
  readonly maxRequestsPerOperation?: number;
  /** Whether equal GETs in flight are one call (3.3). Default true. */
  readonly isShared?: boolean;
  /** What becomes of what runs here, but not on Apollo Router (3.1). Default `warn`. */
  readonly portability?: 'ignore' | 'warn' | 'error';
}

export interface SourceSettings {
  readonly strict?: Strict;
  readonly skipNullKeys?: boolean;
  /** Where its name stands in the settings. */
  readonly range?: Range;
  /** Takes the place of that of the subgraph. */
  readonly maxRequestsPerOperation?: number;
  /** A 404 is null without an error (connectors.md 12.1). */
  readonly isNotFoundNull?: boolean;
  readonly overrideUrl?: string;
  readonly config?: Readonly<Record<string, JsonValue>>;
}

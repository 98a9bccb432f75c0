/** Where a fetch of a plan goes: one subgraph, in process or over HTTP. Both engines use the same targets. */
import type { DocumentNode, GraphQLError, GraphQLFormattedError } from 'graphql';
import type { RequestContext } from './request-context.ts';

/** A subgraph operation; the same object each time it is sent, so that a target may keep what it makes of it. */
export interface SubgraphOperation {
  readonly text: string;
  readonly name: string | undefined;
  readonly document: DocumentNode;
}

export type SubgraphError = GraphQLError | GraphQLFormattedError;

export interface SubgraphAnswer {
  readonly data?: Record<string, unknown> | null | undefined;
  /** With code and service in their extensions. */
  readonly errors?: readonly SubgraphError[] | undefined;
  /** No GraphQL answer came, so asking in another form would change nothing. */
  readonly isUnreached?: boolean;
  /** Others hold the same data, so nobody may change it. Equal data that is shared is the same object. */
  readonly isShared?: boolean;
}

/** Rejects only by a fault of ours: a service that fails gives null and errors. */
type Fetch = (
  operation: SubgraphOperation,
  variables: Readonly<Record<string, unknown>>,
  context: RequestContext,
) => Promise<SubgraphAnswer>;

/** The same with the variables as a JSON object that is written already. */
export type SendText = (
  operation: SubgraphOperation,
  variablesText: string,
  context: RequestContext,
) => Promise<SubgraphAnswer>;

/** One with `sendText` is reached over a network: entity fetches that are ready together are sent to it in one request. */
export type FetchTarget = Fetch & { readonly sendText?: SendText };

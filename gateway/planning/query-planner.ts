/** The planner as the product sees it; what plans is behind it. */
import type { DocumentNode, GraphQLSchema } from 'graphql';

/** What a representation holds: fields by the name they have in the answer so far. */
export type RequiredSelection =
  | {
      readonly kind: 'field';
      readonly name: string;
      /** Its name in the representation, where that is another. */
      readonly sentAs?: string;
      readonly selections?: readonly RequiredSelection[];
    }
  | { readonly kind: 'fragment'; readonly type: string | undefined; readonly selections: readonly RequiredSelection[] };

/** Done to representations before, or to the answer after a fetch. A path has field names and "... on Type". */
export type Rewrite =
  | { readonly kind: 'set'; readonly path: readonly string[]; readonly value: unknown }
  | { readonly kind: 'rename'; readonly path: readonly string[]; readonly name: string };

export interface FetchStep {
  readonly kind: 'fetch';
  readonly subgraph: string;
  /** The subgraph operation, printed. */
  readonly operation: string;
  readonly operationName?: string;
  /** True when it asks for entities by their keys. */
  readonly isEntityFetch: boolean;
  /** Variables of the client that it needs. */
  readonly variables: readonly string[];
  /** For an entity fetch: what is sent of each entity. */
  readonly requires: readonly RequiredSelection[];
  readonly inputRewrites: readonly Rewrite[];
  readonly outputRewrites: readonly Rewrite[];
}
export interface GroupStep {
  readonly kind: 'sequence' | 'parallel';
  readonly steps: readonly PlanStep[];
}
export interface FlattenStep {
  readonly kind: 'flatten';
  /** Where in the response the fetched parts go; "@" stands for every item of a list. */
  readonly path: readonly string[];
  readonly step: PlanStep;
}
/** One of two steps, by a boolean variable of the client; either may be missing. */
export interface ConditionStep {
  readonly kind: 'condition';
  readonly variable: string;
  readonly whenTrue: PlanStep | undefined;
  readonly whenFalse: PlanStep | undefined;
}
export type PlanStep = FetchStep | GroupStep | FlattenStep | ConditionStep;

export interface QueryPlan {
  /** Undefined when nothing has to be fetched (introspection). */
  readonly root: PlanStep | undefined;
  readonly text: string;
  /** Names in the data of the fetches, by the names that the client gave; those that are not here are the same. */
  readonly renamed: ReadonlyMap<string, string>;
}

/**
 * Plans operations of one graph, at once or, where the planner lives in another thread, after a while. Errors are
 * GraphQLErrors with a code of the catalogue in their extensions.
 */
export interface OperationPlanner {
  /** What clients see. */
  readonly apiSchema: GraphQLSchema;
  /** Every type, also those that clients do not see. */
  readonly fullSchema: GraphQLSchema;
  /** Plans an operation that is parsed and valid. */
  planDocument(document: DocumentNode, operationName?: string): QueryPlan | Promise<QueryPlan>;
}

export interface QueryPlanner extends OperationPlanner {
  /** Throws GraphQLError when the operation does not parse, does not fit the schema, or cannot be planned. */
  plan(operation: string, operationName?: string): QueryPlan;
  planDocument(document: DocumentNode, operationName?: string): QueryPlan;
}

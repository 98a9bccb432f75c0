/** The planner as the product sees it; what plans is behind it. */

export interface FetchStep {
  readonly kind: 'fetch';
  readonly subgraph: string;
  /** The subgraph operation, printed. */
  readonly operation: string;
  /** True when it asks for entities by their keys. */
  readonly isEntityFetch: boolean;
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
export type PlanStep = FetchStep | GroupStep | FlattenStep;

export interface QueryPlan {
  /** Undefined when nothing has to be fetched (introspection). */
  readonly root: PlanStep | undefined;
  readonly text: string;
}

export interface QueryPlanner {
  /** Throws GraphQLError when the operation does not parse or does not fit the schema. */
  plan(operation: string, operationName?: string): QueryPlan;
}

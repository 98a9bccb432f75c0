/** The plan of an operation for those who ask to see it; both engines execute plans of the same planner. */
import type { DocumentNode } from 'graphql';
import { createQueryPlanner } from '../planning/apollo-query-planner.ts';
import { createPlanPresenter, type PresentedPlan } from '../planning/present-plan.ts';
import type { FetchStep, QueryPlanner } from '../planning/query-planner.ts';

/** Of an operation that is parsed and valid. */
export type ExplainPlan = (document: DocumentNode, operationName: string | undefined) => PresentedPlan;

/** `nameFetch` says in words who answers a fetch. */
export function createPlanExplainer(supergraphSdl: string, nameFetch: (step: FetchStep) => string): ExplainPlan {
  const present = createPlanPresenter(supergraphSdl, nameFetch);
  // Made when the first plan is asked for: most gateways never are
  let planner: QueryPlanner | undefined;
  return (document, operationName) => {
    planner ??= createQueryPlanner(supergraphSdl);
    return present(planner.planDocument(document, operationName));
  };
}

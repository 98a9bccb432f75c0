/**
 * A span for each operation that has to be planned; those with a kept plan have none. The engine plans while its executor is
 * being called, so the request that it plans for is the one whose executor call is running.
 */
import type { Engine } from '../../execution/tributary-engine.ts';
import type { RequestContext } from '../../execution/request-context.ts';
import type { OperationPlanner, QueryPlan } from '../../planning/query-planner.ts';
import type { Tracing } from './tracing.ts';

export interface PlanTracing {
  planner(planner: OperationPlanner): OperationPlanner;
  /** The engine over such a planner. */
  engine<Any extends Engine>(engine: Any): Any;
}

export function tracePlans(tracing: Tracing): PlanTracing {
  let parent: string | undefined;
  return {
    planner: (planner) => ({
      apiSchema: planner.apiSchema,
      fullSchema: planner.fullSchema,
      planDocument(document, operationName) {
        // What is planned ahead of requests belongs to none.
        if (parent === undefined) return planner.planDocument(document, operationName);
        const attributes = { 'graphql.operation.name': operationName };
        const span = tracing.start({ name: 'plan', kind: 'internal', parent, attributes });
        const done = (plan: QueryPlan): QueryPlan => {
          span.end();
          return plan;
        };
        const failed = (error: unknown): never => {
          span.end('PLANNING_FAILED');
          throw error;
        };
        try {
          const planned = planner.planDocument(document, operationName);
          return planned instanceof Promise ? planned.then(done, failed) : done(planned);
        } catch (error) {
          return failed(error);
        }
      },
    }),
    engine: (engine) => ({
      ...engine,
      async load(options) {
        const { executor } = await engine.load(options);
        if (executor === null) return { executor };
        return {
          executor(request) {
            parent = (request.context as unknown as RequestContext).call.traceparent;
            try {
              return executor(request);
            } finally {
              parent = undefined;
            }
          },
        };
      },
    }),
  };
}

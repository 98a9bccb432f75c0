/** `engine: tributary`: the planner's plans, walked by our own executor, behind the door that Apollo Server has for gateways. */
import type { ApolloServerOptions } from '@apollo/server';
import { PlanCache } from '../planning/plan-cache.ts';
import { createQueryPlanner } from '../planning/apollo-query-planner.ts';
import { compileOperation, type CompileOperationOptions, type RunOperation } from './compile-operation.ts';
import type { FetchTarget } from './fetch-target.ts';
import type { RequestContext } from './request-context.ts';
import { createTypeTest } from './type-test.ts';

/** What Apollo Server takes for its option `gateway`. */
export type Engine = NonNullable<ApolloServerOptions<RequestContext>['gateway']>;

export interface TributaryEngineOptions {
  readonly supergraphSdl: string;
  /** By subgraph name; every subgraph of the supergraph must be there. */
  readonly targets: ReadonlyMap<string, FetchTarget>;
  /** How many operations are kept with their plans. */
  readonly keptOperations?: number;
}

export function createTributaryEngine(options: TributaryEngineOptions): Engine {
  const { supergraphSdl, targets, keptOperations = 1000 } = options;
  const planner = createQueryPlanner(supergraphSdl);
  const compileOptions: CompileOperationOptions = {
    planner,
    targets,
    isOfType: createTypeTest(planner.fullSchema),
    isOfApiType: createTypeTest(planner.apiSchema),
  };
  const operations = new PlanCache<RunOperation>(keptOperations);
  const listeners = new Set<Parameters<Engine['onSchemaLoadOrUpdate']>[0]>();

  return {
    onSchemaLoadOrUpdate(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    async load() {
      for (const listener of listeners) listener({ apiSchema: planner.apiSchema, coreSupergraphSdl: supergraphSdl });
      return {
        executor: ({ request, document, operation, queryHash, context }) => {
          // One text may hold several operations, and the hash is of the text.
          const key = `${queryHash} ${operation.name?.value ?? ''}`;
          const run = operations.get(key, () => compileOperation(document, operation, compileOptions));
          return run(request.variables ?? {}, context as unknown as RequestContext) as never;
        },
      };
    },
    async stop() {},
  };
}

/** `engine: tributary`: the planner's plans, walked by our own executor, behind the door that Apollo Server has for gateways. */
import type { ApolloServerOptions } from '@apollo/server';
import type { DocumentNode, FormattedExecutionResult, OperationDefinitionNode } from 'graphql';
import { PlanCache } from '../planning/plan-cache.ts';
import { createQueryPlanner } from '../planning/apollo-query-planner.ts';
import type { OperationPlanner } from '../planning/query-planner.ts';
import { AnswerTexts } from './answer-texts.ts';
import { compileOperation, type CompileOperationOptions, type RunOperation } from './compile-operation.ts';
import type { FetchTarget } from './fetch-target.ts';
import { RecollectionBound } from './recollection.ts';
import type { RequestContext } from './request-context.ts';
import { createTypeTest } from './type-test.ts';

/** What Apollo Server takes for its option `gateway`. */
export type Engine = NonNullable<ApolloServerOptions<RequestContext>['gateway']>;

export interface TributaryEngineOptions {
  readonly supergraphSdl: string;
  /** By subgraph name; every subgraph of the supergraph must be there. */
  readonly targets: ReadonlyMap<string, FetchTarget>;
  /** Left out, one is built here from the supergraph, which takes tens of milliseconds. */
  readonly planner?: OperationPlanner;
  /** How many operations are kept with their plans. */
  readonly keptOperations?: number;
}

/** An operation that clients use: what another engine needs to have it ready before they ask. */
export interface KnownOperation {
  /** As Apollo Server makes it of the text: SHA-256, in hexadecimal. */
  readonly queryHash: string;
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
}

export interface TributaryEngine extends Engine {
  /** Operations that are kept, the one used last first. */
  readonly recentOperations: () => readonly KnownOperation[];
  /** Plans and compiles an operation that is valid here. Rejects when it cannot be planned. */
  readonly prepare: (operation: KnownOperation) => Promise<void>;
  /** The text of an answer. */
  readonly stringify: (result: FormattedExecutionResult) => string;
}

interface Prepared {
  readonly known: KnownOperation;
  /** Once it is planned; the promise before. */
  run: RunOperation | Promise<RunOperation>;
}

export function createTributaryEngine(options: TributaryEngineOptions): TributaryEngine {
  const { supergraphSdl, targets, keptOperations = 1000 } = options;
  const planner = options.planner ?? createQueryPlanner(supergraphSdl);
  const texts = new AnswerTexts();
  const compileOptions: CompileOperationOptions = {
    apiSchema: planner.apiSchema,
    fullSchema: planner.fullSchema,
    targets,
    isOfType: createTypeTest(planner.fullSchema),
    isOfApiType: createTypeTest(planner.apiSchema),
    bound: new RecollectionBound(),
    texts,
  };
  const operations = new PlanCache<Prepared>(keptOperations);
  const listeners = new Set<Parameters<Engine['onSchemaLoadOrUpdate']>[0]>();

  const plan = (known: KnownOperation, key: string): Prepared => {
    const { document, operation } = known;
    const planned = planner.planDocument(document, operation.name?.value);
    if (!(planned instanceof Promise)) {
      return { known, run: compileOperation(document, operation, planned, compileOptions) };
    }
    const run = planned.then((found) => compileOperation(document, operation, found, compileOptions));
    const prepared: Prepared = { known, run };
    run.then(
      (compiled) => (prepared.run = compiled),
      () => operations.drop(key, prepared),
    );
    return prepared;
  };
  const runOf = (known: KnownOperation): RunOperation | Promise<RunOperation> => {
    // One text may hold several operations, and the hash is of the text.
    const key = `${known.queryHash} ${known.operation.name?.value ?? ''}`;
    return operations.get(key, () => plan(known, key)).run;
  };

  return {
    onSchemaLoadOrUpdate(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    async load() {
      for (const listener of listeners) listener({ apiSchema: planner.apiSchema, coreSupergraphSdl: supergraphSdl });
      return {
        executor: ({ request, document, operation, queryHash, context }) => {
          const run = runOf({ queryHash, document, operation });
          const answer = (compiled: RunOperation) =>
            compiled(request.variables ?? {}, context as unknown as RequestContext) as never;
          return run instanceof Promise ? run.then(answer) : answer(run);
        },
      };
    },
    async stop() {},
    recentOperations: () => operations.values().map(({ known }) => known),
    async prepare(operation) {
      await runOf(operation);
    },
    stringify: (result) => texts.stringify(result),
  };
}

/** An engine whose planner answers later, as one in another thread does, and operations made ready before they are asked. */
import { createHash } from 'node:crypto';
import { GraphQLError, parse, Kind, type DocumentNode, type OperationDefinitionNode } from 'graphql';
import { describe, expect, it } from 'vitest';
import { createConnectorTarget } from '../../gateway/execution/connector-target.ts';
import { createRequestContext } from '../../gateway/execution/request-context.ts';
import { createTributaryEngine, type KnownOperation } from '../../gateway/execution/tributary-engine.ts';
import { createQueryPlanner } from '../../gateway/planning/apollo-query-planner.ts';
import type { OperationPlanner, QueryPlan } from '../../gateway/planning/query-planner.ts';
import { createApolloServer } from '../../gateway/server/graphql/create-apollo-server.ts';
import { composeSupergraph } from '../../gateway/supergraph/compose-supergraph.ts';
import { buildSubgraphSchema } from '@apollo/subgraph';

interface Waiting {
  readonly document: DocumentNode;
  readonly settle: () => void;
  readonly fail: (error: Error) => void;
}

async function startEngine() {
  const typeDefs = parse('type Query { greeting: String  farewell: String }');
  const schema = buildSubgraphSchema({
    typeDefs,
    resolvers: { Query: { greeting: () => 'hello', farewell: () => 'bye' } },
  });
  const { sdl: supergraphSdl } = composeSupergraph([{ name: 'words', typeDefs, url: 'http://words.test' }], new Map());
  const real = createQueryPlanner(supergraphSdl);
  const waiting: Waiting[] = [];
  const planner: OperationPlanner = {
    apiSchema: real.apiSchema,
    fullSchema: real.fullSchema,
    planDocument: (document, name) =>
      new Promise<QueryPlan>((resolve, reject) => {
        waiting.push({ document, settle: () => resolve(real.planDocument(document, name)), fail: reject });
      }),
  };
  const targets = new Map([['words', createConnectorTarget({ name: 'words', schema })]]);
  const engine = createTributaryEngine({ supergraphSdl, targets, planner });
  const server = createApolloServer({
    gateway: engine,
    isIntrospectionOn: false,
    isCsrfPreventionOn: false,
    limits: { depth: 100, fields: 1000, tokens: 10_000 },
    onFault: () => {},
  });
  await server.start();
  const ask = async (query: string) => {
    const contextValue = createRequestContext({
      face: 'graphql',
      headers: {},
      requestId: 'r',
      signal: new AbortController().signal,
      deadlineAt: performance.now() + 30_000,
    });
    const { body } = await server.executeOperation({ query }, { contextValue });
    return body.kind === 'single' ? body.singleResult : expect.fail('not one answer');
  };
  const untilWaiting = async (count: number) => {
    while (waiting.length < count) await new Promise((resolve) => setImmediate(resolve));
  };
  return { engine, ask, waiting, untilWaiting };
}

function known(text: string): KnownOperation {
  const document = parse(text);
  const operation = document.definitions.find(({ kind }) => kind === Kind.OPERATION_DEFINITION);
  const queryHash = createHash('sha256').update(text).digest('hex');
  return { queryHash, document, operation: operation as OperationDefinitionNode };
}

describe('an engine whose planner is elsewhere', () => {
  it('answers once the plan has come, and asks for one plan however many want it', async () => {
    const { ask, waiting, untilWaiting } = await startEngine();
    const asked = [ask('{ greeting }'), ask('{ greeting }')];
    await untilWaiting(1);
    waiting[0]!.settle();
    expect((await Promise.all(asked)).map(({ data }) => data)).toEqual([{ greeting: 'hello' }, { greeting: 'hello' }]);
    expect((await ask('{ greeting }')).data).toEqual({ greeting: 'hello' });
    expect(waiting).toHaveLength(1);
  });

  it('asks again after a plan that failed', async () => {
    const { ask, waiting, untilWaiting } = await startEngine();
    const first = ask('{ greeting }');
    await untilWaiting(1);
    waiting[0]!.fail(new GraphQLError('No plan'));
    expect((await first).errors).toHaveLength(1);
    const second = ask('{ greeting }');
    await untilWaiting(2);
    waiting[1]!.settle();
    expect((await second).data).toEqual({ greeting: 'hello' });
  });

  it('has an operation ready that was prepared, and tells which ones it knows', async () => {
    const { engine, ask, waiting, untilWaiting } = await startEngine();
    const prepared = engine.prepare(known('{ farewell }'));
    await untilWaiting(1);
    waiting[0]!.settle();
    await prepared;
    expect((await ask('{ farewell }')).data).toEqual({ farewell: 'bye' });
    expect(waiting).toHaveLength(1);
    expect(engine.recentOperations()).toEqual([
      expect.objectContaining({ queryHash: known('{ farewell }').queryHash }),
    ]);
  });
});

/**
 * Both engines on the same subgraphs: random graphs, random queries, faults. Data has to be equal; errors have to be the same
 * as sets of place and code. TRIBUTARY_DIFFERENTIAL_SEED repeats a run, TRIBUTARY_DIFFERENTIAL_GRAPHS makes it longer.
 */
import type { ApolloServer } from '@apollo/server';
import fc from 'fast-check';
import {
  parse,
  validate,
  type FormattedExecutionResult,
  type GraphQLFormattedError,
  type GraphQLSchema,
} from 'graphql';
import { expect, it } from 'vitest';
import { createApolloEngine } from '../../gateway/execution/apollo-engine.ts';
import { createConnectorTarget } from '../../gateway/execution/connector-target.ts';
import type { FetchTarget } from '../../gateway/execution/fetch-target.ts';
import { createRequestContext, type RequestContext } from '../../gateway/execution/request-context.ts';
import { createTributaryEngine, type Engine } from '../../gateway/execution/tributary-engine.ts';
import { createQueryPlanner } from '../../gateway/planning/apollo-query-planner.ts';
import { createApolloServer } from '../../gateway/server/graphql/create-apollo-server.ts';
import { composeSupergraph } from '../../gateway/supergraph/compose-supergraph.ts';
import { createFederatedGraph, type Choose, type FederatedGraph } from './federated-graph.ts';
import { createRandomQuery, type RandomQuery } from './random-query.ts';

const QUERIES_PER_GRAPH = 8;
const graphs = Number(process.env['TRIBUTARY_DIFFERENTIAL_GRAPHS'] ?? 25);
const seed = Number(process.env['TRIBUTARY_DIFFERENTIAL_SEED'] ?? Date.now() % 2 ** 31);

interface Pair {
  readonly schema: GraphQLSchema;
  readonly apollo: ApolloServer<RequestContext>;
  readonly tributary: ApolloServer<RequestContext>;
}

const silent = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

async function startServer(gateway: Engine): Promise<ApolloServer<RequestContext>> {
  const server = createApolloServer({
    gateway,
    isIntrospectionOn: true,
    isCsrfPreventionOn: false,
    limits: { depth: 100, fields: 10_000, tokens: 100_000 },
    onFault: () => {},
  });
  await server.start();
  return server;
}

/** As a subgraph over HTTP is reached: entity fetches that are ready together come as one. */
function overNetwork(target: FetchTarget): FetchTarget {
  const fetch: FetchTarget = (operation, variables, context) => target(operation, variables, context);
  const sendText: FetchTarget['sendText'] = async (operation, variables, context) => {
    const answer = await target(operation, JSON.parse(variables) as Record<string, unknown>, context);
    return JSON.parse(JSON.stringify(answer)) as typeof answer;
  };
  return Object.assign(fetch, { sendText });
}

async function startPair({ subgraphs }: FederatedGraph, isOverNetwork: boolean): Promise<Pair> {
  const { sdl: supergraphSdl } = composeSupergraph(
    subgraphs.map(({ name, sdl }) => ({ name, typeDefs: parse(sdl), url: `http://${name}.test` })),
    new Map(),
  );
  const targets = new Map(subgraphs.map(({ name, schema }) => [name, createConnectorTarget({ name, schema })]));
  const apollo = createApolloEngine({ supergraphSdl, targets, logger: silent });
  return {
    schema: createQueryPlanner(supergraphSdl).apiSchema,
    apollo: await startServer(apollo),
    tributary: await startServer(
      createTributaryEngine({
        supergraphSdl,
        targets: isOverNetwork ? new Map([...targets].map(([name, target]) => [name, overNetwork(target)])) : targets,
      }),
    ),
  };
}

async function ask(server: ApolloServer<RequestContext>, query: RandomQuery): Promise<FormattedExecutionResult> {
  const signal = new AbortController().signal;
  const contextValue = createRequestContext({
    face: 'rest',
    headers: {},
    requestId: 'differential',
    signal,
    deadlineAt: Number.POSITIVE_INFINITY,
  });
  const { body } = await server.executeOperation({ query: query.text, variables: query.variables }, { contextValue });
  if (body.kind !== 'single') throw new TypeError('Expected one answer');
  return JSON.parse(JSON.stringify(body.singleResult)) as FormattedExecutionResult;
}

const isCompletion = (error: GraphQLFormattedError): boolean =>
  error.extensions?.['code'] === 'UPSTREAM_INVALID_RESPONSE';

/**
 * Apollo's executor counts the items of a list wrongly where types differ, and leaves "@" and "_entities" in the path of an
 * error that is about all of them: so places are compared by their names.
 */
const placesOf = (errors: readonly GraphQLFormattedError[]): string[] => {
  const places = errors.map(({ path = [], extensions }) => {
    const names = path.filter((element) => typeof element === 'string' && element !== '@' && element !== '_entities');
    return `${names.join('.')} ${String(extensions?.['code'])}`;
  });
  return [...new Set(places)].sort();
};

/** Items that the path goes through are there; an error of a whole entity leads to the entity, which other fetches filled. */
function leadsSomewhere(data: unknown, path: readonly (string | number)[]): boolean {
  let value = data;
  for (const element of path) {
    if (value === null || value === undefined) return true;
    if (typeof value !== 'object' || Array.isArray(value) !== (typeof element === 'number')) return false;
    if (Array.isArray(value) && !(element in value)) return false;
    value = (value as Record<string | number, unknown>)[element];
  }
  return true;
}

function compare(apollo: FormattedExecutionResult, tributary: FormattedExecutionResult): void {
  expect(tributary.data).toEqual(apollo.data);
  const theirs = apollo.errors ?? [];
  const ours = tributary.errors ?? [];
  expect(placesOf(ours.filter((error) => !isCompletion(error)))).toEqual(
    placesOf(theirs.filter((error) => !isCompletion(error))),
  );
  // Beside errors of fetches, Apollo's executor drops those of values that do not fit.
  if (theirs.every(isCompletion)) expect(placesOf(ours)).toEqual(placesOf(theirs));
}

it(
  `engine: tributary answers as engine: apollo does (seed ${seed}, ${graphs * QUERIES_PER_GRAPH} queries)`,
  { timeout: 60_000 + graphs * 3000 },
  async () => {
    const seen = { withErrors: 0, withData: 0, skipped: 0 };
    const property = fc.asyncProperty(fc.gen(), async (gen) => {
      const choose: Choose = (count) => gen(fc.nat, { max: count - 1 });
      const graph = createFederatedGraph(choose);
      const pair = await startPair(graph, choose(2) === 1);
      for (let index = 0; index < QUERIES_PER_GRAPH; index++) {
        const query = createRandomQuery(pair.schema, choose);
        if (validate(pair.schema, parse(query.text)).length > 0) {
          seen.skipped++;
          continue;
        }
        const [theirs, ours] = [await ask(pair.apollo, query), await ask(pair.tributary, query)];
        if (ours.errors !== undefined) seen.withErrors++;
        if (ours.data !== null) seen.withData++;
        try {
          compare(theirs, ours);
          for (const { path } of ours.errors ?? [])
            expect(leadsSomewhere(ours.data, path ?? []), String(path)).toBe(true);
        } catch (error) {
          const sdl = graph.subgraphs.map((subgraph) => `# ${subgraph.name}\n${subgraph.sdl}`).join('\n\n');
          throw new Error(
            `${sdl}\n\n${query.text}\n${JSON.stringify(query.variables)}\n${JSON.stringify({ theirs, ours }, null, 1)}`,
            { cause: error },
          );
        }
      }
      await Promise.all([pair.apollo.stop(), pair.tributary.stop()]);
    });
    await fc.assert(property, { seed, numRuns: graphs, endOnFailure: true, reporter: reportFailure });
    expect(seen.withErrors).toBeGreaterThan(0);
    expect(seen.withData).toBeGreaterThan(graphs);
  },
);

/** The choices of a failing run are thousands of numbers that say nothing. */
function reportFailure(run: fc.RunDetails<[fc.GeneratorValue]>): void {
  if (!run.failed) return;
  throw new Error(`Failed with seed ${run.seed}, graph ${run.counterexamplePath ?? ''}`, { cause: run.errorInstance });
}

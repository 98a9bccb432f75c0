/** Both engines on the same subgraphs, and what must be equal in their answers. */
import { isDeepStrictEqual } from 'node:util';
import type { ApolloServer } from '@apollo/server';
import { parse, type FormattedExecutionResult, type GraphQLFormattedError, type GraphQLSchema } from 'graphql';
import { expect } from 'vitest';
import { createApolloEngine } from '../../gateway/execution/apollo-engine.ts';
import { createConnectorTarget } from '../../gateway/execution/connector-target.ts';
import type { FetchTarget, SubgraphAnswer } from '../../gateway/execution/fetch-target.ts';
import { createRequestContext, type RequestContext } from '../../gateway/execution/request-context.ts';
import { createTributaryEngine, type Engine } from '../../gateway/execution/tributary-engine.ts';
import { createQueryPlanner } from '../../gateway/planning/apollo-query-planner.ts';
import { createApolloServer } from '../../gateway/server/graphql/create-apollo-server.ts';
import { composeSupergraph } from '../../gateway/supergraph/compose-supergraph.ts';
import type { RandomGraph } from './random-graph/create-random-graph.ts';
import type { FaultsOn } from './random-graph/subgraph-resolvers.ts';
import { expectBetween } from './between-answers.ts';
import { decideConditions, withoutNothing } from './decide-conditions.ts';
import type { RandomQuery } from './random-query.ts';

export interface Pair {
  readonly schema: GraphQLSchema;
  /** One after the other: a graph counts what is written to it. */
  askApollo(query: RandomQuery, faultsOn: FaultsOn): Promise<FormattedExecutionResult>;
  askTributary(query: RandomQuery, faultsOn: FaultsOn): Promise<FormattedExecutionResult>;
  stop(): Promise<void>;
}

export interface Checked {
  readonly answer: FormattedExecutionResult;
  readonly isApolloRight: boolean;
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

/**
 * As a subgraph over HTTP is reached: entity fetches that are ready together come as one, and equal answers are the same object,
 * which nobody may change.
 */
function overNetwork(target: FetchTarget): FetchTarget {
  const known = new Map<string, SubgraphAnswer>();
  const fetch: FetchTarget = async (operation, variables, context) => {
    const text = JSON.stringify(await target(operation, variables, context));
    const answer = known.get(text) ?? deepFreeze({ ...(JSON.parse(text) as SubgraphAnswer), isShared: true });
    known.set(text, answer);
    return answer;
  };
  const sendText: FetchTarget['sendText'] = (operation, variables, context) =>
    fetch(operation, JSON.parse(variables) as Record<string, unknown>, context);
  return Object.assign(fetch, { sendText });
}

function deepFreeze<Value>(value: Value): Value {
  if (typeof value === 'object' && value !== null) Object.values(Object.freeze(value)).forEach(deepFreeze);
  return value;
}

export async function startPair(graph: RandomGraph, isOverNetwork: boolean): Promise<Pair> {
  const { sdl: supergraphSdl } = composeSupergraph(
    graph.subgraphs.map(({ name, sdl }) => ({ name, typeDefs: parse(sdl), url: `http://${name}.test` })),
    new Map(),
  );
  const targets = new Map(graph.subgraphs.map(({ name, schema }) => [name, createConnectorTarget({ name, schema })]));
  const apollo = await startServer(createApolloEngine({ supergraphSdl, targets, logger: silent }));
  const tributary = await startServer(
    createTributaryEngine({
      supergraphSdl,
      targets: isOverNetwork ? new Map([...targets].map(([name, target]) => [name, overNetwork(target)])) : targets,
    }),
  );
  return {
    schema: createQueryPlanner(supergraphSdl).apiSchema,
    askApollo(query, faultsOn) {
      graph.begin(faultsOn);
      return ask(apollo, query);
    },
    askTributary(query, faultsOn) {
      graph.begin(faultsOn);
      return ask(tributary, query);
    },
    async stop() {
      await Promise.all([apollo.stop(), tributary.stop()]);
    },
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
 * error that is about all of them: so places are compared by their names. Of the fields of one object that became null it is a
 * matter of timing which ones say why: there the place of the null counts.
 */
const placesOf = (errors: readonly GraphQLFormattedError[], data: unknown): string[] => {
  const places = errors.map(({ path = [], extensions }) => {
    const names = path.filter((element) => typeof element === 'string' && element !== '@' && element !== '_entities');
    const shown = names.findIndex((_, index) => isNullSomewhere(data, names.slice(0, index)));
    return `${names.slice(0, shown === -1 ? undefined : shown).join('.')} ${String(extensions?.['code'])}`;
  });
  return [...new Set(places)].sort();
};

/** In lists, whether it is so of any item. */
function isNullSomewhere(data: unknown, names: readonly (string | number)[]): boolean {
  if (Array.isArray(data)) return data.some((item) => isNullSomewhere(item, names));
  if (data === null || data === undefined) return true;
  const [name, ...below] = names;
  return name !== undefined && isNullSomewhere((data as Record<string, unknown>)[name], below);
}

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

function expectEqualAnswers(apollo: FormattedExecutionResult, tributary: FormattedExecutionResult): void {
  expect(tributary.data).toEqual(apollo.data);
  const theirs = apollo.errors ?? [];
  const ours = tributary.errors ?? [];
  const ofFetches = (errors: typeof ours) =>
    placesOf(
      errors.filter((error) => !isCompletion(error)),
      tributary.data,
    );
  expect(ofFetches(ours)).toEqual(ofFetches(theirs));
  // Beside errors of fetches, Apollo's executor drops those of values that do not fit.
  if (theirs.every(isCompletion)) expect(placesOf(ours, tributary.data)).toEqual(placesOf(theirs, tributary.data));
  for (const { path } of ours) expect(leadsSomewhere(tributary.data, path ?? []), String(path)).toBe(true);
}

/**
 * Throws where engine tributary is wrong. Where nothing fails it has to give the true answer, its fields in the order of the query;
 * where things fail, what Apollo gives to the query, as it is or with its conditions decided: its planner loses conditions, and
 * asks for more because of them. Where lists fail because of some of their entities it may have more than Apollo's, since what is known of
 * an entity is not lost with a list. Apollo has no say on a query that it gets wrong even where nothing fails.
 */
export async function checkAnswers(graph: RandomGraph, pair: Pair, query: RandomQuery): Promise<Checked> {
  const truth = graph.answer(pair.schema, query);
  // The second time, engine tributary gets from its subgraphs what it got before.
  for (let turn = 0; turn < 2; turn++) {
    const calm = await pair.askTributary(query, 'none');
    expect(JSON.stringify(calm, null, 1)).toBe(JSON.stringify(truth, null, 1));
    if (turn === 1 && !graph.hasFaults) return { answer: calm, isApolloRight: true };
  }
  const answer = await pair.askTributary(query, 'all');
  const again = await pair.askTributary(query, 'all');
  const decided = decideConditions(query, pair.schema);
  const differences: string[] = [];
  for (const asked of [decided, query]) {
    const apollo = withoutNothing(await pair.askApollo(asked, 'all'));
    const most = graph.areSomeListsFailing
      ? withoutNothing(await pair.askApollo(asked, 'all but of lists'))
      : undefined;
    const difference = differenceOf(apollo, answer, most) ?? differenceOf(apollo, again, most);
    if (difference === undefined) return { answer, isApolloRight: true };
    differences.push(`${difference.message}\n${JSON.stringify({ apollo, most, tributary: answer }, null, 1)}`);
  }
  const { data, errors } = withoutNothing(await pair.askApollo(decided, 'none'));
  if (errors !== undefined || !isDeepStrictEqual(data, JSON.parse(JSON.stringify(truth.data)))) {
    return { answer, isApolloRight: false };
  }
  throw new Error(differences[0]);
}

/** `most`: what Apollo gives where no list fails, when it is what is asked for together that makes lists fail. */
function differenceOf(
  apollo: FormattedExecutionResult,
  tributary: FormattedExecutionResult,
  most: FormattedExecutionResult | undefined,
): Error | undefined {
  try {
    if (most === undefined) expectEqualAnswers(apollo, tributary);
    else expectBetween(apollo, tributary, most);
    return undefined;
  } catch (error) {
    return error as Error;
  }
}

/** What an operation that is refused costs: none is planned or run, and none that its text gives away is parsed. */
import type { ApolloServerPlugin } from '@apollo/server';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { parse } from 'graphql';
import { expect, it } from 'vitest';
import { createConnectorTarget } from '../../gateway/execution/connector-target.ts';
import { createRequestContext, type RequestContext } from '../../gateway/execution/request-context.ts';
import { createTributaryEngine } from '../../gateway/execution/tributary-engine.ts';
import { createQueryPlanner } from '../../gateway/planning/apollo-query-planner.ts';
import { createAdmission } from '../../gateway/server/graphql/admit-request.ts';
import { createApolloServer } from '../../gateway/server/graphql/create-apollo-server.ts';
import { createTrustedDocuments } from '../../gateway/server/graphql/trusted-documents.ts';
import { composeParts } from '../execution/start-graph.ts';

const limits = { depth: 32, fields: 1000, tokens: 15_000 };
const sdl = 'type Query { a(numbers: [Int]): A } type A { a: A  b: Int }';

async function startCounting() {
  const counts = { parsed: 0, planned: 0, fetched: 0 };
  const supergraphSdl = composeParts({ one: { sdl } });
  const planner = createQueryPlanner(supergraphSdl);
  const schema = buildSubgraphSchema({ typeDefs: parse(sdl), resolvers: { Query: { a: () => ({}) } } });
  const target = createConnectorTarget({ name: 'one', schema });
  const gateway = createTributaryEngine({
    supergraphSdl,
    planner: {
      ...planner,
      planDocument(document, name) {
        counts.planned++;
        return planner.planDocument(document, name);
      },
    },
    targets: new Map([
      [
        'one',
        (operation, variables, context) => {
          counts.fetched++;
          return target(operation, variables, context);
        },
      ],
    ]),
  });
  const counting: ApolloServerPlugin<RequestContext> = {
    async requestDidStart() {
      return { parsingDidStart: async () => void counts.parsed++ };
    },
  };
  const server = createApolloServer({
    gateway,
    isIntrospectionOn: true,
    isCsrfPreventionOn: false,
    limits,
    onFault: () => {},
    plugins: [counting],
  });
  await server.start();
  const trusted = createTrustedDocuments({ mode: 'off', documents: new Map(), onUnknown: () => {} });
  const admit = createAdmission({ limits, trusted });
  /** The codes of the errors; none for data alone. */
  const askAll = async (query: string, variables: Record<string, unknown> = {}): Promise<unknown[]> => {
    const admission = admit({ method: 'POST', search: '', body: { query, variables } });
    if (admission.kind === 'refused') return [admission.code];
    const contextValue = createRequestContext({
      face: 'graphql',
      headers: {},
      requestId: 'test',
      signal: new AbortController().signal,
      deadlineAt: Number.POSITIVE_INFINITY,
    });
    const { body } = await server.executeOperation({ query, variables }, { contextValue });
    if (body.kind !== 'single') throw new TypeError('Expected one answer');
    return (body.singleResult.errors ?? []).map(({ extensions }) => extensions?.['code']);
  };
  const ask = async (query: string) => (await askAll(query))[0];
  return { counts, ask, askAll, stop: () => server.stop() };
}

const times = (count: number, write: (index: number) => string): string =>
  Array.from({ length: count }, (_, index) => write(index)).join(' ');
/** Each fragment spreads the next twice. */
const bomb = `{ a { ...F0 } } ${times(60, (index) => `fragment F${index} on A { ${index === 59 ? 'b' : `x: a { ...F${index + 1} } y: a { ...F${index + 1} }`} }`)}`;

it.each([
  ['10,000 aliases', `{ ${times(10_000, (index) => `x${index}: a { b }`)} }`, 'REQUEST_TOO_COMPLEX', 0],
  ['500 levels', `${'{ a '.repeat(500)}{ b }${'}'.repeat(500)}`, 'REQUEST_TOO_COMPLEX', 0],
  ['5 MB', `{ a { b } } #${'x'.repeat(5_000_000)}`, 'REQUEST_TOO_COMPLEX', 0],
  ['2,000 directives', `{ a ${'@skip(if: false) '.repeat(2000)} { b } }`, 'REQUEST_TOO_COMPLEX', 0],
  ['a list of 20,000', `{ a(numbers: [${'1 '.repeat(20_000)}]) { b } }`, 'REQUEST_TOO_COMPLEX', 0],
  ['12 KB of invalid values', `{ a(numbers: [${'"x" '.repeat(3000)}]) { b } }`, 'GRAPHQL_VALIDATION_FAILED', 1],
  ['a fragment bomb', bomb, 'REQUEST_TOO_COMPLEX', 0],
  [
    'fragments that spread each other',
    '{ a { ...F } } fragment F on A { a { ...G } } fragment G on A { a { ...F } }',
    'REQUEST_TOO_COMPLEX',
    0,
  ],
])('%s: nothing is planned or fetched', async (_name, query, code, parsed) => {
  const { counts, ask, stop } = await startCounting();
  expect(await ask(query)).toBe(code);
  expect(counts).toEqual({ parsed, planned: 0, fetched: 0 });
  // The counters count.
  expect(await ask('{ a { b } }')).toBeUndefined();
  expect(counts).toEqual({ parsed: parsed + 1, planned: 1, fetched: 1 });
  await stop();
});

it('variables that do not fit at 100,000 places are told a few times', async () => {
  const { counts, askAll, stop } = await startCounting();
  const query = 'query($numbers: [Int]) { a(numbers: $numbers) { b } }';
  const codes = await askAll(query, { numbers: Array<string>(100_000).fill('x') });
  expect(new Set(codes)).toEqual(new Set(['BAD_USER_INPUT']));
  expect(codes.length).toBeLessThan(20);
  expect(counts.fetched).toBe(0);
  await stop();
});

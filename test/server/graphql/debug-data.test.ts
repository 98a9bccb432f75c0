// Debug data through the whole gateway (experience.md, section 3): who gets it, and the plan as Apollo Sandbox reads it.
import { describe, expect, test } from 'vitest';
import { head } from '../../connectors/harness.ts';
import { startSmallGateway } from '../small-gateway.ts';

const sdl = `${head()}
  type Query {
    book(id: ID!): Book @connect(source: "a", entity: true, http: { GET: "/books/{$args.id}" }, selection: "id title")
    authors: [Author] @connect(source: "a", http: { GET: "/authors" }, selection: "id book: { id: bookId }")
  }
  type Book @key(fields: "id") { id: ID! title: String }
  type Author { id: ID! book: Book }`;

const bodies: Record<string, unknown> = {
  '/authors': [
    { id: 'a', bookId: '1' },
    { id: 'b', bookId: '2' },
  ],
  '/books/1': { id: '1', title: 'Emma' },
  '/books/2': { id: '2', title: 'Persuasion' },
};
const on = { 'apollo-connectors-debugging': 'true' };
const plan = { 'apollo-expose-query-plan': 'true' };

const start = (settings: string, env: Record<string, string> = {}) =>
  startSmallGateway({ sdl, settings, env, answer: (_request, url) => ({ body: bodies[url.pathname] }) });

const engines = ['apollo', 'tributary'] as const;
const allOn = (engine: string) =>
  `engine: ${engine}\nconnectors: { debug_extensions: true }\ndebug: { queryPlan: true }\n`;

describe.each(engines)('engine %s', (engine) => {
  test('a request that asks for its connector calls gets them, one item a call', async () => {
    const { ask } = await start(allOn(engine));
    const { data, extensions } = await ask('{ authors { book { title } } }', on);
    expect(data.authors).toEqual([{ book: { title: 'Emma' } }, { book: { title: 'Persuasion' } }]);
    const { version, data: items } = extensions.apolloConnectorsDebugging;
    expect(version).toBe('2');
    const paths = items.map(({ request }: { request: { url: string } }) => new URL(request.url).pathname);
    expect(paths[0]).toBe('/authors');
    expect(paths.slice(1).sort()).toEqual(['/books/1', '/books/2']);
    expect(items[1].response.body.selection.transformed).toContain('title');
    expect(Object.keys(extensions)).toEqual(['apolloConnectorsDebugging']);
  });

  test('a request that asks for its plan gets it, in the shape of Apollo Router', async () => {
    const { ask } = await start(allOn(engine));
    const { data, extensions } = await ask('query Named($id: ID = "1") { book(id: $id) { title } }', plan);
    expect(data.book.title).toBe('Emma');
    const serviceName = 'shop.a http: GET /books/{$args.id}';
    expect(extensions.apolloQueryPlan.object).toEqual({
      kind: 'QueryPlan',
      node: {
        kind: 'Fetch',
        serviceName,
        variableUsages: ['id'],
        operation: expect.stringMatching(/^query .*book\(id:/s),
        operationName: expect.toSatisfy((name) => name === null || typeof name === 'string'),
        operationKind: 'query',
        id: null,
        inputRewrites: null,
        outputRewrites: null,
        contextRewrites: null,
        schemaAwareHash: expect.stringMatching(/^[0-9a-f]{64}$/),
        authorization: { is_authenticated: false, scopes: [], policies: [] },
      },
    });
    expect(extensions.apolloQueryPlan.text).toBe(
      `QueryPlan {\n  Fetch(service: "${serviceName}") {\n    {\n      book(id: $id) {\n        title\n      }\n    }\n  },\n}`,
    );
  });

  test('a dry run gives the plan, calls nobody, and has neither data nor errors', async () => {
    const { ask, rest } = await start(allOn(engine));
    const answer = await ask('{ authors { id } }', { 'apollo-expose-query-plan': 'dry-run', ...on });
    expect(answer).toEqual({
      data: null,
      extensions: {
        apolloQueryPlan: expect.objectContaining({ text: expect.stringContaining('shop.a http: GET /authors') }),
        apolloConnectorsDebugging: { version: '2', data: [] },
      },
    });
    expect(rest.requests).toEqual([]);
  });

  test('what is answered without a fetch has an empty plan', async () => {
    const { ask } = await start(allOn(engine));
    const { extensions } = await ask('{ __typename }', plan);
    expect(extensions.apolloQueryPlan.object).toEqual({ kind: 'QueryPlan', node: null });
  });
});

describe('nothing is given away', () => {
  test.each([
    ['without the switches', '', {}, { ...on, ...plan }],
    ['in production, with the header alone', 'development: false\n', {}, { ...on, ...plan }],
    ['without the headers', allOn('apollo'), {}, {}],
    [
      'with another value of the headers',
      allOn('apollo'),
      {},
      {
        'apollo-connectors-debugging': '1',
        'apollo-expose-query-plan': 'yes',
      },
    ],
    [
      'where the settings say no and the environment yes',
      'connectors: { debug_extensions: false }\n',
      {
        APOLLO_CONNECTORS_DEBUGGING: 'true',
      },
      on,
    ],
  ] as const)('%s', async (_case, settings, env, headers) => {
    const { ask } = await start(settings, env);
    expect(await ask('{ authors { id } }', headers)).toEqual({ data: { authors: [{ id: 'a' }, { id: 'b' }] } });
  });
});

test.each([
  ['APOLLO_CONNECTORS_DEBUGGING', on, 'apolloConnectorsDebugging'],
  ['APOLLO_EXPOSE_QUERY_PLAN', plan, 'apolloQueryPlan'],
] as const)('%s=true turns the switch on', async (variable, headers, name) => {
  const { ask } = await start('', { [variable]: 'true' });
  expect(Object.keys((await ask('{ authors { id } }', { ...on, ...plan, ...headers })).extensions)).toEqual([name]);
});

test('development turns both switches on', async () => {
  const { ask } = await start('development: true\n');
  const { extensions } = await ask('{ authors { id } }', { ...on, ...plan });
  expect(Object.keys(extensions)).toEqual(['apolloQueryPlan', 'apolloConnectorsDebugging']);
});

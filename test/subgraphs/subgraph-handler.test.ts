/** gateway/subgraph.ts: GraphQL over HTTP for subgraphs written in code, without a web framework. */
import { GraphQLError } from 'graphql';
import { createSubgraphHandler } from 'tributary-gateway/subgraph';
import { UpstreamError } from 'tributary-gateway/upstream';
import { describe, expect, test } from 'vitest';

const typeDefs = `
  extend schema @link(url: "https://specs.apollo.dev/federation/v2.13", import: ["@key"])
  type Query { greet(name: String!): String, fail(how: String!): String, must: String! }
  type Thing @key(fields: "id") { id: ID!, size: Int }
`;

const failures: Record<string, () => Error> = {
  secret: () => new Error('password is hunter2'),
  input: () =>
    new GraphQLError('No such name', { extensions: { code: 'BAD_USER_INPUT', errors: [{ pointer: '/how' }] } }),
  plain: () => new GraphQLError('Sorry'),
  upstream: () =>
    new UpstreamError('CIRCUIT_OPEN', { service: 'stock', retryable: true, dispatched: false, retryAfterMs: 500 }),
};

function makeHandler(options: { maxTokens?: number; keptDocuments?: number } = {}) {
  const faults: unknown[] = [];
  const handler = createSubgraphHandler<{ greeting: string }>({
    typeDefs,
    resolvers: {
      Query: {
        greet: (_root: unknown, { name }: { name: string }, { greeting }: { greeting: string }) =>
          `${greeting} ${name}`,
        fail: (_root: unknown, { how }: { how: string }) => {
          throw failures[how]!();
        },
        must: () => null,
      },
      Thing: {
        __resolveReference: async ({ id }: { id: string }) => (id === 'none' ? null : { id, size: id.length }),
      },
    },
    onError: (error) => faults.push(error),
    ...options,
  });
  return { handler, faults, ask: (body: unknown) => handler.handle(body, { greeting: 'Hello' }) };
}

const fail = (how: string) => ({ query: 'query($how: String!) { fail(how: $how) }', variables: { how } });

describe('createSubgraphHandler', () => {
  test('answers a query with its variables and the context', async () => {
    const { ask } = makeHandler();
    const answer = await ask({ query: 'query G($n: String!) { greet(name: $n) }', variables: { n: 'Anna' } });
    expect(answer).toEqual({ status: 200, body: { data: { greet: 'Hello Anna' } } });
  });

  test('picks the operation that is named', async () => {
    const query = 'query A { a: greet(name: "A") } query B { b: greet(name: "B") }';
    const { ask } = makeHandler();
    expect((await ask({ query, operationName: 'B' })).body).toEqual({ data: { b: 'Hello B' } });
    const { body } = await ask({ query, operationName: 'C' });
    expect(body.errors![0]!.extensions['code']).toBe('BAD_USER_INPUT');
  });

  test('resolves entities and gives its schema to whoever composes', async () => {
    const { ask } = makeHandler();
    const representations = ['ab', 'none', 'abcd'].map((id) => ({ __typename: 'Thing', id }));
    const query =
      'query($r: [_Any!]!) { _entities(representations: $r) { ... on Thing { id size } } _service { sdl } }';
    const { body } = await ask({ query, variables: { r: representations } });
    expect(body.data!['_entities']).toEqual([{ id: 'ab', size: 2 }, null, { id: 'abcd', size: 4 }]);
    expect((body.data!['_service'] as { sdl: string }).sdl).toContain('@key(fields: "id")');
  });

  test.each([
    ['null', null],
    ['a list', []],
    ['no query', {}],
    ['a query that is no text', { query: 1 }],
    ['variables that are a list', { query: '{ must }', variables: [] }],
    ['an operation name that is no text', { query: '{ must }', operationName: 1 }],
  ])('answers 400 to %s', async (_name, body) => {
    const answer = await makeHandler().ask(body);
    expect([answer.status, answer.body.errors![0]!.extensions['code']]).toEqual([400, 'BAD_REQUEST']);
  });

  test.each([
    ['GRAPHQL_PARSE_FAILED', { query: '{ greet(' }],
    ['GRAPHQL_VALIDATION_FAILED', { query: '{ unknown }' }],
    ['BAD_USER_INPUT', { query: 'query($n: String!) { greet(name: $n) }', variables: { n: 1 } }],
  ])('says %s for %j', async (code, body) => {
    const answer = await makeHandler().ask(body);
    expect(answer.body.errors![0]!.extensions['code']).toBe(code);
    expect(answer.body.data).toBeUndefined();
  });

  test('refuses a query of too many words before it is read', async () => {
    const { ask } = makeHandler({ maxTokens: 10 });
    const { body } = await ask({ query: `{ ${'must '.repeat(20)} }` });
    expect(body.errors![0]!.extensions['code']).toBe('GRAPHQL_PARSE_FAILED');
  });

  test('hides a fault of its own from the client and gives it to the operator', async () => {
    const { ask, faults } = makeHandler();
    const { body } = await ask(fail('secret'));
    const text = JSON.stringify(body);
    expect(text).not.toMatch(/hunter2|\.ts|stack/);
    expect(body.errors![0]!.toJSON()).toMatchObject({ path: ['fail'], extensions: { code: 'INTERNAL_SERVER_ERROR' } });
    expect(faults).toEqual([expect.objectContaining({ message: 'password is hunter2' })]);
  });

  test('keeps an error that was meant for the client, with its code', async () => {
    const { ask, faults } = makeHandler();
    const [input, plain] = [await ask(fail('input')), await ask(fail('plain'))];
    expect(input.body.errors![0]!.toJSON()).toMatchObject({
      message: 'No such name',
      extensions: { code: 'BAD_USER_INPUT', errors: [{ pointer: '/how' }] },
    });
    expect(plain.body.errors![0]!.extensions['code']).toBe('INTERNAL_SERVER_ERROR');
    expect(faults).toEqual([]);
  });

  test('says which service a failed call was for, and nothing that only the process may know', async () => {
    const { body } = await makeHandler().ask(fail('upstream'));
    expect(body.errors![0]!.extensions).toEqual({
      code: 'CIRCUIT_OPEN',
      service: 'stock',
      retryable: true,
      retryAfterMs: 500,
    });
  });

  test('gives data and errors side by side', async () => {
    const { body } = await makeHandler().ask({ query: '{ greet(name: "A") fail(how: "plain") }' });
    expect(body.data).toEqual({ greet: 'Hello A', fail: null });
  });

  test('keeps answering rightly when more queries come than it keeps', async () => {
    const { ask } = makeHandler({ keptDocuments: 2 });
    for (const name of ['A', 'B', 'C', 'A', 'B', 'C']) {
      expect((await ask({ query: `{ greet(name: "${name}") }` })).body).toEqual({ data: { greet: `Hello ${name}` } });
    }
  });

  test('refuses SDL that is no subgraph', () => {
    expect(() => createSubgraphHandler({ typeDefs: 'type Query { a: Unknown }', resolvers: {} })).toThrow(/Unknown/);
  });
});

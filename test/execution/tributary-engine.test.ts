/** What the engine does beyond giving Apollo's answers (differential.test.ts): what it sends, when, and where errors lead. */
import type { ApolloServer } from '@apollo/server';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { GraphQLError, parse } from 'graphql';
import { describe, expect, it } from 'vitest';
import { createConnectorTarget } from '../../gateway/execution/connector-target.ts';
import type { FetchTarget } from '../../gateway/execution/fetch-target.ts';
import { createRequestContext, type RequestContext } from '../../gateway/execution/request-context.ts';
import { createTributaryEngine } from '../../gateway/execution/tributary-engine.ts';
import { createApolloServer } from '../../gateway/server/graphql/create-apollo-server.ts';
import { composeSupergraph } from '../../gateway/supergraph/compose-supergraph.ts';

interface Sent {
  readonly subgraph: string;
  readonly variables: Readonly<Record<string, unknown>>;
}

interface TestGraph {
  readonly sent: Sent[];
  readonly server: ApolloServer<RequestContext>;
  ask(query: string, variables?: Record<string, unknown>): Promise<{ data: any; errors: any[] | undefined }>;
}

interface TestSubgraph {
  readonly sdl: string;
  readonly resolvers: object;
  /** Around the subgraph, for example to hold it. */
  readonly wrap?: (target: FetchTarget) => FetchTarget;
}

const link =
  'extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: ["@key", "@requires", "@external", "@shareable"])';

async function startGraph(subgraphs: Record<string, TestSubgraph>): Promise<TestGraph> {
  const sent: Sent[] = [];
  const parts = Object.entries(subgraphs).map(([name, { sdl, resolvers, wrap = (target: FetchTarget) => target }]) => {
    const typeDefs = parse(`${link}\n${sdl}`);
    const schema = buildSubgraphSchema({ typeDefs, resolvers: resolvers as never });
    const target = wrap(createConnectorTarget({ name, schema }));
    const counted: FetchTarget = (operation, variables, context) => {
      sent.push({ subgraph: name, variables });
      return target(operation, variables, context);
    };
    return { name, typeDefs, target: counted };
  });
  const { sdl: supergraphSdl } = composeSupergraph(
    parts.map(({ name, typeDefs }) => ({ name, typeDefs, url: `http://${name}.test` })),
    new Map(),
  );
  const server = createApolloServer({
    gateway: createTributaryEngine({ supergraphSdl, targets: new Map(parts.map((part) => [part.name, part.target])) }),
    isIntrospectionOn: true,
    isCsrfPreventionOn: false,
    limits: { depth: 100, fields: 1000, tokens: 10_000 },
    onFault: () => {},
  });
  await server.start();
  return {
    sent,
    server,
    async ask(query, variables = {}) {
      const context = { face: 'rest', headers: {}, requestId: 'test', deadlineAt: Number.POSITIVE_INFINITY } as const;
      const contextValue = createRequestContext({ ...context, signal: new AbortController().signal });
      const { body } = await server.executeOperation({ query, variables }, { contextValue });
      if (body.kind !== 'single') throw new TypeError('Expected one answer');
      return JSON.parse(JSON.stringify(body.singleResult)) as never;
    },
  };
}

const shop = (): Record<string, TestSubgraph> => ({
  books: {
    sdl: `type Query { books: [Book!]! echo(text: String): String }
      type Book @key(fields: "id") { id: ID! title: String authors: [Author!]! }
      type Author @key(fields: "id") { id: ID! }`,
    resolvers: {
      Query: {
        books: () => ['a', 'b', 'c'].map((id) => ({ id, title: `Book ${id}`, authors: [{ id: '1' }, { id: '2' }] })),
        echo: (_: unknown, { text }: { text: string | null }) => text,
      },
    },
  },
  authors: {
    sdl: 'type Author @key(fields: "id") { id: ID! name: String! nickname: String }',
    resolvers: {
      Author: {
        __resolveReference: async ({ id }: { id: string }) => ({ id, name: `Author ${id}` }),
        nickname: ({ id }: { id: string }) => {
          if (id === '1') return 'One';
          throw new GraphQLError('No nickname', { extensions: { code: 'NO_NICKNAME', service: 'authors' } });
        },
      },
    },
  },
});

describe('entity fetches', () => {
  it('send equal representations once and place what comes back everywhere', async () => {
    const graph = await startGraph(shop());
    const { data, errors } = await graph.ask('{ books { authors { name } } }');
    expect(errors).toBeUndefined();
    const authors = [{ name: 'Author 1' }, { name: 'Author 2' }];
    expect(data.books).toEqual([{ authors }, { authors }, { authors }]);
    expect(graph.sent.map(({ subgraph }) => subgraph)).toEqual(['books', 'authors']);
    expect(graph.sent[1]!.variables['representations']).toHaveLength(2);
  });

  it('ask once for the same fields of the same entity, wherever they stand', async () => {
    const graph = await startGraph(shop());
    const query = '{ x: books { authors { name nickname } } y: books { title authors { name nickname } } }';
    const { data, errors } = await graph.ask(query);
    expect(data.y[2].authors).toEqual(data.x[0].authors);
    expect(graph.sent.map(({ subgraph }) => subgraph)).toEqual(['books', 'authors']);
    expect(new Set(errors!.map(({ path }) => path[0]))).toEqual(new Set(['x', 'y']));
    expect(errors).toHaveLength(6);
  });

  it('give an error of one entity at each place where it stands', async () => {
    const graph = await startGraph(shop());
    const { data, errors } = await graph.ask('{ books { authors { nickname } } }');
    expect(data.books[0].authors).toEqual([{ nickname: 'One' }, { nickname: null }]);
    expect(errors!.map(({ path }) => path)).toEqual(
      [0, 1, 2].map((index) => ['books', index, 'authors', 1, 'nickname']),
    );
    expect(errors![0].extensions).toMatchObject({ code: 'NO_NICKNAME', service: 'authors' });
  });
});

describe('fetches start when what they need is there', () => {
  const held = () => {
    let release = (): void => {};
    const gate = new Promise<void>((resolve) => (release = resolve));
    return { gate, release };
  };

  it('one slow fetch does not hold those that read nothing of it', async () => {
    const { gate, release } = held();
    const second = held();
    const item = { id: '1' };
    const reference = { __resolveReference: (thing: object) => thing };
    const graph = await startGraph({
      first: {
        sdl: `type Query { fast: ItemA slow: ItemB } type ItemA @key(fields: "id") { id: ID! } type ItemB @key(fields: "id") { id: ID! }`,
        resolvers: { Query: { fast: () => item, slow: () => item } },
      },
      // B is held until the fetch after A has been sent.
      b: {
        sdl: 'type ItemB @key(fields: "id") { id: ID! key: ID }',
        resolvers: { ItemB: { ...reference, key: () => gate.then(() => 'k') } },
      },
      a: {
        sdl: 'type ItemA @key(fields: "id") { id: ID! inner: Inner } type Inner @key(fields: "code") { code: ID! }',
        resolvers: { ItemA: { ...reference, inner: () => ({ code: 'x' }) } },
      },
      inner: {
        sdl: 'type Inner @key(fields: "code") { code: ID! text: String }',
        resolvers: {
          Inner: {
            ...reference,
            text: () => {
              second.release();
              return 'deep';
            },
          },
        },
      },
    });
    const answer = graph.ask('{ fast { inner { text } } slow { key } }');
    // Were fetches made by levels, the innermost would wait for B, and B waits for this.
    await second.gate;
    release();
    const { data, errors } = await answer;
    expect(errors).toBeUndefined();
    expect(data).toEqual({ fast: { inner: { text: 'deep' } }, slow: { key: 'k' } });
  });
});

describe('the answer', () => {
  it('a null that must not be is an error at its place, and the nearest nullable place is null', async () => {
    const parts = shop();
    const resolvers = {
      Author: { __resolveReference: async ({ id }: { id: string }) => (id === '1' ? { id } : null) },
    };
    const graph = await startGraph({ ...parts, authors: { ...parts['authors']!, resolvers } });
    const { data, errors } = await graph.ask('{ books { authors { name } } }');
    expect(data).toBeNull();
    expect(errors!.length).toBeGreaterThan(0);
  });

  it('names of inherited members are names like any other', async () => {
    const graph = await startGraph(shop());
    const { data, errors } = await graph.ask(
      '{ constructor: books { __proto__: title toString: authors { valueOf: name } hasOwnProperty: id } }',
    );
    expect(errors).toBeUndefined();
    const [book] = data.constructor;
    expect(Object.entries(book)).toEqual([
      ['__proto__', 'Book a'],
      ['toString', [{ valueOf: 'Author 1' }, { valueOf: 'Author 2' }]],
      ['hasOwnProperty', 'a'],
    ]);
  });

  it('introspection stands beside data', async () => {
    const graph = await startGraph(shop());
    const { data } = await graph.ask(
      'query ($type: String!) { books { id } type: __type(name: $type) { ...Name } __schema { queryType { name } } __typename } fragment Name on __Type { name }',
      { type: 'Book' },
    );
    expect(data).toEqual({
      books: [{ id: 'a' }, { id: 'b' }, { id: 'c' }],
      type: { name: 'Book' },
      __schema: { queryType: { name: 'Query' } },
      __typename: 'Query',
    });
    expect(Object.keys(data)).toEqual(['books', 'type', '__schema', '__typename']);
  });

  it('each combination of conditions has its own answer, and nothing skipped is fetched', async () => {
    const graph = await startGraph(shop());
    const query = 'query ($names: Boolean = false) { books { id authors @include(if: $names) { name } } }';
    const without = await graph.ask(query);
    expect(Object.keys(without.data.books[0])).toEqual(['id']);
    const withNames = await graph.ask(query, { names: true });
    expect(withNames.data.books[0].authors[1]).toEqual({ name: 'Author 2' });
    expect((await graph.ask(query, { names: false })).data).toEqual(without.data);
    expect(graph.sent.map(({ subgraph }) => subgraph)).toEqual(['books', 'books', 'authors', 'books']);
  });

  it('a variable that does not fit is refused before anything is fetched', async () => {
    const graph = await startGraph(shop());
    const { errors } = await graph.ask('query ($text: String) { echo(text: $text) }', { text: { a: 1 } });
    expect(errors![0].extensions.code).toBe('BAD_USER_INPUT');
    expect(graph.sent).toEqual([]);
  });

  it('several operations of one text are kept apart', async () => {
    const graph = await startGraph(shop());
    const query = 'query One { echo(text: "one") } query Two { echo(text: "two") }';
    const ask = async (operationName: string) => {
      const contextValue = createRequestContext({
        face: 'rest',
        headers: {},
        requestId: 'test',
        deadlineAt: Number.POSITIVE_INFINITY,
        signal: new AbortController().signal,
      });
      const { body } = await graph.server.executeOperation({ query, operationName }, { contextValue });
      return body.kind === 'single' ? body.singleResult.data : undefined;
    };
    expect([await ask('One'), await ask('Two')]).toEqual([{ echo: 'one' }, { echo: 'two' }]);
  });
});

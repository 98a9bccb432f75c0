/** What the engine does beyond giving Apollo's answers (differential.test.ts): what it sends, when, and where errors lead. */
import type { ApolloServer } from '@apollo/server';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { GraphQLError, parse } from 'graphql';
import { describe, expect, it } from 'vitest';
import { createConnectorTarget } from '../../gateway/execution/connector-target.ts';
import type { FetchTarget, SubgraphAnswer } from '../../gateway/execution/fetch-target.ts';
import { createRequestContext, type RequestContext } from '../../gateway/execution/request-context.ts';
import { createTributaryEngine } from '../../gateway/execution/tributary-engine.ts';
import { createApolloServer } from '../../gateway/server/graphql/create-apollo-server.ts';
import { composeSupergraph } from '../../gateway/supergraph/compose-supergraph.ts';

interface Sent {
  readonly subgraph: string;
  readonly text: string;
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
  /** Reached as a subgraph over HTTP is. */
  readonly isOverNetwork?: boolean;
}

const link =
  'extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: ["@key", "@requires", "@external", "@shareable"])';

async function startGraph(subgraphs: Record<string, TestSubgraph>): Promise<TestGraph> {
  const sent: Sent[] = [];
  const parts = Object.entries(subgraphs).map(([name, subgraph]) => {
    const { sdl, resolvers, wrap = (target: FetchTarget) => target, isOverNetwork = false } = subgraph;
    const typeDefs = parse(`${link}\n${sdl}`);
    const schema = buildSubgraphSchema({ typeDefs, resolvers: resolvers as never });
    const target = wrap(createConnectorTarget({ name, schema }));
    const counted: FetchTarget = (operation, variables, context) => {
      sent.push({ subgraph: name, text: operation.text, variables });
      return target(operation, variables, context);
    };
    const sendText: FetchTarget['sendText'] = (operation, variables, context) =>
      counted(operation, JSON.parse(variables) as Record<string, unknown>, context);
    return { name, typeDefs, target: isOverNetwork ? Object.assign(counted, { sendText }) : counted };
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

describe('entity fetches over a network', () => {
  const reference = { __resolveReference: (thing: object) => thing };
  /** Two types of one subgraph, so that their fetches are ready together, and a third that one of its fields needs. */
  const far = (
    label: (id: string) => string | null | Error = (id) => `label of ${id}`,
  ): Record<string, TestSubgraph> => ({
    near: {
      sdl: `type Query { as: [A!]! moreAs: [A!]! b: B }
        type A @key(fields: "id") { id: ID! } type B @key(fields: "id") { id: ID! }`,
      resolvers: {
        Query: {
          as: () => ['1', '2'].map((id) => ({ id })),
          moreAs: () => ['2', '3'].map((id) => ({ id })),
          b: () => ({ id: '9' }),
        },
      },
    },
    weights: {
      sdl: 'type A @key(fields: "id") { id: ID! weight: Int }',
      resolvers: { A: { ...reference, weight: ({ id }: { id: string }) => Number(id) } },
    },
    far: {
      sdl: `type A @key(fields: "id") { id: ID! label(by: Int): String weight: Int @external price: Int @requires(fields: "weight") }
        type B @key(fields: "id") { id: ID! text: String }`,
      resolvers: {
        A: {
          ...reference,
          label: ({ id }: { id: string }) => label(id),
          price: ({ weight }: { weight: number }) => weight * 100,
        },
        B: { ...reference, text: ({ id }: { id: string }) => `text of ${id}` },
      },
      isOverNetwork: true,
    },
  });
  const sentTo = ({ sent }: TestGraph, name: string) => sent.filter(({ subgraph }) => subgraph === name);

  it('that are ready together leave as one request', async () => {
    const graph = await startGraph(far());
    const query = `query ($by: Int) { as { ...Labelled } moreAs { ...Labelled } b { ...Text } }
      fragment Labelled on A { label(by: $by) } fragment Text on B { text }`;
    const { data, errors } = await graph.ask(query, { by: 3 });
    expect(errors).toBeUndefined();
    expect(data).toEqual({
      as: [{ label: 'label of 1' }, { label: 'label of 2' }],
      moreAs: [{ label: 'label of 2' }, { label: 'label of 3' }],
      b: { text: 'text of 9' },
    });
    const [request, ...others] = sentTo(graph, 'far');
    expect(others).toEqual([]);
    expect(request!.variables).toMatchObject({ by: 3 });
    const lists = Object.values(request!.variables).filter((value) => Array.isArray(value));
    expect(lists.map((list) => list.map(({ id }: { id: string }) => id))).toEqual([['1', '2', '3'], ['9']]);
  });

  it('that nothing waits for leave with a later one for the same subgraph', async () => {
    const graph = await startGraph(far());
    const { data, errors } = await graph.ask('{ as { label price } }');
    expect(errors).toBeUndefined();
    expect(data.as[1]).toEqual({ label: 'label of 2', price: 200 });
    expect(sentTo(graph, 'far')).toHaveLength(1);
  });

  it('each get their own errors', async () => {
    const graph = await startGraph(
      far((id) => new GraphQLError(`no ${id}`, { extensions: { code: 'NONE', service: 'far' } })),
    );
    const { data, errors } = await graph.ask('{ as { label } moreAs { label } b { text } }');
    expect(data).toEqual({
      as: [{ label: null }, { label: null }],
      moreAs: [{ label: null }, { label: null }],
      b: { text: 'text of 9' },
    });
    expect(errors!.map(({ message, path }) => `${message} ${path.join('.')}`).sort()).toEqual([
      'no 1 as.0.label',
      'no 2 as.1.label',
      'no 2 moreAs.0.label',
      'no 3 moreAs.1.label',
    ]);
    expect(sentTo(graph, 'far')).toHaveLength(1);
  });

  it('are asked again, each alone, when one of them makes all of them fail', async () => {
    const parts = far();
    const failing = {
      A: {
        __resolveReference: () => {
          throw new GraphQLError('no A', { extensions: { code: 'NONE', service: 'far' } });
        },
      },
      B: { ...reference, text: () => 'there' },
    };
    const graph = await startGraph({ ...parts, far: { ...parts['far']!, resolvers: failing } });
    const { data, errors } = await graph.ask('{ as { label } b { text } }');
    expect(data).toEqual({ as: [{ label: null }, { label: null }], b: { text: 'there' } });
    expect(errors!.length).toBeGreaterThan(0);
    expect(errors!.every(({ path }) => path[0] === 'as')).toBe(true);
    expect(sentTo(graph, 'far')).toHaveLength(3);
  });

  it('send a field that is required with arguments under its own name', async () => {
    const grams = ({ id }: { id: string }, { unit }: { unit: string }) => Number(id) * (unit === 'g' ? 1000 : 1);
    const graph = await startGraph({
      near: {
        sdl: 'type Query { as: [A!]! } type A @key(fields: "id") { id: ID! weight(unit: String): Int }',
        resolvers: { Query: { as: () => [{ id: '1' }, { id: '2' }] }, A: { weight: grams } },
      },
      far: {
        sdl: `type A @key(fields: "id") {
          id: ID! weight(unit: String): Int @external price: Int @requires(fields: "weight(unit: \\"g\\")") }`,
        resolvers: { A: { ...reference, price: ({ weight }: { weight: number }) => weight * 2 } },
        isOverNetwork: true,
      },
    });
    const { data, errors } = await graph.ask('{ as { weight(unit: "kg") price } }');
    expect(errors).toBeUndefined();
    expect(data.as).toEqual([
      { weight: 1, price: 2000 },
      { weight: 2, price: 4000 },
    ]);
  });

  it.each([
    ['alone', false],
    ['in one request with others', true],
  ])('of another type are refused by themselves, asked for %s', async (_name, isOverNetwork) => {
    const otherType =
      (target: FetchTarget): FetchTarget =>
      async (operation, variables, context) => {
        const answer = await target(operation, variables, context);
        const [first, ...others] = answer.data!['_entities'] as object[];
        const typed = [{ ...first, __typename: 'B' }, ...others.map((entity) => ({ ...entity, __typename: 'A' }))];
        return { data: { _entities: typed }, errors: [{ message: 'of B', path: ['_entities', 0, 'label'] }] };
      };
    const parts = far();
    const graph = await startGraph({ ...parts, far: { ...parts['far']!, wrap: otherType, isOverNetwork } });
    const { data, errors } = await graph.ask('{ as { label } }');
    const label = (data.as as { label: string | null }[]).map((entity) => entity.label);
    expect([label[0], label.slice(1).includes(null)]).toEqual([null, false]);
    const extensions = { code: 'UPSTREAM_INVALID_RESPONSE', service: 'far' };
    expect(errors).toMatchObject([{ path: ['as', 0], extensions }]);
    expect(errors).toHaveLength(1);
  });

  it('are not asked again when no answer came', async () => {
    const parts = far();
    const unreached: FetchTarget = async () => ({
      data: null,
      errors: ['_entities0', '_entities1'].map((alias) => ({
        message: 'away',
        path: [alias, 0, alias === '_entities0' ? 'label' : 'text'],
        extensions: { code: 'UPSTREAM_UNREACHABLE', service: 'far' },
      })),
      isUnreached: true,
    });
    const graph = await startGraph({ ...parts, far: { ...parts['far']!, wrap: () => unreached } });
    const { data, errors } = await graph.ask('{ as { label } b { text } }');
    expect(data).toEqual({ as: [{ label: null }, { label: null }], b: { text: null } });
    expect(errors!.map(({ path }) => path)).toEqual([
      ['as', 0, 'label'],
      ['b', 'text'],
    ]);
    expect(sentTo(graph, 'far')).toHaveLength(1);
  });
});

describe('an entity at two places, when the list of the first fails', () => {
  const labels = (__resolveReference: (thing: { id: string }) => object, isOverNetwork: boolean) => ({
    near: {
      sdl: 'type Query { as: [A!]! moreAs: [A!]! } type A @key(fields: "id") { id: ID! }',
      resolvers: {
        Query: { as: () => [{ id: '1' }, { id: '2' }], moreAs: () => [{ id: '2' }, { id: '3' }] },
      },
    },
    far: {
      sdl: 'type A @key(fields: "id") { id: ID! label: String }',
      resolvers: { A: { __resolveReference, label: ({ id }: { id: string }) => `label of ${id}` } },
      isOverNetwork,
    },
  });
  const refuse = (): never => {
    throw new GraphQLError('no list', { extensions: { code: 'NONE', service: 'far' } });
  };
  const askedIds = ({ sent }: TestGraph) =>
    sent
      .filter(({ subgraph }) => subgraph === 'far')
      .map(({ variables }) => (variables['representations'] as { id: string }[]).map(({ id }) => id).join(' '));
  const places = [
    ['in process', false],
    ['over a network', true],
  ] as const;

  it.each(places)('is asked for again by the second, %s', async (_name, isOverNetwork) => {
    const graph = await startGraph(labels((thing) => (thing.id === '1' ? refuse() : thing), isOverNetwork));
    const { data, errors } = await graph.ask('{ as { label } moreAs { label } }');
    expect(data).toEqual({
      as: [{ label: null }, { label: null }],
      moreAs: [{ label: 'label of 2' }, { label: 'label of 3' }],
    });
    expect(errors!.map(({ path }) => path[0])).toEqual(['as']);
    const alone = ['1 2', '3', '2'];
    expect(askedIds(graph)).toEqual(isOverNetwork ? ['1 2 3', ...alone] : alone);
  });

  it.each(places)('is asked for once more at most, and the error stands at both, %s', async (_name, isOverNetwork) => {
    const graph = await startGraph(labels(refuse, isOverNetwork));
    const { data, errors } = await graph.ask('{ as { label } again: as { label } }');
    const none = [{ label: null }, { label: null }];
    expect(data).toEqual({ as: none, again: none });
    expect(errors!.map(({ path }) => path[0])).toEqual(['as', 'again']);
    expect(askedIds(graph)).toEqual(['1 2', '1 2']);
  });

  it('is asked for by as many as want it, none of whom waits for another', async () => {
    let lists = 0;
    const graph = await startGraph(labels((thing) => (thing.id === '1' && lists++ === 0 ? refuse() : thing), false));
    const { data, errors } = await graph.ask('{ as { label } again: as { label } more: as { label } }');
    const all = [{ label: 'label of 1' }, { label: 'label of 2' }];
    expect(data).toEqual({ as: [{ label: null }, { label: null }], again: all, more: all });
    expect(errors).toHaveLength(1);
    expect(askedIds(graph)).toEqual(['1 2', '1 2', '1 2']);
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

  it('a fetch of which conditions leave only the name of a type is not sent', async () => {
    const graph = await startGraph(shop());
    const query = 'query ($a: Boolean!) { books { authors { __typename name @include(if: $a) } } }';
    const { data } = await graph.ask(query, { a: false });
    expect(data.books[0].authors[0]).toEqual({ __typename: 'Author' });
    expect(graph.sent.map(({ subgraph }) => subgraph)).toEqual(['books']);
    const empty = 'query ($a: Boolean!) { books { authors { name @include(if: $a) } } }';
    expect((await graph.ask(empty, { a: false })).data.books[0].authors).toEqual([{}, {}]);
    expect(graph.sent.map(({ subgraph }) => subgraph)).toEqual(['books', 'books']);
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

describe('answers that come again', () => {
  const shared =
    (known: Map<string, SubgraphAnswer>) =>
    (target: FetchTarget) =>
    async (...asked: Parameters<FetchTarget>) => {
      const text = JSON.stringify(await target(...asked));
      if (!known.has(text)) known.set(text, { ...(JSON.parse(text) as SubgraphAnswer), isShared: true });
      return known.get(text)!;
    };

  it('give the answer that was made of them before, until one of them changes', async () => {
    const known = new Map<string, SubgraphAnswer>();
    const subgraphs = shop();
    let name = 'Ann';
    const resolvers = { Author: { __resolveReference: async ({ id }: { id: string }) => ({ id, name }) } };
    const graph = await startGraph({
      books: { ...subgraphs['books']!, wrap: shared(known) },
      authors: { ...subgraphs['authors']!, resolvers, wrap: shared(known) },
    });
    const query = '{ books { title authors { name } } }';
    const first = await graph.ask(query);
    expect(await graph.ask(query)).toEqual(first);
    expect(first.data.books[2]).toEqual({ title: 'Book c', authors: [{ name: 'Ann' }, { name: 'Ann' }] });
    name = 'Ben';
    for (const _ of [1, 2]) {
      expect((await graph.ask(query)).data.books[0].authors).toEqual([{ name: 'Ben' }, { name: 'Ben' }]);
    }
    name = 'Ann';
    expect(await graph.ask(query)).toEqual(first);
    // Each fetch is made each time
    expect(graph.sent).toHaveLength(10);
  });

  it('are not kept with their errors, which are told each time', async () => {
    const known = new Map<string, SubgraphAnswer>();
    const subgraphs = shop();
    const graph = await startGraph({
      books: { ...subgraphs['books']!, wrap: shared(known) },
      authors: { ...subgraphs['authors']!, wrap: shared(known) },
    });
    const query = '{ books { authors { nickname } } }';
    const answers = [await graph.ask(query), await graph.ask(query), await graph.ask(query)];
    expect(answers[0]!.errors).toHaveLength(3);
    expect(answers[1]).toEqual(answers[0]);
    expect(answers[2]).toEqual(answers[0]);
  });

  it('say nothing of introspection beside them, which follows variables', async () => {
    const graph = await startGraph({ books: { ...shop()['books']!, wrap: shared(new Map()) } });
    const query = 'query($name: String!) { books { id } found: __type(name: $name) { name } }';
    for (const name of ['Book', 'Author', 'Book']) {
      expect((await graph.ask(query, { name })).data.found).toEqual({ name });
    }
  });
});

// Entities: single, batch, implicit; null keys, circular relations, what a mapping left out (connectors.md 3.6, 3.7, 11).
import { afterEach, describe, expect, test } from 'vitest';
import { head, loadSubgraph, RestServer, type Answer } from '../harness.ts';

let server: RestServer;
afterEach(() => server.stop());

const serve = async (answer: (path: string, query: URLSearchParams) => Answer): Promise<string> => {
  server = await RestServer.start((_request, url) => answer(url.pathname, url.searchParams));
  return server.origin;
};

const entities = (fields: string) =>
  `query ($refs: [_Any!]!) { _entities(representations: $refs) { ... on Book { ${fields} } } }`;
const books = (...ids: unknown[]) => ({ refs: ids.map((id) => ({ __typename: 'Book', id })) });

describe('relations that go round', () => {
  const sdl = `${head('0.2')}
    type Query {
      users: [User] @connect(source: "a", http: { GET: "/users" }, selection: "id managerId")
      user(id: ID!): User @connect(source: "a", http: { GET: "/users/{$args.id}" }, entity: true,
        selection: "id name managerId manager: { id: managerId }")
    }
    type User @key(fields: "id") {
      id: ID! name: String managerId: ID manager: User
      friends: [User] @connect(source: "a", http: { GET: "/users/{$this.id}/friends" }, selection: "id")
    }`;
  const managers: Record<string, string> = { '1': '2', '2': '1', '3': '2' };
  const user = (id: string) => ({ id, name: `user ${id}`, managerId: managers[id] });

  test('need six requests for users, managers, friends and their managers', async () => {
    const origin = await serve((path) => {
      const [, , id, friends] = path.split('/');
      if (id === undefined) return { body: Object.keys(managers).map(user) };
      if (friends === undefined) return { body: user(id) };
      return {
        body: Object.keys(managers)
          .filter((other) => other !== id)
          .map((other) => ({ id: other })),
      };
    });
    const shop = loadSubgraph(sdl, origin);
    const { data, errors } = await shop.query(
      '{ users { id name manager { id name manager { name friends { name manager { name } } } } } }',
    );
    expect(errors).toBeUndefined();
    expect(data?.['users']).toMatchObject([
      { id: '1', name: 'user 1', manager: { id: '2', manager: { name: 'user 1', friends: [{ name: 'user 2' }, {}] } } },
      {},
      { id: '3', manager: { id: '2', manager: { name: 'user 1' } } },
    ]);
    expect(server.takeCalls()).toEqual([
      ...['GET /users', 'GET /users/1', 'GET /users/1/friends', 'GET /users/2', 'GET /users/2/friends', 'GET /users/3'],
    ]);
  });
});

describe('a batch connector', () => {
  const sdl = `${head()}
    type Book @key(fields: "id") @connect(source: "a", batch: { maxSize: 2 },
      http: { GET: "/books", queryParams: "ids: $batch.id->joinNotNull(',')" },
      selection: "$.items { id title year }") { id: ID! title: String year: Int }`;
  const items = (ids: string[]) => ids.map((id) => ({ id, title: `T${id}`, year: 1900 }));

  test('asks once for all keys of a tick, in chunks of maxSize, and finds items by key', async () => {
    const origin = await serve((_path, query) => ({
      body: { items: [{ id: 'extra' }, ...items(query.get('ids')!.split(',')).toReversed()] },
    }));
    const { data } = await loadSubgraph(sdl, origin).query(entities('title year'), {
      variables: books('1', '2', '3', '1'),
    });
    expect(data?.['_entities']).toMatchObject([{ title: 'T1' }, { title: 'T2' }, { title: 'T3' }, { title: 'T1' }]);
    expect(server.takeCalls()).toEqual(['GET /books?ids=1%2C2', 'GET /books?ids=3']);
  });

  test('gives null for a missing item and for one of another type, the last of duplicates, without an error', async () => {
    const origin = await serve(() => ({ body: { items: [...items(['1', '1']), { id: 2, title: 'number' }] } }));
    const result = await loadSubgraph(sdl, origin).query(entities('title'), { variables: books('1', '2') });
    expect(result).toEqual({ data: { _entities: [{ title: 'T1' }, { title: null }] } });
  });

  test('fails one chunk without touching the others, with one error a field, at the first entity', async () => {
    const origin = await serve((_path, query) =>
      query.get('ids') === '3,4' ? { status: 500 } : { body: { items: items(query.get('ids')!.split(',')) } },
    );
    const variables = books('1', '2', '3', '4', '5');
    const { data, errors } = await loadSubgraph(sdl, origin).query(entities('title year'), { variables });
    const titles = (data!['_entities'] as { title: string | null }[]).map(({ title }) => title);
    expect(titles).toEqual(['T1', 'T2', null, null, 'T5']);
    expect(errors?.map(({ path }) => path)).toEqual([
      ['_entities', 2, 'title'],
      ['_entities', 2, 'year'],
    ]);
    for (const { extensions } of errors!) {
      expect(extensions).toMatchObject({ code: 'CONNECTOR_FETCH', http: { status: 500 } });
    }
  });

  test('fails when the answer does not map to a list', async () => {
    const origin = await serve(() => ({ body: { items: { id: '1' } } }));
    const { errors } = await loadSubgraph(sdl, origin).query(entities('title'), { variables: books('1', '2') });
    expect(errors).toHaveLength(1);
    expect(errors![0]).toMatchObject({
      message: 'The answer to a batch request does not map to a list',
      extensions: { code: 'CONNECTOR_RESPONSE_INVALID', connector: { coordinate: 'shop:Book[0]' } },
    });
  });

  test('leaves out null keys, and calls nobody when none remains', async () => {
    const origin = await serve((_path, query) => ({ body: { items: items(query.get('ids')!.split(',')) } }));
    const shop = loadSubgraph(sdl, origin);
    expect(await shop.query(entities('title'), { variables: books(null) })).toEqual({
      data: { _entities: [{ title: null }] },
    });
    expect(server.takeCalls()).toEqual([]);
    await shop.query(entities('title'), { variables: books(null, '1') });
    expect(server.takeCalls()).toEqual(['GET /books?ids=1']);
  });

  test('is not asked for what the representation brings already', async () => {
    const origin = await serve(() => ({ body: { items: [] } }));
    const { data } = await loadSubgraph(sdl, origin).query(entities('id'), { variables: books('1') });
    expect(data).toEqual({ _entities: [{ id: '1' }] });
    expect(server.takeCalls()).toEqual([]);
  });
});

describe('a connector on a type and on its fields', () => {
  const sdl = `${head()}
    type Query {
      books: [Book] @connect(source: "a", http: { GET: "/books" }, selection: "id title ownerId")
    }
    type Book @key(fields: "id")
      @connect(source: "a", http: { GET: "/books/{$this.id}" }, selection: "id title year ownerId") {
      id: ID! title: String year: Int ownerId: ID
      owner: Owner @connect(source: "a", http: { GET: "/owners/{$this.ownerId}" }, selection: "name")
      page(n: Int, size: Int): String
        @connect(source: "a", http: { GET: "/books/{$this.id}/pages/{$args.n}", queryParams: "size: $args.size" },
          selection: "$.text")
    }
    type Owner { name: String }`;
  const answer = (path: string): Answer => {
    if (path === '/books')
      return {
        body: [
          { id: '1', ownerId: 'o' },
          { id: '2', title: 'two', ownerId: null },
        ],
      };
    if (path.startsWith('/owners/')) return { body: { name: 'Ana' } };
    if (path.includes('/pages/')) return { body: { text: path } };
    return { body: { id: path.slice(7), title: 'loaded', year: 1 } };
  };

  test('a key the service left out causes no call; a field no mapping lists does', async () => {
    const shop = loadSubgraph(sdl, await serve(answer));
    expect((await shop.query('{ books { title } }')).data).toEqual({ books: [{ title: null }, { title: 'two' }] });
    expect(server.takeCalls()).toEqual(['GET /books']);
    expect((await shop.query('{ books { year } }')).data).toEqual({ books: [{ year: 1 }, { year: 1 }] });
    expect(server.takeCalls()).toEqual(['GET /books', 'GET /books/1', 'GET /books/2']);
  });

  test('a null key or argument in the path sends nothing, unless skipNullKeys is off', async () => {
    const origin = await serve(answer);
    const shop = loadSubgraph(sdl, origin);
    const { data, errors } = await shop.query('{ books { owner { name } page(size: 3) } }');
    expect(errors).toBeUndefined();
    expect(data).toEqual({
      books: [
        { owner: { name: 'Ana' }, page: null },
        { owner: null, page: null },
      ],
    });
    expect(server.takeCalls()).toEqual(['GET /books', 'GET /owners/o']);
    await loadSubgraph(sdl, origin, { skipNullKeys: false }).query('{ books { owner { name } } }');
    expect(server.takeCalls()).toEqual(['GET /books', 'GET /owners/', 'GET /owners/o']);
  });

  test('equal keys and arguments count once, aliases with other arguments are calls of their own', async () => {
    const shop = loadSubgraph(sdl, await serve(answer));
    const { data } = await shop.query(entities('a: page(n: 1) b: page(n: 1) c: page(n: 2, size: 9)'), {
      variables: books('1', '1'),
    });
    const one = { a: '/books/1/pages/1', b: '/books/1/pages/1', c: '/books/1/pages/2' };
    expect(data?.['_entities']).toEqual([one, one]);
    expect(server.takeCalls()).toEqual(['GET /books/1/pages/1', 'GET /books/1/pages/2?size=9']);
  });

  test('the field of a representation collects its key through the connector of the type', async () => {
    const shop = loadSubgraph(
      sdl,
      await serve((path) => (path === '/books/1' ? { body: { ownerId: 'x' } } : answer(path))),
    );
    const { data } = await shop.query(entities('owner { name } year'), { variables: books('1') });
    expect(data?.['_entities']).toEqual([{ owner: { name: 'Ana' }, year: null }]);
    expect(server.takeCalls()).toEqual(['GET /books/1', 'GET /owners/x']);
  });
});

describe('the lowered subgraph', () => {
  test('has the implied keys and nothing of connect', async () => {
    const origin = await serve(() => ({}));
    const { sdl } = loadSubgraph(
      `${head()}
      type Query { user(org: OrgKey!, id: ID!): User
        @connect(source: "a", entity: true, http: { GET: "/{$args.org.id}/{$args.id}" }, selection: "id org { id } name") }
      input OrgKey { id: ID! }
      type Org { id: ID! }
      type User { id: ID! org: Org name: String }`,
      origin,
    );
    expect(sdl).toContain('type User @key(fields: "org { id } id")');
    expect(sdl).not.toContain('connect');
    expect(sdl).not.toContain('@source');
  });
});

// Connectors without http (connectors.md 11.5), and abstract types at any depth (3.8, 11.4.4).
import { afterEach, describe, expect, test } from 'vitest';
import { head, loadSubgraph, RestServer, type Answer } from '../harness.ts';

let server: RestServer;
afterEach(() => server.stop());
const serve = async (answer: (path: string, method: string) => Answer): Promise<string> => {
  server = await RestServer.start(({ method }, url) => answer(url.pathname, method));
  return server.origin;
};

describe('a virtual connector', () => {
  const sdl = `${head()}
    type Query { shop: Shop @connect(selection: "$({})")  me(name: String): Me @connect(selection: "hello: $args.name") }
    type Mutation { users: UserWrites @connect(selection: "$({})") }
    type Shop { thing(id: ID!): Thing @connect(source: "a", http: { GET: "/things/{$args.id}" }, selection: "id") }
    type UserWrites { create(name: String): Thing
      @connect(source: "a", http: { POST: "/users", body: "name: $args.name" }, selection: "id") }
    type Thing { id: ID  twice: String @connect(selection: "$([$this.id, $this.id])->joinNotNull('-')") }
    type Me { hello: String }`;

  test('groups fields, computes fields, and sends nothing itself', async () => {
    const origin = await serve(() => ({ body: { id: 'x' } }));
    const shop = loadSubgraph(sdl, origin);
    const { data } = await shop.query('{ shop { thing(id: 1) { id twice } } me(name: "Ann") { hello } }');
    expect(data).toEqual({ shop: { thing: { id: 'x', twice: 'x-x' } }, me: { hello: 'Ann' } });
    expect(server.takeCalls()).toEqual(['GET /things/1']);
    expect(shop.describeCalls('Query.shop')).toEqual([]);
  });

  test('groups writes, each of which is sent, equal ones too', async () => {
    const origin = await serve(() => ({ body: { id: 'n' } }));
    const { data } = await loadSubgraph(sdl, origin).query(
      'mutation { users { a: create(name: "A") { id } b: create(name: "A") { id } } }',
    );
    expect(data).toEqual({ users: { a: { id: 'n' }, b: { id: 'n' } } });
    expect(server.takeCalls()).toEqual(['POST /users', 'POST /users']);
  });
});

describe('abstract values', () => {
  const sdl = `${head()}
    type Query {
      page: Page @connect(source: "a", http: { GET: "/page" }, selection: """
        title
        items { ... kind->match(["book", { __typename: "Book", id: $.kind }], [@, {}]) }
        blocks {
          main { ... kind->match(["book", { __typename: $("Book"), id: $.id }], ["film", { __typename: $("Film"), id: $.id, minutes: $.len }], [@, { id: $.id }]) }
        }
        only { id }
      """)
      media(id: ID!): Media @connect(source: "a", http: { GET: "/media/{$args.id}" }, entity: true,
        selection: "... kind->match(['book', { __typename: 'Book', id: $.id, pages: $.pages }], ['film', { __typename: 'Film', id: $.id, minutes: $.len }])")
    }
    type Page { title: String items: [Item] blocks: [Block] only: Lone }
    type Block { main: Media }
    union Item = Book | Film
    interface Media @key(fields: "id") { id: ID! }
    interface Lone { id: ID! }
    type Single implements Lone { id: ID! }
    type Book implements Media @key(fields: "id") { id: ID! pages: Int }
    type Film implements Media @key(fields: "id") { id: ID! minutes: Int }`;

  const answer = (path: string): Answer =>
    path === '/page'
      ? {
          body: {
            title: 'P',
            items: [{ kind: 'book' }, { kind: 'radio' }],
            blocks: [
              { main: { kind: 'book', id: 'b1' } },
              { main: { kind: 'film', id: 'f1', len: 90 } },
              { main: { kind: 'radio', id: 'r1' } },
            ],
            only: { id: 's' },
          },
        }
      : { body: { kind: 'book', id: path.split('/').at(-1), pages: 100 } };

  test('are of the type their mapping names, at any depth; without a name of the only possible type, else null', async () => {
    const { data, errors } = await loadSubgraph(sdl, await serve(answer)).query(`{ page {
      items { __typename ... on Book { id } }
      blocks { main { __typename id ... on Film { minutes } } }
      only { __typename id } } }`);
    expect(errors).toBeUndefined();
    expect(data).toEqual({
      page: {
        items: [{ __typename: 'Book', id: 'book' }, null],
        blocks: [
          { main: { __typename: 'Book', id: 'b1' } },
          { main: { __typename: 'Film', id: 'f1', minutes: 90 } },
          { main: null },
        ],
        only: { __typename: 'Single', id: 's' },
      },
    });
  });

  test('may hold only their key: the rest is loaded as of any entity', async () => {
    const { data, errors } = await loadSubgraph(sdl, await serve(answer)).query(
      '{ page { blocks { main { id ... on Book { pages } ... on Film { minutes } } } } }',
    );
    expect(errors).toBeUndefined();
    expect(data).toMatchObject({
      page: { blocks: [{ main: { id: 'b1', pages: 100 } }, { main: { minutes: 90 } }, {}] },
    });
    expect(server.takeCalls()).toEqual(['GET /media/b1', 'GET /page']);
  });

  test('map and load for each type only what is asked of it', async () => {
    const origin = await serve(answer);
    const strict = loadSubgraph(sdl, origin, { strict: 'all' });
    // Nobody asks for the minutes of a book or the pages of a film: neither is missed
    const { data, errors } = await strict.query(
      `query ($refs: [_Any!]!) { _entities(representations: $refs) {
      ... on Media { id ... on Film { minutes } ... on Book { id } } } }`,
      {
        variables: { refs: [{ __typename: 'Media', id: 'x' }].map((ref) => ({ ...ref, __typename: 'Book' })) },
      },
    );
    expect(errors).toBeUndefined();
    expect(data).toEqual({ _entities: [{ id: 'x' }] });
    expect(server.takeCalls()).toEqual([]);
    const media = await strict.query('{ media(id: 1) { __typename ... on Film { minutes } ... on Book { id } } }');
    expect(media).toEqual({ data: { media: { __typename: 'Book', id: '1' } } });
  });

  test('whose type cannot be told are null, and a problem says why', async () => {
    const shop = loadSubgraph(sdl, await serve(answer), { strict: 'all' });
    const { data, errors } = await shop.query('{ page { items { __typename } blocks { main { id } } } }');
    expect(data).toMatchObject({ page: { items: [{ __typename: 'Book' }, null] } });
    expect(errors?.map(({ message, path }) => `${path?.join('.')}: ${message}`)).toEqual([
      'page.items: Cannot read field "items": A value of Item has no __typename',
      'page.blocks.2.main: Cannot read field "main": A value of Media has no __typename',
    ]);
    const call = { signal: new AbortController().signal, deadlineAt: Infinity, identity: '', requestId: 'r' };
    const context = { call, requestHeaders: {}, entries: {}, operation: new Map<unknown, unknown>() };
    const trial = await shop.trials[0]!.run({}, context);
    expect(trial.kind === 'value' && trial.problems).toMatchObject([
      { code: 'TYPE_UNKNOWN', path: ['items', 1] },
      { code: 'TYPE_UNKNOWN', path: ['blocks', 2, 'main'] },
    ]);
  });
});

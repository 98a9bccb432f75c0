// Files as users write them: renamed imports, own copies of the definitions, no federation link, several connectors on
// one field, fields required from other subgraphs (connectors.md 6.2, 11.1, 11.6).
import { afterEach, describe, expect, test } from 'vitest';
import { head, loadSubgraph, RestServer, type Answer } from '../harness.ts';

let server: RestServer | undefined;
afterEach(() => server?.stop());

const serve = async (answer: (url: URL) => Answer): Promise<string> => {
  server = await RestServer.start((_request, url) => answer(url));
  return server.origin;
};

const connect = 'https://specs.apollo.dev/connect';
const origin = 'http://127.0.0.1:1';

describe('a connectors file', () => {
  test('may rename what it imports', async () => {
    const sdl = `extend schema
        @link(url: "${connect}/v0.3", import: [{ name: "@source", as: "@api" }, { name: "@connect", as: "@call" }])
        @api(name: "a", http: { baseURL: "{origin}" })
      type Query { title: String @call(source: "a", http: { GET: "/t" }, selection: "$.title") }`;
    const shop = loadSubgraph(sdl, await serve(() => ({ body: { title: 'T' } })));
    expect(await shop.query('{ title }')).toEqual({ data: { title: 'T' } });
    expect(shop.sdl).not.toMatch(/@api|@call|connect/);
  });

  test('may use the names with their prefix', () => {
    const sdl = `extend schema @link(url: "${connect}/v0.3") @connect__source(name: "a", http: { baseURL: "{origin}" })
      type Query { title: String @connect__connect(source: "a", http: { GET: "/t" }, selection: "$.title") }`;
    expect(loadSubgraph(sdl, origin).coordinates).toEqual(['shop:Query.title[0]']);
  });

  test('may carry its own copies of the definitions, which lowering removes', () => {
    const sdl = `${head('0.3')}
      scalar JSONSelection scalar URLTemplate
      input ConnectorErrors { message: JSONSelection }
      input ConnectHTTP { GET: URLTemplate }
      input SourceHTTP { baseURL: String! }
      directive @source(name: String!, http: SourceHTTP!) repeatable on SCHEMA
      directive @connect(source: String, http: ConnectHTTP!, selection: JSONSelection!) repeatable on FIELD_DEFINITION
      directive @tributaryKeyList(index: Int = 0, GET: String!, param: String!) repeatable on FIELD_DEFINITION | OBJECT
      type Query { title: String @connect(source: "a", http: { GET: "/t" }, selection: "$.title") }`;
    expect(loadSubgraph(sdl, origin).sdl).not.toMatch(/JSONSelection|URLTemplate|SourceHTTP|directive/);
  });

  test('may do without a federation link, and without a source', async () => {
    const at = await serve(() => ({ body: { title: 'T' } }));
    const sdl = `extend schema @link(url: "${connect}/v0.3", import: ["@connect"])
      type Query { title: String @connect(http: { GET: "${at}/t" }, selection: "$.title") }`;
    expect(await loadSubgraph(sdl, at).query('{ title }')).toEqual({ data: { title: 'T' } });
  });

  test('may read $config and $env in its base URL, which settings may replace as a whole', async () => {
    const at = new URL(await serve(() => ({ body: { title: 'T' } })));
    const sdl = `extend schema @link(url: "${connect}/v0.3", import: ["@source", "@connect"])
        @source(name: "a", http: { baseURL: "http://{$env.HOST}/{$config.v}", headers: { name: "X-Key", value: "{$config.key}" } })
      type Query { title: String @connect(source: "a", http: { GET: "/t" }, selection: "$.title") }`;
    const config = { v: 'v 1', key: 'k' };
    const settings = { env: { HOST: at.host }, sources: { a: { config } } };
    await loadSubgraph(sdl, at.origin, settings).query('{ title }');
    expect(server!.requests[0]!.headers['x-key']).toBe('k');
    expect(server!.takeCalls()).toEqual(['GET /v%201/t']);
    await loadSubgraph(sdl, at.origin, { sources: { a: { overrideUrl: `${at.origin}/over`, config } } }).query(
      '{ title }',
    );
    expect(server!.takeCalls()).toEqual(['GET /over/t']);
  });

  test('may have several connectors on one field; the one that gives most of what is asked for is called', async () => {
    const sdl = `${head()} type Query { book: Book
        @connect(source: "a", http: { GET: "/brief" }, selection: "id title")
        @connect(source: "a", http: { GET: "/full" }, selection: "id title text") }
      type Book { id: ID title: String text: String }`;
    const shop = loadSubgraph(sdl, await serve(() => ({ body: { title: 'T', text: 'x' } })));
    await shop.query('{ book { title } }');
    await shop.query('{ book { ...F } } fragment F on Book { title text }');
    expect(server!.requests.map(({ url }) => url)).toEqual(['/brief', '/full']);
  });

  test('may read a field required from another subgraph', async () => {
    const sdl = `${head()} type Book @key(fields: "id") {
      id: ID! price: String @external
      shipping: String @requires(fields: "price")
        @connect(source: "a", http: { GET: "/ship/{$this.id}", queryParams: "price: $this.price" }, selection: "$.cost") }`;
    const shop = loadSubgraph(sdl, await serve(({ search }) => ({ body: { cost: search } })));
    const refs = [{ __typename: 'Book', id: '1', price: '5' }];
    const { data } = await shop.query(
      'query ($refs: [_Any!]!) { _entities(representations: $refs) { ... on Book { shipping } } }',
      { variables: { refs } },
    );
    expect(data).toEqual({ _entities: [{ shipping: '?price=5' }] });
    expect(shop.sdl).toContain('@requires(fields: "price")');
  });

  test('gets a key only where all fields of the type can be reached from it', () => {
    const sdl = (
      more: string,
    ) => `${head()} type Query { books: [Book] @connect(source: "a", http: { GET: "/" }, selection: "id title ${more}") }
      type Book @connect(source: "a", http: { GET: "/{$this.id}" }, selection: "id title") { id: ID! title: String ${more} }`;
    expect(loadSubgraph(sdl('').replace('title: String ', 'title: String'), origin).sdl).toContain(
      '@key(fields: "id")',
    );
    expect(
      loadSubgraph(sdl('year').replace('title: String year', 'title: String year: Int'), origin).sdl,
    ).not.toContain('@key(');
  });
});

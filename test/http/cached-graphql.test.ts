/** /graphql by GET for caches: freshness, tags, conditions, as a route has them (facade.md 5); POST is kept by nobody. */
import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startSmallGateway, type SmallGateway } from './small-gateway.ts';

const sdl = `
extend schema
  @link(url: "https://specs.apollo.dev/federation/v2.11", import: ["@key"])
  @link(url: "https://specs.apollo.dev/connect/v0.2", import: ["@connect", "@source"])
  @source(name: "api", http: { baseURL: "SOURCE" })
directive @cacheControl(maxAge: Int, scope: CacheControlScope, inheritMaxAge: Boolean) on FIELD_DEFINITION | OBJECT
enum CacheControlScope { PUBLIC PRIVATE }
type Query {
  book(id: ID!): Book @connect(source: "api", http: { GET: "/books/{$args.id}" }, selection: "id title", entity: true)
  hinted(id: ID!): Book @cacheControl(maxAge: 30) @connect(source: "api", http: { GET: "/books/{$args.id}" }, selection: "id title")
  own(id: ID!): Book @cacheControl(maxAge: 30, scope: PRIVATE) @connect(source: "api", http: { GET: "/books/{$args.id}" }, selection: "id title")
  books: Page @connect(source: "api", http: { GET: "/books" }, selection: "nodes { id title }")
}
type Page { nodes: [Book!]! }
type Book @key(fields: "id") { id: ID! title: String }
`;

const route = `
query GetBook($id: ID!) @http(method: GET, route: "/books/{id}") @resource(type: "Book") { book(id: $id) { id title } }
`;

/** What the service says of its next answers. */
let told: Record<string, string> = {};
let title = 'Salammbô';
let gateway: SmallGateway;
beforeAll(async () => {
  gateway = await startSmallGateway({
    sdl,
    settings: 'facade: { operations: rest, cacheTags: [Surrogate-Key], cdnMaxAge: 90s }\n',
    files: { 'rest/books.graphql': route },
    serve(request, response) {
      for (const [name, value] of Object.entries(told)) response.setHeader(name, value);
      response.setHeader('content-type', 'application/json');
      if (request.url === '/books/none') return void response.writeHead(500).end('{}');
      const book = { id: request.url?.split('/')[2] ?? '1', title };
      response.end(JSON.stringify(request.url === '/books' ? { nodes: [book] } : book));
    },
  });
});
afterAll(() => gateway?.close());

const preflight = { 'apollo-require-preflight': 'true' };
const address = (parameters: Record<string, string>): string =>
  `${gateway.url}/graphql?${new URLSearchParams(parameters).toString()}`;
const ask = (query: string, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(address({ query }), { headers: { ...preflight, ...headers } });

const nobody = {};
const somebody = { authorization: 'Bearer a' };

describe('Cache-Control of a query by GET', () => {
  it.each([
    ['nothing is known', '{ book(id: 1) { title } }', {}, nobody, 'no-cache'],
    ['nothing is known, and somebody asks', '{ book(id: 1) { title } }', {}, somebody, 'private, no-cache'],
    ['a key of an API is somebody', '{ book(id: 1) { title } }', {}, { 'x-api-key': 'a' }, 'private, no-cache'],
    ['a hint', '{ hinted(id: 1) { title } }', {}, nobody, 'max-age=30'],
    ['a field without a hint beside one', '{ hinted(id: 1) { title } book(id: 2) { title } }', {}, nobody, 'max-age=0'],
    ['PRIVATE', '{ own(id: 1) { title } }', {}, nobody, 'private, max-age=30'],
    ['the service', '{ book(id: 3) { title } }', { 'cache-control': 'max-age=12' }, nobody, 'max-age=12'],
    ['the service forbids', '{ hinted(id: 4) { title } }', { 'cache-control': 'no-store' }, nobody, 'no-store'],
    ['an error', '{ book(id: "none") { title } }', {}, nobody, 'no-store'],
    ['a query that is not valid', '{ nothing }', {}, nobody, 'no-store'],
  ])('%s', async (_why, query, upstream, headers, expected) => {
    told = upstream;
    const answer = await ask(query, headers);
    expect(answer.headers.get('cache-control')).toBe(expected);
    expect(answer.headers.has('etag')).toBe(expected !== 'no-store');
    told = {};
  });

  it('by POST: no-store', async () => {
    const answer = await fetch(`${gateway.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query: '{ hinted(id: 1) { title } }' }),
    });
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(answer.headers.get('etag')).toBeNull();
  });
});

describe('a persisted query by GET', () => {
  const query = 'query Titles { hinted(id: 7) { id title } books { nodes { id title } } }';
  const sha256Hash = createHash('sha256').update(query).digest('hex');
  const extensions = JSON.stringify({ persistedQuery: { version: 1, sha256Hash } });
  const asked = (headers: Record<string, string> = {}) =>
    fetch(address({ extensions }), { headers: { ...preflight, ...headers } });

  it('is kept by nobody as long as it is not known', async () => {
    const answer = await asked();
    expect(await answer.json()).toMatchObject({ errors: [{ message: 'PersistedQueryNotFound' }] });
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(answer.headers.get('etag')).toBeNull();
  });

  it('is 304 for who has it, with what caches go by, and 200 once it has changed', async () => {
    await fetch(address({ query, extensions }), { headers: preflight });
    const first = await asked();
    const etag = first.headers.get('etag')!;
    const again = await asked({ 'if-none-match': `"other", ${etag}` });
    expect(again.status).toBe(304);
    expect(await again.text()).toBe('');
    for (const name of ['etag', 'cache-control', 'vary', 'surrogate-key', 'cdn-cache-control']) {
      expect(again.headers.get(name)).toBe(first.headers.get(name));
    }
    expect(again.headers.get('content-type')).toBeNull();
    title = 'Trois contes';
    const changed = await asked({ 'if-none-match': etag });
    expect(changed.status).toBe(200);
    expect(changed.headers.get('etag')).not.toBe(etag);
  });

  it('names what it shows, as the route of a book does', async () => {
    const { headers } = await asked();
    expect(headers.get('surrogate-key')!.split(' ').sort()).toEqual(['Book:1', 'Book:7', 'list:Book']);
    expect(headers.get('cdn-cache-control')).toBe('max-age=90');
    const rest = await fetch(`${gateway.url}/rest/books/7`);
    expect(rest.headers.get('surrogate-key')).toBe('Book:7');
  });

  it('has a tag of its own for each media type, and says that it depends on it', async () => {
    const tags = await Promise.all(
      ['application/json', 'application/graphql-response+json'].map(async (accept) => {
        const { headers } = await asked({ accept });
        expect(headers.get('vary')).toMatch(/\bAccept\b/);
        return headers.get('etag');
      }),
    );
    expect(new Set(tags).size).toBe(2);
  });

  it('equal requests that share an execution have conditions of their own', async () => {
    const etag = (await asked()).headers.get('etag')!;
    const answers = await Promise.all([asked(), asked({ 'if-none-match': etag })]);
    expect(answers.map(({ status }) => status)).toEqual([200, 304]);
  });
});

// The declared subgraphs of the bookshop load without a fault, compose, and talk to their services as the contracts say.
import { composeServices } from '@apollo/composition';
import { parse } from 'graphql';
import { readFileSync } from 'node:fs';
import { afterEach, describe, expect, test } from 'vitest';
import { createConnectorSubgraph } from '../../gateway/connectors/index.ts';
import { callUpstream, loadSubgraph, RestServer, type Answer, type SeenRequest } from './harness.ts';

const read = (name: string) => readFileSync(new URL(`../../schema/subgraphs/${name}.graphql`, import.meta.url), 'utf8');
const declared = ['catalog', 'authors', 'reviews', 'inventory'];

describe('the declared subgraphs', () => {
  test('load without a fault, and say what would not run on Apollo Router', () => {
    const warnings: string[] = [];
    for (const name of declared) {
      const file = `schema/subgraphs/${name}.graphql`;
      const subgraph = createConnectorSubgraph({ name, file, sdl: read(name), settings: {}, callUpstream });
      warnings.push(...subgraph.warnings.map(({ code, message }) => `${name} ${code} ${message.split(';')[0]}`));
      expect(subgraph.sdl).not.toMatch(/connect|@source|tributary/);
    }
    expect(warnings).toEqual([
      'catalog NOT_PORTABLE Book.authors leads back to Author',
      'authors NOT_PORTABLE @tributaryPage fills what the selection does not give of AuthorConnection',
      'reviews NOT_PORTABLE Review.book leads back to Book',
    ]);
  });

  test('compose with each other and with a subgraph that requires a field of theirs', () => {
    const lowered = declared.map((name) => {
      const { sdl } = createConnectorSubgraph({ name, file: name, sdl: read(name), settings: {}, callUpstream });
      return { name, typeDefs: parse(sdl) };
    });
    const shipping = `extend schema
      @link(url: "https://specs.apollo.dev/federation/v2.13", import: ["@key", "@external", "@requires"])
      type Query { cheapest: Book }
      type Book @key(fields: "id") { id: ID! price: Decimal @external shipping: Int @requires(fields: "price") }
      scalar Decimal`;
    const { errors } = composeServices([...lowered, { name: 'shipping', typeDefs: parse(shipping) }]);
    expect(errors ?? []).toEqual([]);
  });

  test('describe the calls behind a field and an entity', () => {
    const reviews = loadSubgraph(read('reviews'), 'http://127.0.0.1:1');
    expect(reviews.coordinates).toContain('shop:Book.rating[0]');
    expect(reviews.describeCalls('Book.rating')[0]).toBe('GET /v1/books/{$this.id}/reviews?first=0');
    expect(reviews.describeCalls('Query.review')).toEqual(['GET /v1/reviews/{$args.id}']);
    const inventory = loadSubgraph(read('inventory'), 'http://127.0.0.1:1');
    expect(inventory.describeCalls('Book')).toEqual(['GET /v1/stock']);
    expect(inventory.describeCalls('Book.stock')).toEqual(['GET /v1/stock']);
    expect(inventory.describeCalls('Nothing.here')).toEqual([]);
  });
});

describe('the catalog', () => {
  let server: RestServer;
  afterEach(() => server.stop());

  const bovary = {
    id: 'madame-bovary',
    title: 'Madame Bovary',
    year: 1856,
    language: 'fr',
    genre: 'novel',
    isbn: null,
    price: { amount: '9.90', currency: 'EUR' },
    version: 3,
    authors: [{ id: 'gustave-flaubert' }],
  };
  const page = { hasNext: true, hasPrevious: false, start: 'a', end: 'b' };

  const load = async (answer: (request: SeenRequest, url: URL) => Answer) => {
    server = await RestServer.start(answer);
    return loadSubgraph(read('catalog'), server.origin, { sources: { api: { overrideUrl: server.origin } } });
  };

  test('lists by filter, leaving out what was not given', async () => {
    const shop = await load(() => ({ body: { items: [bovary], page, total: 1 } }));
    const { data, errors } = await shop.query(`{
      books(first: 2, sort: PRICE_DESC, filter: { title: "bov & co", isbn: ["1", "2"], year: null }) {
        nodes { id title price currency authors { id } } pageInfo { hasNextPage endCursor } totalCount
      } }`);
    expect(errors).toBeUndefined();
    expect(data?.['books']).toEqual({
      nodes: [
        { id: bovary.id, title: bovary.title, price: '9.90', currency: 'EUR', authors: [{ id: 'gustave-flaubert' }] },
      ],
      pageInfo: { hasNextPage: true, endCursor: 'b' },
      totalCount: 1,
    });
    expect(server.takeCalls()).toEqual(['GET /v2/books?title=bov%20%26%20co&isbn=1%2C2&sort=-price&first=2']);
  });

  test('gives null for a book that is not there, without an error', async () => {
    const shop = await load(() => ({
      status: 404,
      headers: { 'content-type': 'application/problem+json' },
      body: { title: 'Not found' },
    }));
    expect(await shop.query('{ book(id: "x") { title } }')).toEqual({ data: { book: null } });
  });

  test('creates a book, or says which book has its ISBN', async () => {
    const shop = await load((request) =>
      request.body.includes('taken')
        ? { status: 409, body: { detail: 'There is one', existing: { id: 'other' } } }
        : { status: 201, body: bovary },
    );
    const create = `mutation ($input: BookInput!) { createBook(input: $input) { __typename
      ... on Book { id price } ... on DuplicateIsbn { message existing { id } } } }`;
    const input = { title: 'Madame Bovary', authorIds: ['gustave-flaubert'], price: '9.90' };
    expect(await shop.query(create, { variables: { input } })).toEqual({
      data: { createBook: { __typename: 'Book', id: 'madame-bovary', price: '9.90' } },
    });
    expect(JSON.parse(server.requests[0]!.body)).toEqual({
      title: 'Madame Bovary',
      authors: [{ id: 'gustave-flaubert' }],
      price: { amount: '9.90', currency: 'EUR' },
    });
    expect(await shop.query(create, { variables: { input: { ...input, isbn: 'taken' } } })).toEqual({
      data: { createBook: { __typename: 'DuplicateIsbn', message: 'There is one', existing: { id: 'other' } } },
    });
  });

  test('changes a book with If-Match of the version expected, or of any', async () => {
    const shop = await load((request) =>
      request.headers['if-match'] === '"2"' ? { status: 412, body: { detail: 'Changed meanwhile' } } : { body: bovary },
    );
    const update = (version: string) =>
      `mutation { updateBook(id: "b", patch: { isbn: null, price: "5.00" } ${version}) { version } }`;
    expect((await shop.query(update(''))).data).toEqual({ updateBook: { version: 3 } });
    expect(server.requests[0]!.headers).toMatchObject({
      'if-match': '*',
      'content-type': 'application/merge-patch+json',
    });
    expect(server.requests[0]!.body).toBe('{"isbn":null,"price":{"amount":"5.00"}}');
    const { data, errors } = await shop.query(update('expectedVersion: 2'));
    expect(data).toEqual({ updateBook: null });
    expect(errors).toMatchObject([
      { message: 'Changed meanwhile', extensions: { code: 'PRECONDITION_FAILED', http: { status: 412 } } },
    ]);
  });

  test('answers the books of many authors, and books by reference in one call', async () => {
    const shop = await load((_request, url) => ({
      body: { items: (url.searchParams.get('ids') ?? 'x').split(',').map((id) => ({ ...bovary, id })), page, total: 1 },
    }));
    const refs = [
      { __typename: 'Author', id: 'a' },
      { __typename: 'Book', id: '1' },
      { __typename: 'Book', id: '2' },
    ];
    const { data } = await shop.query(
      `query ($refs: [_Any!]!) { _entities(representations: $refs) {
        ... on Author { books(first: 1) { nodes { id } } } ... on Book { id title authors { id } } } }`,
      { variables: { refs } },
    );
    expect(data?.['_entities']).toMatchObject([
      { books: { nodes: [{ id: 'x' }] } },
      { id: '1' },
      { title: bovary.title },
    ]);
    expect(server.takeCalls()).toEqual(['GET /v2/books?authorId=a&first=1', 'GET /v2/books?ids=1%2C2']);
  });
});

/** `?fields=` and `?embed=` (facade.md 4.1): what is not asked for is not asked of the services either. */
// oxlint-disable no-underscore-dangle -- `_links` and `_embedded` are HAL's own names
import { print, validate } from 'graphql';
import { describe, expect, it } from 'vitest';
import { FieldSets } from '../../gateway/facade/routes/field-set.ts';
import { compileRoutes } from '../../gateway/facade/routes/compile-routes.ts';
import { documents, jsonOf, openShop, schema } from './bookshop.ts';

const shop = openShop();
const read = async (url: string, headers: Record<string, string> = {}) => {
  const response = await shop.send(url, { headers });
  expect(response.status, String(response.body)).toBe(200);
  return jsonOf(response);
};
const lastDocument = (): string => print(shop.executed.at(-1)!.document);

describe('?fields=', () => {
  it('an item has these members and no others, and nothing else is executed', async () => {
    expect(await read('/rest/books/madame-bovary?fields=title,id')).toEqual({
      id: 'madame-bovary',
      title: 'Madame Bovary',
    });
    expect(lastDocument()).not.toMatch(/reviews|stock|rating|authors/);
    expect(validate(schema, shop.executed.at(-1)!.document)).toEqual([]);
  });

  it('in a page it is about the items, and the page stays a page', async () => {
    const page = await read('/rest/books?first=1&fields=id');
    expect(page).toEqual({
      nodes: [{ id: 'madame-bovary' }],
      pageInfo: { hasNextPage: true, endCursor: '1' },
      totalCount: 3,
    });
  });

  it.each([
    ['authors.name', { authors: [{ name: 'Gustave Flaubert' }] }],
    ['authors,authors.name', { authors: [{ id: 'gustave-flaubert', name: 'Gustave Flaubert' }] }],
    ['authors.name,authors', { authors: [{ id: 'gustave-flaubert', name: 'Gustave Flaubert' }] }],
    ['reviews.totalCount,year', { year: 1857, reviews: { totalCount: 1 } }],
  ])('%s chooses inside members', async (fields, expected) => {
    expect(await read(`/rest/books/madame-bovary?fields=${fields}`)).toEqual(expected);
  });

  it('a variable that is left without a use is not sent, so the operation stays valid', async () => {
    const text = `query Get($id: ID!, $first: Int = 1 @query) @http(method: GET, route: "/b/{id}") {
      book(id: $id) { ...B reviews(first: $first) { totalCount } } } fragment B on Book { id title }`;
    const own = openShop({ documents: [{ file: 'x.graphql', text }] });
    expect(jsonOf(await own.send('/rest/b/madame-bovary?fields=title&first=2'))).toEqual({ title: 'Madame Bovary' });
    const [{ document, variables }] = own.executed as [(typeof own.executed)[0]];
    expect(validate(schema, document)).toEqual([]);
    expect(variables).toEqual({ id: 'madame-bovary' });
  });

  it('links and tags stay: the key, the version and what a condition reads are asked for all the same', async () => {
    const response = await shop.send('/rest/orders/o1?fields=total', { headers: { accept: 'application/hal+json' } });
    const order = jsonOf(response) as { _links: Record<string, unknown> };
    expect(order).toMatchObject({ total: '25.80' });
    expect(order).not.toHaveProperty('actions');
    expect(order._links).toMatchObject({ self: { href: '/rest/orders/o1' }, cancellation: {} });
    expect(response.headers['etag']).toMatch(/^"2\./);
  });

  it('each set of fields has a tag of its own', async () => {
    const [a, b] = await Promise.all(['id', 'id,title'].map((f) => shop.send(`/rest/books/salammbo?fields=${f}`)));
    expect(a!.headers['etag']).not.toBe(b!.headers['etag']);
  });

  it.each([
    ['/rest/books/x?fields=titel', '"fields" names "titel", which is not in the answer. Did you mean "title"?'],
    [
      '/rest/books/x?fields=authors.nme',
      '"fields" names "authors.nme", which is not in the answer. Did you mean "name"?',
    ],
    ['/rest/books?fields=totalCount', '"fields" names "totalCount", which is not in the answer'],
    ['/rest/books/x?fields=', '"fields" names nothing'],
    ['/rest/books/x?fields=__proto__', '"fields" names "__proto__", which is not in the answer'],
  ])('P16: %s is refused', async (url, detail) => {
    const response = await shop.send(url);
    expect(response.status).toBe(400);
    expect(jsonOf(response)['detail']).toContain(detail);
  });

  it('P17: a write has no such choice', async () => {
    const response = await shop.send('/rest/orders/o1/cancellation?fields=id', { method: 'POST' });
    expect([response.status, jsonOf(response)['code']]).toEqual([400, 'UNKNOWN_PARAMETER']);
  });

  it('sets are made once, in whatever order the names come, and the oldest goes when there are too many', () => {
    const { current } = compileRoutes(documents, schema, '2.0.0');
    const route = current.routes.find(({ operation }) => operation === 'GetBook')!;
    const sets = new FieldSets(2);
    const first = sets.find(route, 'id,title');
    expect(sets.find(route, 'title, id,id')).toBe(first);
    sets.find(route, 'year');
    sets.find(route, 'title,id');
    sets.find(route, 'price');
    expect(sets.size).toBe(2);
    expect(sets.find(route, 'id,title')).toBe(first);
  });
});

describe('?embed=', () => {
  it('brings a part that is left out otherwise', async () => {
    expect(await read('/rest/authors/gustave-flaubert')).not.toHaveProperty('books');
    const author = await read('/rest/authors/gustave-flaubert?embed=books');
    expect(author).toMatchObject({ books: { totalCount: 3 } });
  });

  it('goes with fields', async () => {
    const author = await read('/rest/authors/gustave-flaubert?embed=books&fields=name,books.totalCount');
    expect(author).toEqual({ name: 'Gustave Flaubert', books: { totalCount: 3 } });
  });

  it('P16: a part that is not there is refused, P17: so is embed where there is none', async () => {
    const unknown = await shop.send('/rest/authors/gustave-flaubert?embed=boks');
    expect([unknown.status, jsonOf(unknown)['detail']]).toEqual([
      400,
      '"boks" cannot be embedded. Did you mean "books"?',
    ]);
    expect((await shop.send('/rest/books?embed=authors')).status).toBe(400);
    expect((await shop.send('/rest/authors/gustave-flaubert?embed_books=true')).status).toBe(400);
  });
});

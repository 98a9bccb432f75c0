/** Versions side by side, and the end of one (facade.md, section 6; P4, O7). The clock is a parameter. */
import { describe, expect, it } from 'vitest';
import { documents, jsonOf, openShop } from './bookshop.ts';

const old = {
  file: 'schema/rest/v1/books.graphql',
  text: `
    query ListBooksV1 @http(method: GET, route: "/books", result: "books.nodes")
      @lifecycle(deprecated: "2026-06-30", sunset: "2027-06-30", successor: "ListBooks") { books(first: 50) { nodes { id title } } }
    query GetBookV1($id: ID!) @http(method: GET, route: "/books/{id}") @resource(type: "Book")
      @lifecycle(deprecated: "2026-06-30", successor: "GetBook") { book(id: $id) { id authors { id } } }
  `,
};
const openBoth = (today: string) => openShop({ documents: [...documents, old], now: () => new Date(today) });

describe('versions', () => {
  it('the path without a version is the current one, and says so', async () => {
    const shop = openBoth('2026-01-01');
    const plain = await shop.send('/rest/books');
    const versioned = await shop.send('/rest/v2/books');
    expect(plain.headers['content-location']).toBe('/rest/v2/books');
    expect(jsonOf(plain)).toEqual(jsonOf(versioned));
  });

  it('an old version keeps its shape and announces its end', async () => {
    const response = await openBoth('2026-12-24').send('/rest/v1/books');
    expect(response.status).toBe(200);
    expect(JSON.parse(String(response.body))).toHaveLength(3);
    expect(response.headers).toMatchObject({ deprecation: '@1782777600', sunset: 'Wed, 30 Jun 2027 00:00:00 GMT' });
    expect(response.headers['link']).toContain('</rest/v2/books>; rel="successor-version"');
  });

  it('the successor of an item is the same item', async () => {
    const response = await openBoth('2026-12-24').send('/rest/v1/books/madame-bovary');
    expect(response.headers['link']).toContain('</rest/v2/books/madame-bovary>; rel="successor-version"');
    expect(response.headers['link']).toContain('</rest/v1/books/madame-bovary>; rel="self"');
  });

  it('P4: past its sunset a route is gone, and the others are not', async () => {
    const shop = openBoth('2027-06-30T00:00:00Z');
    const gone = await shop.send('/rest/v1/books');
    expect([gone.status, jsonOf(gone)['code'], gone.headers['sunset']]).toEqual([
      410,
      'VERSION_GONE',
      'Wed, 30 Jun 2027 00:00:00 GMT',
    ]);
    expect(gone.headers['link']).toBe('</rest/v2/books>; rel="successor-version"');
    expect((await shop.send('/rest/v1/books/madame-bovary')).status).toBe(200);
    expect((await shop.send('/rest/books')).status).toBe(200);
  });

  it('each version has its own description, which says what is deprecated', async () => {
    const shop = openBoth('2026-01-01');
    const description = jsonOf(await shop.send('/rest/v1/openapi.json'));
    expect(description).toMatchObject({
      servers: [{ url: '/rest/v1' }],
      paths: { '/books': { get: { deprecated: true, 'x-sunset': '2027-06-30' } } },
    });
    expect(Object.keys(description['paths'] as object)).toEqual(['/books', '/books/{id}']);
  });

  it('a path of no version is not found in it', async () => {
    expect((await openBoth('2026-01-01').send('/rest/v1/authors')).status).toBe(404);
    expect((await openBoth('2026-01-01').send('/rest/v3/books')).status).toBe(404);
  });
});

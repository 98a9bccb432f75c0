/** The other ways to bind (facade.md 2.1, 2.3): Hot Chocolate's forms, objects in the query, lists without commas. */
import { describe, expect, it } from 'vitest';
import { openShop } from '../bookshop.ts';

const text = `
  query Filtered($filter: BookFilter) @http(method: GET, route: "/filtered") { books(filter: $filter) { totalCount } }
  query Parts($f: BookFilter!) @http(method: GET, route: "/genres/{genre:$f.genre}", queryParameters: ["from:$f.yearFrom"]) { books(filter: $f) { totalCount } }
  query Repeated($isbn: [String!] @query(split: false)) @http(method: GET, route: "/repeated") { books(filter: { isbn: $isbn }) { totalCount } }
  query Search($title: String, $ids: [ID!]) @http(method: POST, route: "/searches") { books(filter: { title: $title, ids: $ids }) { totalCount } }
`;

const shop = openShop({ documents: [{ file: 'rest/parts.graphql', text }] });
const variables = async (url: string, sent?: Parameters<typeof shop.send>[1]) => {
  const { status } = await shop.send(url, sent);
  return [status, status === 200 ? shop.executed.at(-1)?.variables : undefined];
};

describe('bindings of parts', () => {
  it('an input object is a deepObject in the query', async () => {
    expect(await variables('/rest/filtered?filter[year]=1999&filter%5Bisbn%5D=1,2')).toEqual([
      200,
      { filter: { year: 1999, isbn: ['1', '2'] } },
    ]);
    expect(await variables('/rest/filtered')).toEqual([200, {}]);
    expect((await variables('/rest/filtered?filter[yaer]=1999'))[0]).toBe(400);
  });

  it('places inside a variable are filled from the path and from the query', async () => {
    expect(await variables('/rest/genres/novel?from=1850')).toEqual([200, { f: { genre: 'novel', yearFrom: 1850 } }]);
  });

  it('a list that is not split keeps its commas', async () => {
    expect(await variables('/rest/repeated?isbn=1,2&isbn=3')).toEqual([200, { isbn: ['1,2', '3'] }]);
  });

  it('a POST may bind a query: its variables are the body, and it creates nothing', async () => {
    const sent = { method: 'POST', body: { title: 'a', ids: null } };
    expect(await variables('/rest/searches', sent)).toEqual([200, { title: 'a', ids: null }]);
  });
});

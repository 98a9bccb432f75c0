/** Hypermedia (facade.md 4.1): links are derived, cost nothing, and lead somewhere. */
// oxlint-disable no-underscore-dangle -- `_links` and `_embedded` are HAL's own names
import { describe, expect, it } from 'vitest';
import { buildSchema } from 'graphql';
import { createFacade } from '../../../gateway/facade/index.ts';
import { jsonOf, openShop, toRequest } from '../bookshop.ts';

interface Hal {
  readonly _links: Record<
    string,
    { href: string; templated?: boolean } | { href: string; templated?: boolean; name?: string }[]
  >;
  readonly _embedded?: Record<string, Hal | Hal[]>;
  readonly [name: string]: unknown;
}

const hal = { headers: { accept: 'application/hal+json' } };
const shop = openShop();
const read = async (url: string): Promise<Hal> => jsonOf(await shop.send(url, hal)) as unknown as Hal;

describe('HAL', () => {
  it('an item has self, its collection, its sub-resources, edit, and its entities embedded', async () => {
    const book = await read('/rest/books/madame-bovary');
    expect(book._links).toMatchObject({
      self: { href: '/rest/books/madame-bovary' },
      collection: { href: '/rest/books' },
      reviews: { href: '/rest/books/madame-bovary/reviews', title: 'The reviews of a book, newest first' },
      stock: { href: '/rest/books/madame-bovary/stock' },
      edit: { href: '/rest/books/madame-bovary' },
      describedby: { href: '/rest/openapi.json' },
    });
    expect(book._embedded?.['authors']).toEqual([
      {
        _links: { self: { href: '/rest/authors/gustave-flaubert' } },
        id: 'gustave-flaubert',
        name: 'Gustave Flaubert',
      },
    ]);
    expect(book).not.toHaveProperty('authors');
    expect(book['reviews']).toMatchObject({
      totalCount: 1,
      _embedded: { nodes: [{ _links: { self: { href: '/rest/reviews/r1' } } }] },
    });
  });

  it('a to-one entity is linked and embedded', async () => {
    const review = await read('/rest/reviews/r1');
    expect(review._links['book']).toEqual({ href: '/rest/books/madame-bovary' });
    expect(review._embedded?.['book']).toMatchObject({ id: 'madame-bovary' });
  });

  it('an action is offered while the state allows it, wherever the order is shown', async () => {
    const own = openShop();
    const send = async (url: string, method = 'GET') =>
      jsonOf(await own.send(url, { ...hal, method })) as unknown as Hal;
    const confirmed = await send('/rest/orders/o1');
    expect(confirmed._links['cancellation']).toEqual({
      href: '/rest/orders/o1/cancellation',
      title: 'Cancel an order; its copies are in stock again',
    });
    const cancelled = await send('/rest/orders/o1/cancellation', 'POST');
    expect(cancelled['status']).toBe('CANCELLED');
    expect(cancelled._links).not.toHaveProperty('cancellation');
    expect((await send('/rest/orders/o1'))._links).not.toHaveProperty('cancellation');
  });

  it('a link by hand has its path and its query filled by a mapping, and costs no call', async () => {
    const text = `
      query GetReview($id: ID!) @http(method: GET, route: "/reviews/{id}") @resource(type: "Review")
        @rels(add: [
          { rel: "others", to: "ListReviews", args: "id: $.book.id first: $.rating" }
          { rel: "nowhere", to: "ListReviews", args: "id: $.book.isbn" }
        ]) { review(id: $id) { id rating book { id } } }
      query ListReviews($id: ID!, $first: Int @query) @http(method: GET, route: "/books/{id}/reviews", result: "book.reviews") {
        book(id: $id) { reviews(first: $first) { nodes { id } } } }`;
    const own = openShop({ documents: [{ file: 'rest/links.graphql', text }] });
    const review = jsonOf(await own.send('/rest/reviews/r1', hal)) as unknown as Hal;
    expect(review._links['others']).toEqual({ href: '/rest/books/madame-bovary/reviews?first=5' });
    expect(review._links).not.toHaveProperty('nowhere');
    expect(own.executed).toHaveLength(1);
  });

  it('"location" says where something new is, in this API or elsewhere', async () => {
    for (const [template, expected] of [
      ["/readers/{$.reader}/{$(['r', $.id])->joinNotNull('-')}", '/rest/v1/readers/jos%C3%A9/r-r2'],
      ['https://reviews.example/{$.id}', 'https://reviews.example/r2'],
      ['/reviews/{$.nothing?}', undefined],
    ] as const) {
      const text = `mutation AddReview($bookId: ID!, $rating: Int!, $text: String!, $reader: String!)
        @http(method: POST, route: "/reviews", location: "${template}") {
        addReview(input: { bookId: $bookId, rating: $rating, text: $text, reader: $reader }) { id reader nothing: updatedAt } }`;
      const own = openShop({
        documents: [{ file: 'rest/location.graphql', text }],
        info: { title: 'x', version: '1.0.0' },
      });
      const body = { bookId: 'madame-bovary', rating: 5, text: 'Read it twice', reader: 'josé' };
      const response = await own.send('/rest/v1/reviews', { method: 'POST', body });
      expect([response.status, response.headers['location']]).toEqual([201, expected]);
    }
  });

  it('a collection has its items in _embedded.item, each linked, and its pages', async () => {
    const page = await read('/rest/books?first=2&title=a');
    expect(page._links).toMatchObject({
      self: { href: '/rest/books?first=2&title=a' },
      first: { href: '/rest/books?first=2&title=a' },
      item: [{ href: '/rest/books/madame-bovary' }, { href: '/rest/books/salammbo' }],
    });
    expect(page._embedded?.['item']).toHaveLength(2);
    expect(page).toMatchObject({ totalCount: 2, pageInfo: { hasNextPage: false } });
    expect(page).not.toHaveProperty('nodes');
  });

  it('an empty collection and a partial answer are HAL too', async () => {
    expect(await read('/rest/books?title=zzz')).toMatchObject({ totalCount: 0, _embedded: { item: [] } });
  });

  it('links stay in the version the client asked for', async () => {
    const book = await read('/rest/v2/books/madame-bovary');
    expect(book._links['reviews']).toMatchObject({ href: '/rest/v2/books/madame-bovary/reviews' });
  });

  it('costs no more calls than plain JSON', async () => {
    const before = shop.executed.length;
    await read('/rest/books/madame-bovary');
    expect(shop.executed.length - before).toBe(1);
  });

  it('publicUrl is put in front of every link', async () => {
    const abroad = openShop({ settings: { publicUrl: 'https://shop.example/' } });
    const response = await abroad.send('/rest/books', {
      method: 'POST',
      body: { title: 'X', authorIds: [], price: '1' },
    });
    expect(response.headers['location']).toBe('https://shop.example/rest/books/x');
  });

  it('a crawl from the entry point reaches every GET route, and no link is dead', async () => {
    const open = ['/rest'];
    const seen = new Set<string>();
    const values: Record<string, string> = { customer: 'emma' };
    const ids: Record<string, string> = {
      order: 'o1',
      review: 'r1',
      author: 'gustave-flaubert',
      reportjob: 'j1',
      salesreport: 'j1',
    };
    const expand = (href: string, name: string | undefined): string =>
      href
        .replace(/\{\?([^}]*)\}/, (_, names: string) => {
          const given = names.split(',').filter((one) => values[one] !== undefined);
          return given.length > 0 ? `?${given.map((one) => `${one}=${values[one]}`).join('&')}` : '';
        })
        .replace('{id}', ids[name ?? ''] ?? 'madame-bovary');
    const collect = (node: unknown): void => {
      if (typeof node !== 'object' || node === null) return;
      const links = (node as Hal)._links ?? {};
      for (const link of Object.values(links).flat()) {
        open.push(link.templated ? expand(link.href, (link as { name?: string }).name) : link.href);
      }
      for (const child of Object.values(node)) collect(child);
    };
    for (let url = open.pop(); url !== undefined; url = open.pop()) {
      if (seen.has(url) || url === '/rest/docs') continue;
      seen.add(url);
      const response = await shop.send(url, hal);
      const isWriteOnly = response.status === 405 && url.endsWith('/cancellation');
      expect(isWriteOnly ? 200 : response.status, url).toBe(200);
      if (response.headers['content-type'] === 'application/hal+json') collect(jsonOf(response));
    }
    const paths = [...seen].map((url) => url.split('?')[0]!);
    for (const { method, route } of shop.facade.routes) {
      if (method !== 'GET') continue;
      const pattern = new RegExp(`^/rest${route.replace(/\{[^}]+\}/g, '[^/]+')}$`);
      expect(
        paths.some((path) => pattern.test(path)),
        route,
      ).toBe(true);
    }
  });
});

describe('Link headers', () => {
  it('name the pages of a collection and what describes it', async () => {
    const response = await shop.send('/rest/books?first=1');
    expect(response.headers['link']).toBe(
      '</rest/books?first=1>; rel="self", </rest/books?first=1>; rel="first", </rest/books?first=1&after=1>; rel="next", </rest/openapi.json>; rel="describedby"; type="application/openapi+json", </rest/profile>; rel="profile"',
    );
  });
});

describe('pages by offset', () => {
  const numbers = buildSchema(
    'type Query { numbers(skip: Int, take: Int): Page } type Page { items: [Int!]! total: Int }',
  );
  const text = `query List($skip: Int = 0 @query, $take: Int = 4 @query) @http(method: GET, route: "/numbers")
    @collection(of: "Int", page: { style: OFFSET, items: "items", total: "total", size: "take", cursor: "skip", max: 5 }) {
    numbers(skip: $skip, take: $take) { items total } }`;
  const pages = createFacade({
    documents: [{ file: 'numbers.graphql', text }],
    schema: numbers,
    basePath: '',
    execute: () => Promise.resolve({ data: { numbers: { items: [], total: 10 } } }),
  });

  it.each([
    ['/numbers', ['first /numbers', 'next /numbers?skip=4', 'last /numbers?skip=8']],
    ['/numbers?skip=4', ['first /numbers', 'prev /numbers?skip=0', 'next /numbers?skip=8', 'last /numbers?skip=8']],
    ['/numbers?skip=8', ['first /numbers', 'prev /numbers?skip=4', 'last /numbers?skip=8']],
    [
      '/numbers?take=99&skip=3',
      [
        'first /numbers?take=99',
        'prev /numbers?take=99&skip=0',
        'next /numbers?take=99&skip=8',
        'last /numbers?take=99&skip=5',
      ],
    ],
  ])('%s leads to every other page', async (url, expected) => {
    const { headers } = await pages.handle(toRequest(url));
    const links = [...String(headers['link']).matchAll(/<([^>]*)>; rel="(first|prev|next|last)"/g)];
    expect(links.map(([, href, rel]) => `${rel} ${href}`)).toEqual(expected);
  });
});

describe('the entry point', () => {
  it('lists every collection, as JSON', async () => {
    const response = await shop.send('/rest');
    const { title, version, links } = jsonOf(response) as {
      title: string;
      version: string;
      links: { rel: string; href: string }[];
    };
    expect([title, version]).toEqual(['Bookshop', '2.0.0']);
    expect(links.map(({ rel, href }) => `${rel} ${href}`)).toMatchInlineSnapshot(`
      [
        "self /rest",
        "authors /rest/authors",
        "search /rest/authors{?name,first,after}",
        "books /rest/books",
        "search /rest/books{?title,author,authorId,genre,language,year,yearFrom,yearTo,isbn,ids,sort,first,after}",
        "search /rest/orders{?customer,first,after}",
        "item /rest/authors/{id}",
        "item /rest/books/{id}",
        "item /rest/orders/{id}",
        "item /rest/jobs/{id}",
        "item /rest/reports/{id}",
        "item /rest/reviews/{id}",
        "describedby /rest/openapi.json",
        "service-doc /rest/docs",
      ]
    `);
  });
});

/** Freshness, validators and tags of the facade's answers (facade.md, section 5), over the bookshop's routes. */
import CachePolicy from 'http-cache-semantics';
import { parse } from 'graphql';
import { describe, expect, it } from 'vitest';
import type { FacadeOptions, FacadeResponse, UpstreamFreshness } from '../../gateway/facade/index.ts';
import { readGraphFacts } from '../../gateway/supergraph/read-graph-facts.ts';
import { documents, openShop, upstreamError } from './bookshop.ts';

/** The books' service has everything but the stock, which is of another one. */
const catalog = `
  type Query { book(id: ID!): Book  books: BookConnection }
  type BookConnection { nodes: [Book!]! totalCount: Int pageInfo: PageInfo }
  type PageInfo { hasNextPage: Boolean endCursor: String }
  type Book @key(fields: "id") { id: ID! title: String year: Int version: Int authors: [Author!] }
  type Author @key(fields: "id") { id: ID! name: String }
`;
const inventory = 'type Book @key(fields: "id") { id: ID! @external stock: Int }';
const factsOf = (...sdls: string[]) =>
  readGraphFacts(sdls.map((sdl, i) => ({ name: `service${i}`, typeDefs: parse(sdl) })));
const graph = factsOf(catalog, inventory);

const headersOf = ({ headers }: FacadeResponse) => headers as Record<string, string>;
const slim = '/rest/books/madame-bovary?fields=id,title';

describe('a conditional read of what one service owns', () => {
  it('P27: asks for key and version alone, and answers 304', async () => {
    const shop = openShop({ graph });
    const first = await shop.send(slim);
    const { etag } = headersOf(first);
    expect(etag).toMatch(/^"3\.[0-9a-f]{24}\.json"$/);
    const again = await shop.send(slim, { headers: { 'if-none-match': etag! } });
    expect(again.status).toBe(304);
    expect(again.body).toBeUndefined();
    expect(shop.executed).toHaveLength(2);
    const asked = JSON.stringify(shop.executed[1]!.document);
    expect(asked).toContain('facade__version');
    expect(asked).not.toContain('title');
    for (const name of ['etag', 'cache-control', 'vary', 'content-location'])
      expect(headersOf(again)[name]).toBe(headersOf(first)[name]);
  });

  it('asks for the whole after the state has changed, and answers 200 with another tag', async () => {
    const shop = openShop({ graph });
    const { etag } = headersOf(await shop.send(slim));
    shop.books.get('madame-bovary')!['version'] = 4;
    const again = await shop.send(slim, { headers: { 'if-none-match': etag! } });
    expect(again.status).toBe(200);
    expect(headersOf(again)['etag']).toMatch(/^"4\./);
    expect(shop.executed).toHaveLength(3);
  });

  it.each([
    ['another choice of fields', '/rest/books/madame-bovary?fields=id,year', {}],
    ['another media type', slim, { accept: 'application/hal+json' }],
    ['another address of the same item', '/rest/v2/books/madame-bovary?fields=id,title', {}],
  ])('does not take the tag of %s for its own', async (_what, url, headers) => {
    const shop = openShop({ graph });
    const { etag } = headersOf(await shop.send(slim));
    const other = await shop.send(url, { headers: { ...headers, 'if-none-match': etag! } });
    expect(other.status).toBe(200);
    expect(shop.executed).toHaveLength(2);
  });

  it('does not ask first for a foreign tag, which cannot match', async () => {
    const shop = openShop({ graph });
    await shop.send(slim, { headers: { 'if-none-match': '"abc"' } });
    expect(shop.executed).toHaveLength(1);
  });

  it('asks for the whole when the probe fails, so that the answer says why', async () => {
    const shop = openShop({ graph });
    const { etag } = headersOf(await shop.send(slim));
    shop.failures.set('Query.book', upstreamError({ code: 'CIRCUIT_OPEN', retryAfterMs: 1000 }));
    const again = await shop.send(slim, { headers: { 'if-none-match': etag! } });
    expect(again.status).toBe(503);
  });

  it('P29: a write takes the tag of a chosen part by its state', async () => {
    const shop = openShop({ graph });
    const { etag } = headersOf(await shop.send(slim));
    const sent = { method: 'PATCH', body: { year: 1900 }, headers: { 'if-match': etag! } };
    expect((await shop.send('/rest/books/madame-bovary', sent)).status).toBe(200);
    expect((await shop.send('/rest/books/madame-bovary', sent)).status).toBe(412);
  });

  it('HEAD is answered 304 as GET is', async () => {
    const shop = openShop({ graph });
    const { etag } = headersOf(await shop.send(slim));
    const head = await shop.send(slim, { method: 'HEAD', headers: { 'if-none-match': etag! } });
    expect(head.status).toBe(304);
  });
});

describe('a conditional read of what several services own (O4)', () => {
  it.each([
    ['the stock', 'id,stock'],
    ['names of authors, which change on their own', 'id,authors'],
  ])('compares the content too: %s', async (_what, fields) => {
    const shop = openShop({ graph });
    const url = `/rest/books/madame-bovary?fields=${fields}`;
    const { etag } = headersOf(await shop.send(url));
    const again = await shop.send(url, { headers: { 'if-none-match': etag! } });
    expect(again.status).toBe(304);
    expect(JSON.stringify(shop.executed[1]!.document)).toContain(fields.split(',')[1]);
  });

  it('is told in the API description, route by route', () => {
    const { openapi } = openShop({ graph }).facade;
    const paths = openapi['paths'] as Record<string, Record<string, Record<string, unknown>>>;
    expect(paths['/books/{id}']!['get']!['x-conditional']).toEqual({ tag: 'state', cost: 'full' });
    expect(paths['/books/{id}']!['patch']!['x-conditional']).toBeUndefined();
  });
});

/** The bookshop's documents with a policy on one of them. */
const withCache = (operation: string, rule: string) =>
  documents.map(({ file, text }) => ({
    file,
    text: text.replace(
      new RegExp(`((?:query|mutation) ${operation}\\b[^{]*?\\))\\n@http`),
      `$1\n@cache(${rule})\n@http`,
    ),
  }));

interface Case {
  readonly why: string;
  readonly rule?: string;
  readonly hints?: string;
  readonly upstream?: Partial<UpstreamFreshness>;
  readonly headers?: Record<string, string>;
  readonly expected: string;
}

const hinted = (query: string, type = '', field = '') => `
  type Query { book(id: ID!): Book ${query} }
  type Book @key(fields: "id") ${type} { id: ID! title: String ${field} version: Int }
`;

const cases: readonly Case[] = [
  { why: 'nothing is known', expected: 'no-cache' },
  { why: 'nothing is known of a caller', headers: { authorization: 'Bearer a' }, expected: 'private, no-cache' },
  { why: 'a cookie is a caller', headers: { cookie: 'a=1' }, expected: 'private, no-cache' },
  { why: 'the route says so', rule: 'maxAge: 60', expected: 'max-age=60' },
  {
    why: 'the route says so, of a caller',
    rule: 'maxAge: 60',
    headers: { cookie: 'a=1' },
    expected: 'private, max-age=60',
  },
  {
    why: 'PUBLIC is for callers too',
    rule: 'maxAge: 60, scope: PUBLIC',
    headers: { cookie: 'a=1' },
    expected: 'public, max-age=60',
  },
  { why: 'PRIVATE', rule: 'maxAge: 60, scope: PRIVATE', expected: 'private, max-age=60' },
  {
    why: 'RFC 5861',
    rule: 'maxAge: 60, staleWhileRevalidate: 5, staleIfError: 9',
    expected: 'max-age=60, stale-while-revalidate=5, stale-if-error=9',
  },
  { why: 'the field has a hint', hints: hinted('@cacheControl(maxAge: 30)'), expected: 'max-age=30' },
  {
    why: 'the smallest hint counts',
    hints: hinted('@cacheControl(maxAge: 30)', '', '@cacheControl(maxAge: 10)'),
    expected: 'max-age=10',
  },
  {
    why: 'the type speaks for a root field without a hint',
    hints: hinted('', '@cacheControl(maxAge: 40)'),
    expected: 'max-age=40',
  },
  {
    why: 'a root field without a hint is 0 as soon as there are hints',
    hints: hinted('', '', '@cacheControl(maxAge: 10)'),
    expected: 'max-age=0',
  },
  {
    why: 'a field goes over its type',
    hints: hinted('@cacheControl(maxAge: 90)', '@cacheControl(maxAge: 40)'),
    expected: 'max-age=90',
  },
  {
    why: 'inheritMaxAge sets no limit of its own',
    hints: hinted('@cacheControl(inheritMaxAge: true)', '', '@cacheControl(maxAge: 10)'),
    expected: 'max-age=10',
  },
  {
    why: 'PRIVATE below makes all private',
    hints: hinted('@cacheControl(maxAge: 30)', '', '@cacheControl(scope: PRIVATE)'),
    expected: 'private, max-age=30',
  },
  {
    why: 'PRIVATE wins over the route',
    rule: 'maxAge: 60, scope: PUBLIC',
    hints: hinted('@cacheControl(maxAge: 90)', '', '@cacheControl(scope: PRIVATE)'),
    expected: 'private, max-age=60',
  },
  {
    why: 'PUBLIC of a field is for callers',
    hints: hinted('@cacheControl(maxAge: 30, scope: PUBLIC)'),
    headers: { authorization: 'x' },
    expected: 'public, max-age=30',
  },
  {
    why: 'route and hint: the smaller',
    rule: 'maxAge: 60',
    hints: hinted('@cacheControl(maxAge: 30)'),
    expected: 'max-age=30',
  },
  { why: 'services told', upstream: { maxAge: 12 }, expected: 'max-age=12' },
  { why: 'one service did not tell', upstream: { maxAge: 12, isComplete: false }, expected: 'no-cache' },
  {
    why: 'what one service told binds the route',
    rule: 'maxAge: 60',
    upstream: { maxAge: 12, isComplete: false },
    expected: 'max-age=12',
  },
  {
    why: 'a fresher service does not loosen the route',
    rule: 'maxAge: 60',
    upstream: { maxAge: 900 },
    expected: 'max-age=60',
  },
  { why: 'no-store dominates', rule: 'maxAge: 60, scope: PUBLIC', upstream: { noStore: true }, expected: 'no-store' },
  {
    why: 'private dominates',
    rule: 'maxAge: 60, scope: PUBLIC',
    upstream: { isPrivate: true },
    expected: 'private, max-age=60',
  },
  { why: 'no-cache dominates', rule: 'maxAge: 60', upstream: { noCache: true }, expected: 'max-age=0' },
];

describe('Cache-Control of a read (5.4)', () => {
  const options = ({ rule, hints }: Case): Partial<FacadeOptions> => ({
    ...(rule === undefined ? {} : { documents: withCache('GetBook', rule) }),
    ...(hints === undefined ? {} : { graph: factsOf(hints) }),
  });

  it.each(cases)('$why: $expected', async (one) => {
    const plain = openShop(options(one));
    const told = { isPrivate: false, noStore: false, noCache: false, isComplete: true, ...one.upstream };
    const shop = openShop({
      ...options(one),
      execute: async (operation) => {
        const data = { book: { id: 'x', facade__id: 'x', facade__version: 3, title: 'X' } };
        plain.executed.push(operation);
        return { data, ...(one.upstream ? { freshness: told } : {}) };
      },
    });
    const url = '/rest/books/x?fields=id,title';
    const response = await shop.send(url, { ...(one.headers ? { headers: one.headers } : {}) });
    expect(response.status).toBe(200);
    expect(headersOf(response)['cache-control']).toBe(one.expected);

    // The oracle: what a shared cache makes of it.
    const oracle = new CachePolicy(
      { url, method: 'GET', headers: one.headers ?? {} },
      { status: 200, headers: headersOf(response) },
      { shared: true },
    );
    const isShared = !/private|no-store/.test(one.expected);
    const seconds = Number(/max-age=(\d+)/.exec(one.expected)?.[1] ?? 0);
    expect(oracle.storable()).toBe(isShared);
    expect(oracle.maxAge()).toBe(isShared ? seconds : 0);
  });

  it.each([
    ['an error', 'Query.book', { code: 'CIRCUIT_OPEN' }],
    ['a partial answer', 'Book.stock', { code: 'CIRCUIT_OPEN' }],
  ])('%s is not stored, whatever the route says', async (_what, field, extensions) => {
    const shop = openShop({
      documents: withCache('GetBook', 'maxAge: 60'),
      settings: { cdnMaxAge: 60, cacheTags: ['Cache-Tag'] },
    });
    shop.failures.set(field, upstreamError(extensions));
    const { headers } = await shop.send('/rest/books/madame-bovary');
    expect(headers).toMatchObject({ 'cache-control': 'no-store' });
    for (const name of ['etag', 'cache-tag', 'cdn-cache-control']) expect(headers[name]).toBeUndefined();
  });
});

describe('headers that services see', () => {
  const clientHeaders = { names: ['x-tenant', 'authorization'], isSentOn: (name: string) => name.startsWith('x-own-') };
  const send = (headers: Record<string, string>) => openShop({ graph, clientHeaders }).send(slim, { headers });

  it('are named in Vary; credentials are not, because they make an answer private', async () => {
    expect(headersOf(await send({}))['vary']).toBe('Accept, x-tenant');
  });

  it.each([
    ['one that is named', { 'x-tenant': 'a' }, 'no-cache'],
    ['one of which only a pattern knows', { 'x-own-1': 'a' }, 'private, no-cache'],
    ['one that no service sees', { 'x-other': 'a' }, 'no-cache'],
    ['a key of an API', { 'x-api-key': 'a' }, 'private, no-cache'],
  ])('%s: %o is %s', async (_what, headers: Record<string, string>, expected) => {
    expect(headersOf(await send(headers))['cache-control']).toBe(expected);
  });

  it.each([{ 'x-tenant': 'b' }, { authorization: 'b' }, { 'x-own-1': 'b' }])(
    'the tag of one caller is not taken for that of another: %o',
    async (other: Record<string, string>) => {
      const { etag } = headersOf(await send({}));
      expect((await send({ 'if-none-match': etag! })).status).toBe(304);
      expect((await send({ ...other, 'if-none-match': etag! })).status).toBe(200);
    },
  );
});

describe('tags of entities (5.5)', () => {
  it('names the item and what it shows', async () => {
    const shop = openShop({ settings: { cacheTags: ['Surrogate-Key', 'Cache-Tag'] } });
    const headers = headersOf(await shop.send('/rest/books/madame-bovary'));
    expect(headers['surrogate-key']!.split(' ').slice(0, 2)).toEqual(['Book:madame-bovary', 'Author:gustave-flaubert']);
    expect(headers['cache-tag']).toBe(headers['surrogate-key']!.replaceAll(' ', ','));
  });

  it('names the list and its items', async () => {
    const shop = openShop({ settings: { cacheTags: ['Surrogate-Key'] } });
    const tags = headersOf(await shop.send('/rest/books'))['surrogate-key']!.split(' ');
    expect(tags[0]).toBe('list:Book');
    expect(tags).toContain('Book:madame-bovary');
    expect(tags).toContain('Book:trois-contes');
  });

  it('stay away from writes, and from everything by default', async () => {
    const body = { title: 'Bouvard', authorIds: ['gustave-flaubert'], price: '9.90' };
    const shop = openShop({ settings: { cacheTags: ['Surrogate-Key'] } });
    expect((await shop.send('/rest/books', { method: 'POST', body })).headers['surrogate-key']).toBeUndefined();
    expect((await openShop().send('/rest/books')).headers['surrogate-key']).toBeUndefined();
  });
});

describe('CDN-Cache-Control (RFC 9213)', () => {
  const settings = { cdnMaxAge: 300 };

  it('is said of what may be shared', async () => {
    const { headers } = await openShop({ settings }).send('/rest/books');
    expect(headers).toMatchObject({ 'cdn-cache-control': 'max-age=300', 'cache-control': 'no-cache' });
  });

  it('is not said of what belongs to a caller', async () => {
    const { headers } = await openShop({ settings }).send('/rest/books', { headers: { cookie: 'a=1' } });
    expect(headers['cdn-cache-control']).toBeUndefined();
  });
});

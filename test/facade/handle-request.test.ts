/** The facade over a real schema: requests in, answers out (facade.md, section 3; rows by name). */
import { describe, expect, it } from 'vitest';
import { jsonOf, openShop, upstreamError, type Sent, type Shop } from './bookshop.ts';

interface Scenario {
  readonly row: string;
  readonly url: string;
  readonly sent?: Sent;
  readonly given?: (shop: Shop) => void;
  readonly status: number;
  readonly headers?: Record<string, string | RegExp | undefined>;
  readonly body?: unknown;
  /** Operations executed. */
  readonly calls?: number;
}

const book = { title: 'Bouvard', authorIds: ['gustave-flaubert'], price: '9.90' };
const tag = (version: number) => `"${version}.${'0'.repeat(24)}.json"`;
const order = { customer: 'emma', lines: [{ bookId: 'madame-bovary', quantity: 1 }] };
const fail = (field: string, extensions: Record<string, unknown>, message?: string) => (shop: Shop) => {
  shop.failures.set(field, upstreamError(extensions, message));
};
const open = { code: 'CIRCUIT_OPEN', service: 'reviews', retryAfterMs: 4200, dispatched: false };

const scenarios: readonly Scenario[] = [
  {
    row: 'P1',
    url: '/rest/nothing',
    status: 404,
    body: { code: 'ROUTE_NOT_FOUND', type: '/rest/problems/route-not-found' },
    calls: 0,
  },
  { row: 'P1', url: '/rest/books/', status: 404, calls: 0 },
  { row: 'P1', url: '/restaurant', status: 404, calls: 0 },
  {
    row: 'P2',
    url: '/rest/books',
    sent: { method: 'DELETE' },
    status: 405,
    headers: { allow: 'GET, HEAD, POST, OPTIONS' },
    calls: 0,
  },
  {
    row: 'P2',
    url: '/rest/openapi.json',
    sent: { method: 'POST' },
    status: 405,
    headers: { allow: 'GET, HEAD, OPTIONS' },
  },
  {
    row: 'P3',
    url: '/rest/books/x',
    sent: { method: 'OPTIONS' },
    status: 204,
    headers: {
      allow: 'GET, HEAD, PUT, PATCH, DELETE, OPTIONS',
      'accept-patch': 'application/merge-patch+json, application/json-patch+json',
      'content-type': undefined,
    },
  },
  {
    row: 'P12',
    url: '/rest/books',
    sent: { headers: { accept: 'text/html' } },
    status: 406,
    headers: { vary: 'Accept', 'content-type': 'application/problem+json' },
    calls: 0,
  },
  {
    row: 'P12',
    url: '/rest/books',
    sent: { headers: { accept: 'application/json;q=0, application/*' } },
    status: 200,
    headers: { 'content-type': 'application/hal+json' },
  },
  {
    row: 'P13',
    url: '/rest/books',
    sent: { method: 'POST', body: book, headers: { 'content-type': 'text/plain' } },
    status: 415,
    headers: { 'accept-post': 'application/json' },
    calls: 0,
  },
  {
    row: 'P13',
    url: '/rest/books/x',
    sent: { method: 'PATCH', body: {}, headers: { 'content-type': 'application/json' } },
    status: 415,
    headers: { 'accept-patch': 'application/merge-patch+json, application/json-patch+json' },
  },
  {
    row: 'P13',
    url: '/rest/books',
    sent: { method: 'POST', body: book, headers: { 'content-encoding': 'br' } },
    status: 415,
    headers: { 'accept-encoding': 'identity' },
  },
  {
    row: 'P14',
    url: '/rest/books',
    sent: { method: 'POST', body: new TextEncoder().encode('{"a":1,"a":2}') },
    status: 400,
    body: { code: 'MALFORMED_BODY', detail: 'A member occurs twice, at byte 7' },
    calls: 0,
  },
  {
    row: 'P14',
    url: '/rest/books',
    sent: { method: 'POST', body: Uint8Array.of(0x7b, 0x22, 0xff) },
    status: 400,
    body: { detail: 'The body is not UTF-8, at byte 2' },
  },
  { row: 'P15', url: '/rest/books', sent: { method: 'POST' }, status: 400, body: { code: 'MISSING_BODY' } },
  {
    row: 'P16',
    url: '/rest/books?year=abc',
    status: 400,
    body: { errors: [{ parameter: 'year', detail: '"year" is not valid, expected an integer', code: 'type' }] },
    calls: 0,
  },
  { row: 'P16', url: '/rest/books?sort=UP', status: 400 },
  { row: 'P16', url: '/rest/books?year=1&year=2', status: 400 },
  { row: 'P16', url: '/rest/books/%zz', status: 400, body: { errors: [{ parameter: 'id' }] } },
  { row: 'P16', url: '/rest/books/a%00b', status: 400 },
  { row: 'P16', url: '/rest/orders', status: 400, body: { errors: [{ parameter: 'customer', code: 'required' }] } },
  {
    row: 'P16',
    url: '/rest/reviews/r1',
    sent: { method: 'DELETE' },
    status: 400,
    body: { errors: [{ header: 'x-reader' }] },
  },
  {
    row: 'P17',
    url: '/rest/books?titel=x',
    status: 400,
    body: {
      code: 'UNKNOWN_PARAMETER',
      errors: [{ parameter: 'titel', detail: '"titel" is not known here. Did you mean "title"?', code: 'unknown' }],
    },
    calls: 0,
  },
  { row: 'P17', url: '/rest/books?embed=authors', status: 400 },
  {
    row: 'P17',
    url: '/rest/books?titel=x',
    sent: { headers: { prefer: 'handling=lenient' } },
    status: 200,
    headers: { 'preference-applied': 'handling=lenient' },
  },
  { row: 'P17', url: '/rest/books?utm_source=x', status: 200, headers: { 'preference-applied': undefined } },
  {
    row: 'P18',
    url: '/rest/books',
    sent: { method: 'POST', body: { ...book, titel: 'x', price: 9 } },
    status: 422,
    body: {
      code: 'BAD_USER_INPUT',
      errors: [
        { pointer: '/titel', detail: '"titel" is not known here. Did you mean "title"?', code: 'unknown-field' },
        { pointer: '/price', detail: 'Expected a string', code: 'type' },
      ],
    },
    calls: 0,
  },
  {
    row: 'P18',
    url: '/rest/books',
    sent: { method: 'POST', body: [] },
    status: 422,
    body: { errors: [{ pointer: '', code: 'type' }] },
  },
  {
    row: 'P18',
    url: '/rest/books',
    sent: { method: 'POST', body: { __proto__: null, constructor: 1, ...book } },
    status: 422,
  },
  { row: 'P18', url: '/rest/orders/o1/cancellation', sent: { method: 'POST', body: { reason: 'x' } }, status: 422 },
  {
    row: 'P19',
    url: '/rest/books/madame-bovary',
    sent: { method: 'PATCH', body: {}, headers: { 'if-match': tag(3) } },
    status: 204,
    calls: 0,
  },
  { row: 'P19', url: '/rest/books/madame-bovary', sent: { method: 'PATCH', body: {} }, status: 428, calls: 0 },
  {
    row: 'P21',
    url: '/rest/books',
    sent: { headers: { range: 'items=0-1' } },
    status: 200,
    headers: { 'accept-ranges': 'none' },
  },
  { row: 'P22', url: '/rest/books?first=5000', status: 200 },
  {
    row: 'P22',
    url: '/rest/books?first=0',
    status: 400,
    body: { errors: [{ parameter: 'first', code: 'minimum' }] },
    calls: 0,
  },
  { row: 'P22', url: '/rest/books?after=broken', status: 400, body: { code: 'INVALID_CURSOR' } },
  { row: 'P22', url: '/rest/books/madame-bovary/reviews?after=broken', status: 400, body: { code: 'INVALID_CURSOR' } },
  {
    row: 'P23',
    url: '/rest/orders',
    sent: { method: 'POST', body: order },
    status: 400,
    headers: { link: '</rest/problems/idempotency-key-missing>; rel="describedby"' },
    body: { code: 'IDEMPOTENCY_KEY_MISSING' },
    calls: 0,
  },
  {
    row: 'P27',
    url: '/rest/books',
    sent: { headers: { 'if-none-match': '*' } },
    status: 304,
    headers: {
      etag: /^W\/"/,
      'cache-control': 'no-cache',
      vary: 'Accept',
      'content-location': '/rest/v2/books',
      'content-type': undefined,
    },
  },
  {
    row: 'P28',
    url: '/rest/books/madame-bovary',
    sent: { method: 'DELETE' },
    status: 428,
    headers: { link: '</rest/books/madame-bovary>; rel="self"' },
    calls: 0,
  },
  {
    row: 'P29',
    url: '/rest/books/madame-bovary',
    sent: { method: 'DELETE', headers: { 'if-match': tag(2) } },
    status: 412,
    body: { code: 'PRECONDITION_FAILED' },
  },
  {
    row: 'P29',
    url: '/rest/books/madame-bovary',
    sent: { method: 'DELETE', headers: { 'if-match': '"foreign"' } },
    status: 412,
    calls: 0,
  },
  {
    row: 'P29',
    url: '/rest/books/madame-bovary',
    sent: { method: 'DELETE', headers: { 'if-match': `W/${tag(3)}` } },
    status: 412,
    calls: 0,
  },
  {
    row: 'P29',
    url: '/rest/books/madame-bovary',
    sent: { method: 'DELETE', headers: { 'if-match': 'rubbish' } },
    status: 412,
    calls: 0,
  },
  { row: 'P29', url: '/rest/books/nothing', sent: { method: 'DELETE', headers: { 'if-match': '*' } }, status: 412 },
  { row: 'P29', url: '/rest/books/madame-bovary', sent: { headers: { 'if-match': tag(3) } }, status: 412 },
  {
    row: 'P30',
    url: '/rest/books/madame-bovary',
    sent: { method: 'PUT', body: book, headers: { 'if-match': '*', 'if-none-match': '*' } },
    status: 412,
    calls: 1,
  },
  {
    row: 'O12',
    url: '/rest/books/madame-bovary',
    sent: { method: 'DELETE', headers: { 'if-match': `${tag(1)}, ${tag(3)}` } },
    status: 204,
    calls: 2,
  },
  {
    row: 'O12',
    url: '/rest/books/madame-bovary',
    sent: { method: 'DELETE', headers: { 'if-match': `${tag(1)}, ${tag(2)}` } },
    status: 412,
    calls: 1,
  },
  {
    row: 'O12',
    url: '/rest/books/madame-bovary',
    sent: { method: 'DELETE', headers: { 'if-match': '*' } },
    status: 204,
    calls: 1,
  },

  {
    row: 'S1',
    url: '/rest/books/madame-bovary',
    status: 200,
    headers: {
      etag: /^"3\.[0-9a-f]{24}\.json"$/,
      'cache-control': 'no-cache',
      vary: 'Accept',
      'content-location': '/rest/v2/books/madame-bovary',
      link: /<\/rest\/books\/madame-bovary>; rel="self"/,
    },
    body: {
      id: 'madame-bovary',
      title: 'Madame Bovary',
      stock: 7,
      rating: { average: 4.5, count: 2 },
      authors: [{ id: 'gustave-flaubert', name: 'Gustave Flaubert' }],
    },
    calls: 1,
  },
  {
    row: 'S1',
    url: '/rest/v2/books/madame-bovary',
    status: 200,
    headers: { 'content-location': undefined, link: /<\/rest\/v2\/books\/madame-bovary>; rel="self"/ },
  },
  {
    row: 'S1',
    url: '/rest/books/madame-bovary',
    sent: { headers: { authorization: 'x' } },
    status: 200,
    headers: { 'cache-control': 'private, no-cache' },
  },
  { row: 'S1', url: '/rest/orders?customer=emma', status: 200, headers: { 'cache-control': 'private, no-cache' } },
  { row: 'S1', url: '/rest/books/madame-bovary/stock', status: 200, body: { id: 'madame-bovary', stock: 7 } },
  {
    row: 'S1',
    url: '/rest/books?title=Tr&first=1',
    status: 200,
    body: { nodes: [{ id: 'trois-contes' }], totalCount: 1 },
  },
  {
    row: 'S2',
    url: '/rest/books/nothing',
    status: 404,
    headers: { 'cache-control': 'no-store' },
    body: {
      code: 'NOT_FOUND',
      detail: 'There is no book under this address',
      instance: 'urn:request:test-1',
      traceId: 'test-1',
    },
  },
  { row: 'S3', url: '/rest/books?title=zzz', status: 200, body: { nodes: [], totalCount: 0 } },
  {
    row: 'S4',
    url: '/rest/books/nothing/reviews',
    status: 404,
    body: { detail: 'There is no book under this address' },
  },
  {
    row: 'S5',
    url: '/rest/books',
    sent: { method: 'POST', body: book },
    status: 201,
    headers: { location: '/rest/books/bouvard', 'content-location': '/rest/books/bouvard', etag: /^"1\./ },
    body: { id: 'bouvard', version: 1 },
  },
  {
    row: 'S5',
    url: '/rest/v2/books',
    sent: { method: 'POST', body: book },
    status: 201,
    headers: { location: '/rest/v2/books/bouvard' },
  },
  {
    row: 'S5',
    url: '/rest/books/madame-bovary/reviews',
    sent: { method: 'POST', body: { rating: 4, text: 'Long but good' }, headers: { 'x-reader': 'leon' } },
    status: 201,
    headers: { location: '/rest/reviews/r2' },
    body: { reader: 'leon', rating: 4 },
  },
  {
    row: 'S5',
    url: '/rest/orders',
    sent: { method: 'POST', body: order, headers: { 'idempotency-key': '"k-1"' } },
    status: 201,
    headers: { location: '/rest/orders/o1', etag: /^"2\./ },
  },
  {
    row: 'S7',
    url: '/rest/books/madame-bovary',
    sent: { method: 'PUT', body: book, headers: { 'if-match': tag(3) } },
    status: 200,
    headers: { etag: /^"4\./ },
    body: { title: 'Bouvard', version: 4 },
  },
  {
    row: 'S7',
    url: '/rest/books/madame-bovary',
    sent: { method: 'PATCH', body: { year: null }, headers: { 'if-match': tag(3), prefer: 'return=minimal' } },
    status: 204,
    headers: {
      etag: /^"4\./,
      'preference-applied': 'return=minimal',
      vary: 'Accept, Prefer',
      'content-type': undefined,
    },
  },
  {
    row: 'S9',
    url: '/rest/books/madame-bovary',
    sent: { method: 'DELETE', headers: { 'if-match': tag(3) } },
    status: 204,
    headers: { 'content-type': undefined },
  },
  { row: 'S10', url: '/rest/books/nothing', sent: { method: 'DELETE', headers: { 'if-match': tag(3) } }, status: 404 },
  {
    row: 'S10',
    url: '/rest/books/nothing',
    sent: { method: 'PUT', body: book, headers: { 'if-match': tag(3) } },
    status: 404,
  },
  { row: 'S10', url: '/rest/orders/nothing/cancellation', sent: { method: 'POST' }, status: 404 },
  {
    row: 'S14',
    url: '/rest/orders',
    sent: {
      method: 'POST',
      body: { ...order, lines: [{ bookId: 'madame-bovary', quantity: 9 }] },
      headers: { 'idempotency-key': 'k' },
    },
    status: 409,
    body: {
      type: '/rest/problems/out-of-stock',
      code: 'OUT_OF_STOCK',
      detail: 'Too few copies',
      bookId: 'madame-bovary',
      available: 7,
    },
  },
  {
    row: 'S14',
    url: '/rest/orders',
    sent: {
      method: 'POST',
      body: { ...order, lines: [{ bookId: 'x', quantity: 9 }] },
      headers: { 'idempotency-key': 'k' },
    },
    status: 422,
    body: { code: 'UNKNOWN_BOOK', bookId: 'x' },
  },
  {
    row: 'S14',
    url: '/rest/orders/o1/cancellation',
    sent: { method: 'POST' },
    given: (shop) => void Object.assign(shop.orders.get('o1')!, { status: 'SHIPPED' }),
    status: 409,
    body: { code: 'NOT_CANCELLABLE', orderStatus: 'SHIPPED', status: 409 },
  },
  {
    row: 'S14 success',
    url: '/rest/orders/o1/cancellation',
    sent: { method: 'POST' },
    status: 200,
    headers: { location: undefined },
    body: { status: 'CANCELLED' },
  },
  {
    row: 'S16',
    url: '/rest/books/madame-bovary',
    sent: { method: 'HEAD' },
    status: 200,
    headers: { 'content-length': /^\d+$/, etag: /^"3\./ },
    body: undefined,
  },
  { row: 'S16', url: '/rest/books/nothing', sent: { method: 'HEAD' }, status: 404 },

  {
    row: 'E18 optional',
    url: '/rest/books/madame-bovary',
    given: fail('Book.reviews', open),
    status: 200,
    headers: { 'partial-response': '?1', 'cache-control': 'no-store', etag: undefined },
    body: { reviews: null, _problems: [{ status: 503, pointer: '/reviews', code: 'CIRCUIT_OPEN' }] },
  },
  {
    row: 'E18',
    url: '/rest/books/madame-bovary',
    given: fail('Book.authors', { ...open, service: 'authors' }),
    status: 503,
    headers: { 'retry-after': '5', 'cache-control': 'no-store' },
    body: { code: 'CIRCUIT_OPEN', service: 'authors' },
  },
  {
    row: 'E18 list',
    url: '/rest/books',
    given: fail('Author.name', open),
    status: 200,
    headers: { 'partial-response': '?1' },
    body: { _problems: [{ pointer: '/nodes/0/authors/0/name' }, {}, {}] },
  },
  {
    row: 'M1',
    url: '/rest/books',
    sent: { method: 'POST', body: book },
    given: fail('Book.authors', open),
    status: 201,
    headers: { location: '/rest/books/bouvard', 'partial-response': '?1', etag: undefined },
  },
  {
    row: 'E14',
    url: '/rest/books/madame-bovary/stock',
    given: fail('Book.stock', { code: 'UPSTREAM_TIMEOUT', service: 'inventory', dispatched: true }),
    status: 504,
    body: { code: 'UPSTREAM_TIMEOUT', detail: 'Service "inventory" did not answer in time' },
  },
  {
    row: 'E15',
    url: '/rest/books',
    given: fail(
      'Query.books',
      { code: 'UPSTREAM_UNREACHABLE', service: 'catalog' },
      'connect ECONNREFUSED 127.0.0.1:4001',
    ),
    status: 502,
    body: { detail: 'Cannot reach service "catalog"' },
  },
  {
    row: 'E22',
    url: '/rest/books',
    given: fail('Query.books', {}, 'secret at /srv/app.js:3'),
    status: 500,
    body: { code: 'INTERNAL_SERVER_ERROR', detail: 'Internal error' },
  },
  {
    row: 'E4',
    url: '/rest/reviews/r1',
    sent: { method: 'PATCH', body: { rating: 1 }, headers: { 'x-reader': 'x' } },
    given: fail(
      'Mutation.updateReview',
      { code: 'FORBIDDEN', http: { status: 403 } },
      'Only its reader may change a review',
    ),
    status: 403,
    body: { detail: 'Only its reader may change a review' },
  },
  {
    row: 'E7',
    url: '/rest/books/madame-bovary/reviews',
    sent: { method: 'POST', body: { rating: 9, text: 'Long but good' }, headers: { 'x-reader': 'leon' } },
    given: fail('Mutation.addReview', {
      code: 'BAD_USER_INPUT',
      http: { status: 422 },
      errors: [{ pointer: '/rating', detail: 'One to five', code: 'range', secret: 'x' }],
    }),
    status: 422,
    body: { errors: [{ pointer: '/rating', detail: 'One to five', code: 'range' }] },
  },
  { row: 'page', url: '/rest/problems/not-found', status: 200, body: { title: 'Not found', status: 404 } },
  {
    row: 'page',
    url: '/rest/problems/out-of-stock',
    status: 200,
    body: { title: 'Out of stock', status: 409, meaning: 'There are fewer copies than asked for' },
  },
  { row: 'page', url: '/rest/problems/nothing', status: 404 },
  { row: 'page', url: '/rest/openapi.json', status: 200, headers: { etag: /^"/ }, body: { openapi: '3.1.1' } },
];

describe('handle', () => {
  it.each(
    scenarios.map((scenario) => ({
      ...scenario,
      name: `${scenario.row}: ${scenario.sent?.method ?? 'GET'} ${scenario.url} answers ${scenario.status}`,
    })),
  )('$name', async ({ url, sent, given, status, headers = {}, body, calls }) => {
    const shop = openShop();
    given?.(shop);
    const response = await shop.send(url, sent);
    expect({ status: response.status, body: response.body }).toMatchObject({ status });
    for (const [name, value] of Object.entries(headers)) {
      if (value instanceof RegExp) expect(response.headers[name]).toMatch(value);
      else expect([name, response.headers[name]]).toEqual([name, value]);
    }
    if (body !== undefined) expect(jsonOf(response)).toMatchObject(body as object);
    if (calls !== undefined) expect(shop.executed).toHaveLength(calls);
    if (status >= 400) expect(response.headers['content-type']).toBe('application/problem+json');
    expect(String(response.body)).not.toMatch(/facade__|ECONNREFUSED|secret|\.js:/);
  });

  it('a page size over the maximum is cut to it', async () => {
    const shop = openShop();
    await shop.send('/rest/books?first=5000');
    expect(shop.executed[0]?.variables['first']).toBe(100);
  });

  it('lists are read with commas and repeated, and an encoded comma stays in its item', async () => {
    const shop = openShop();
    await shop.send('/rest/books?isbn=1,2&isbn=3%2C4&title=a+b%2B');
    expect(shop.executed[0]?.variables).toMatchObject({ isbn: ['1', '2', '3,4'], title: 'a b+' });
  });

  it('an id keeps an encoded slash and a semicolon', async () => {
    const shop = openShop();
    await shop.send('/rest/books/a%2Fb;c');
    expect(shop.executed[0]?.variables['id']).toBe('a/b;c');
  });

  it('absent stays absent in a patch, and null is sent as null', async () => {
    const shop = openShop();
    await shop.send('/rest/books/madame-bovary', {
      method: 'PATCH',
      body: { year: null },
      headers: { 'if-match': tag(3) },
    });
    expect(shop.executed[0]?.variables).toEqual({ id: 'madame-bovary', patch: { year: null }, version: 3 });
  });

  it('the Idempotency-Key is passed on without its quotes', async () => {
    const shop = openShop();
    await shop.send('/rest/orders', { method: 'POST', body: order, headers: { 'idempotency-key': '"k-1"' } });
    expect(shop.executed[0]?.variables['key']).toBe('k-1');
  });

  it('a tag from a read is good for a write, and a repeat of the read costs no body', async () => {
    const shop = openShop();
    const read = await shop.send('/rest/books/madame-bovary', { headers: { accept: 'application/hal+json' } });
    const etag = String(read.headers['etag']);
    const again = await shop.send('/rest/books/madame-bovary', {
      headers: { accept: 'application/hal+json', 'if-none-match': `"x", W/${etag}` },
    });
    expect([again.status, again.body, again.headers['etag']]).toEqual([304, undefined, etag]);
    const written = await shop.send('/rest/books/madame-bovary', {
      method: 'PUT',
      body: book,
      headers: { 'if-match': etag },
    });
    expect(written.status).toBe(200);
    const stale = await shop.send('/rest/books/madame-bovary', {
      method: 'PUT',
      body: book,
      headers: { 'if-match': etag },
    });
    expect(stale.status).toBe(412);
  });

  it('the tag changes when a part of another service does, though the version does not', async () => {
    const shop = openShop();
    const before = await shop.send('/rest/books/madame-bovary');
    shop.reviews.get('r1')!['text'] = 'Changed';
    const after = await shop.send('/rest/books/madame-bovary', {
      headers: { 'if-none-match': String(before.headers['etag']) },
    });
    expect(after.status).toBe(200);
  });

  it('following "next" reaches every book once, and the last page has none', async () => {
    const shop = openShop();
    const seen: unknown[] = [];
    let url: string | undefined = '/rest/books?first=2';
    while (url !== undefined) {
      const response = await shop.send(url);
      seen.push(...(jsonOf(response)['nodes'] as { id: unknown }[]).map(({ id }) => id));
      url = /<([^>]+)>; rel="next"/.exec(String(response.headers['link']))?.[1];
    }
    expect(seen).toEqual([...shop.books.keys()]);
  });

  it('E23: an execution that hangs ends with the signal, when the client leaves or the time is over', async () => {
    const shop = openShop({ execute: () => new Promise(() => {}) });
    const controller = new AbortController();
    const answer = shop.send('/rest/books', { signal: controller.signal });
    controller.abort();
    expect((await answer).status).toBe(504);
  });

  it('an execution that rejects is an internal problem, told to the operator alone', async () => {
    const faults: unknown[] = [];
    const fault = new Error('secret');
    const shop = openShop({ execute: () => Promise.reject(fault), onFault: (error) => void faults.push(error) });
    const response = await shop.send('/rest/books');
    expect([response.status, String(response.body).includes('secret'), faults]).toEqual([500, false, [fault]]);
  });
});

/** The REST facade of the bookshop, request by request (facade.md, section 3; the rows it names are in brackets). */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestShop, type TestShop } from '../bookshop.ts';
import { playScenario, type Scenario } from './scenario.ts';

let shop: TestShop;
beforeAll(async () => {
  shop = await startTestShop();
});
afterAll(() => shop?.close());

const book = { title: 'A New Book', authorIds: ['gustave-flaubert'], price: '10.00' };
const line = [{ bookId: 'madame-bovary', quantity: 1 }];
const hal = { accept: 'application/hal+json' };

const reading: readonly Scenario[] = [
  {
    request: 'GET /rest',
    why: 'the entry point links to the collections',
    status: 200,
    present: { 'content-type': /^application\/json/ },
  },
  {
    request: 'GET /rest',
    why: 'as HAL',
    headers: hal,
    status: 200,
    present: { 'content-type': /hal\+json/ },
    matches: { _links: { self: expect.anything() } },
  },
  {
    request: 'GET /rest/books',
    why: 'a page of 20 [S1]',
    status: 200,
    present: { link: /rel="next"/, etag: /"/, 'cache-control': /./, vary: /accept/i },
    matches: { nodes: expect.any(Array), totalCount: expect.any(Number) },
  },
  {
    request: 'GET /rest/v2/books',
    why: 'the same under its version',
    status: 200,
    matches: { totalCount: expect.any(Number) },
  },
  {
    request: 'GET /rest/v1/books/madame-bovary',
    why: 'the old version, with the shape it always had',
    status: 200,
    present: { deprecation: '@1782777600', sunset: /2027/, link: /successor-version/ },
    matches: { id: 'madame-bovary', authorId: 'gustave-flaubert', price: expect.any(Number) },
  },
  {
    request: 'GET /rest/books?title=prince',
    why: 'a part of the title',
    status: 200,
    matches: { nodes: expect.arrayContaining([expect.objectContaining({ id: 'le-petit-prince' })]) },
  },
  {
    request: 'GET /rest/books?author=flaubert&year=1857',
    why: 'author and year',
    status: 200,
    matches: { totalCount: 1, nodes: [{ id: 'madame-bovary' }] },
  },
  {
    request: 'GET /rest/books?ids=madame-bovary,le-petit-prince',
    why: 'a list with commas',
    status: 200,
    matches: { totalCount: 2 },
  },
  {
    request: 'GET /rest/books?ids=madame-bovary&ids=le-petit-prince',
    why: 'a list repeated',
    status: 200,
    matches: { totalCount: 2 },
  },
  {
    request: 'GET /rest/books?title=no-such-title-at-all',
    why: 'an empty search is no missing item [S3]',
    status: 200,
    matches: { nodes: [], totalCount: 0 },
  },
  { request: 'GET /rest/books?first=5000', why: 'the page size is cut to the maximum [P22]', status: 200 },
  { request: 'GET /rest/books?sort=YEAR_DESC&first=1', why: 'sorted', status: 200 },
  { request: 'GET /rest/books?utm_source=mail', why: 'strangers that are allowed', status: 200 },
  {
    request: 'GET /rest/books',
    why: 'as HAL, with embedded items',
    headers: hal,
    status: 200,
    present: { 'content-type': /hal\+json/ },
    matches: { _links: { next: expect.anything() }, _embedded: { item: expect.any(Array) } },
  },
  {
    request: 'GET /rest/books/madame-bovary',
    why: 'one book, with data of four services',
    status: 200,
    present: { etag: /^"1\./, 'cache-control': /no-cache/ },
    absent: ['partial-response'],
    matches: {
      title: 'Madame Bovary',
      authors: [{ name: 'Gustave Flaubert' }],
      stock: expect.any(Number),
      rating: { count: expect.any(Number) },
    },
  },
  {
    request: 'GET /rest/books/madame-bovary',
    why: 'as HAL',
    headers: hal,
    status: 200,
    matches: { _links: { self: { href: expect.stringContaining('/rest/') }, reviews: expect.anything() } },
  },
  {
    request: 'HEAD /rest/books/madame-bovary',
    why: 'HEAD tells of existence [S16]',
    status: 200,
    present: { etag: /"/ },
  },
  {
    request: 'GET /rest/books/nope',
    why: 'a missing item [S2]',
    status: 404,
    matches: { type: '/rest/problems/not-found' },
  },
  { request: 'HEAD /rest/books/nope', why: 'the same without a body', status: 404 },
  {
    request: 'GET /rest/books/madame-bovary/reviews?first=2',
    why: 'nested [S1]',
    status: 200,
    present: { link: /rel="next"/ },
    matches: { nodes: [{ rating: expect.any(Number) }, {}] },
  },
  { request: 'GET /rest/books/nope/reviews', why: 'the parent is missing [S4]', status: 404 },
  {
    request: 'GET /rest/books/madame-bovary/stock',
    why: 'stock of a book',
    status: 200,
    matches: { stock: expect.any(Number) },
  },
  {
    request: 'GET /rest/authors?name=flaub',
    why: 'authors by name',
    status: 200,
    matches: { nodes: [{ id: 'gustave-flaubert' }] },
  },
  {
    request: 'GET /rest/authors/gustave-flaubert',
    why: 'one author',
    status: 200,
    matches: { name: 'Gustave Flaubert', birthYear: 1821 },
  },
  { request: 'GET /rest/authors/nobody', why: 'a missing author', status: 404 },
  {
    request: 'GET /rest/authors/gustave-flaubert/books',
    why: 'the books of an author',
    status: 200,
    matches: { nodes: expect.arrayContaining([expect.objectContaining({ id: 'madame-bovary' })]) },
  },
  { request: 'GET /rest/orders/nope', why: 'a missing order', status: 404 },
  {
    request: 'GET /rest/orders?customer=nobody',
    why: 'no orders yet',
    status: 200,
    matches: { nodes: [], totalCount: 0 },
  },
  {
    request: 'GET /rest/openapi.json',
    why: 'the document',
    status: 200,
    present: { etag: /"/ },
    matches: { openapi: expect.stringMatching(/^3\.1/) },
  },
  { request: 'GET /rest/problems/not-found', why: 'a problem type can be read', status: 200 },
  { request: 'OPTIONS /rest/books', why: 'what is allowed [P3]', status: 204, present: { allow: /GET.*POST/ } },
  {
    request: 'OPTIONS /rest/books/madame-bovary',
    why: 'with what PATCH takes',
    status: 204,
    present: { allow: /PATCH/, 'accept-patch': /merge-patch/ },
  },
];

const refused: readonly Scenario[] = [
  {
    request: 'GET /rest/nothing',
    why: 'an unknown path [P1]',
    status: 404,
    matches: { type: '/rest/problems/route-not-found' },
  },
  { request: 'GET /nothing/at/all', why: 'outside of everything', status: 404 },
  {
    request: 'PUT /rest/books',
    why: 'a method the path lacks [P2]',
    body: book,
    status: 405,
    present: { allow: /GET/ },
  },
  {
    request: 'DELETE /rest/authors/gustave-flaubert',
    why: 'a method the path lacks',
    status: 405,
    present: { allow: /GET/ },
  },
  {
    request: 'GET /rest/books',
    why: 'a format we do not make [P12]',
    headers: { accept: 'text/csv' },
    status: 406,
    present: { vary: /accept/i },
  },
  { request: 'GET /rest/books?first=0', why: 'a page of nothing [P22]', status: 400 },
  { request: 'GET /rest/books?first=-1', why: 'a negative page', status: 400 },
  {
    request: 'GET /rest/books?first=ten',
    why: 'not a number [P16]',
    status: 400,
    matches: { errors: [{ parameter: 'first' }] },
  },
  {
    request: 'GET /rest/books?year=99999999999',
    why: 'beyond an Int',
    status: 400,
    matches: { errors: [{ parameter: 'year' }] },
  },
  {
    request: 'GET /rest/books?sort=SIDEWAYS',
    why: 'not a member of the enum',
    status: 400,
    matches: { errors: [{ parameter: 'sort' }] },
  },
  {
    request: 'GET /rest/books?titel=x',
    why: 'a misspelt parameter [P17]',
    status: 400,
    matches: { type: '/rest/problems/unknown-parameter', detail: expect.stringContaining('title') },
  },
  {
    request: 'GET /rest/books?after=rubbish',
    why: 'a cursor of nobody [P22]',
    status: 400,
    matches: { type: '/rest/problems/invalid-cursor' },
  },
  {
    request: 'GET /rest/orders',
    why: 'a required parameter is missing',
    status: 400,
    matches: { errors: [{ parameter: 'customer' }] },
  },
  { request: 'GET /rest/books/%zz', why: 'an escape that does not decode', status: 400 },
  { request: 'POST /rest/books', why: 'no body [P15]', headers: { 'content-type': 'application/json' }, status: 400 },
  {
    request: 'POST /rest/books',
    why: 'broken JSON [P14]',
    body: '{"title": ',
    status: 400,
    matches: { type: '/rest/problems/malformed-body' },
  },
  { request: 'POST /rest/books', why: 'a key twice [P14]', body: '{"title":"A","title":"B"}', status: 400 },
  {
    request: 'POST /rest/books',
    why: 'not JSON at all [P13]',
    headers: { 'content-type': 'text/plain' },
    body: 'hello',
    status: 415,
    present: { 'accept-post': /json/ },
  },
  {
    request: 'POST /rest/books',
    why: 'a body in a coding we do not read [P13]',
    headers: { 'content-encoding': 'br' },
    body: book,
    status: 415,
  },
  {
    request: 'POST /rest/books',
    why: 'a missing member [P18]',
    body: { title: 'X' },
    status: 422,
    matches: {
      errors: expect.arrayContaining([expect.objectContaining({ pointer: expect.stringContaining('authorIds') })]),
    },
  },
  {
    request: 'POST /rest/books',
    why: 'a member too many [P18]',
    body: { ...book, colour: 'red' },
    status: 422,
    matches: { errors: [{ pointer: expect.stringContaining('colour') }] },
  },
  { request: 'POST /rest/books', why: 'a member of the wrong type', body: { ...book, year: 'long ago' }, status: 422 },
  {
    request: 'POST /rest/books',
    why: 'an ISBN that cannot be [E7]',
    body: { ...book, isbn: '9780306406158' },
    status: 422,
  },
  { request: 'POST /rest/books', why: 'an array instead of an object', body: [book], status: 422 },
  {
    request: 'POST /rest/books',
    why: 'a body of 2 MB [P10]',
    body: { ...book, title: 'x'.repeat(2_000_000) },
    status: 413,
  },
  { request: 'PUT /rest/books/madame-bovary', why: 'without If-Match [P28]', body: book, status: 428 },
  {
    request: 'PUT /rest/books/madame-bovary',
    why: 'with an old tag [P29]',
    headers: { 'if-match': '"999.x"' },
    body: book,
    status: 412,
  },
  {
    request: 'PUT /rest/books/madame-bovary',
    why: 'with a foreign tag',
    headers: { 'if-match': '"abc"' },
    body: book,
    status: 412,
  },
  {
    request: 'PATCH /rest/books/madame-bovary',
    why: 'without If-Match',
    headers: { 'content-type': 'application/merge-patch+json' },
    body: { title: 'X' },
    status: 428,
  },
  {
    request: 'PATCH /rest/books/madame-bovary',
    why: 'as plain XML',
    headers: { 'content-type': 'application/xml' },
    body: '<title/>',
    status: 415,
    present: { 'accept-patch': /merge-patch/ },
  },
  { request: 'DELETE /rest/books/madame-bovary', why: 'without If-Match', status: 428 },
  {
    request: 'DELETE /rest/books/nope',
    why: '* asks that there is something [O12]',
    headers: { 'if-match': '*' },
    status: 412,
  },
  {
    request: 'PUT /rest/books/nope',
    why: '* asks that there is something [O12]',
    headers: { 'if-match': '*' },
    body: book,
    status: 412,
  },
  {
    request: 'POST /rest/orders',
    why: 'without a key [P23]',
    body: { customer: 'ana', lines: line },
    status: 400,
    matches: { type: '/rest/problems/idempotency-key-missing' },
  },
  {
    request: 'POST /rest/orders',
    why: 'more than there is [S14]',
    headers: { 'idempotency-key': 'much' },
    body: { customer: 'ana', lines: [{ bookId: 'madame-bovary', quantity: 100 }] },
    status: 409,
    matches: { type: '/rest/problems/out-of-stock', bookId: 'madame-bovary', available: expect.any(Number) },
  },
  {
    request: 'POST /rest/orders',
    why: 'a book nobody has [S14]',
    headers: { 'idempotency-key': 'unknown' },
    body: { customer: 'ana', lines: [{ bookId: 'nope', quantity: 1 }] },
    status: 422,
    matches: { type: '/rest/problems/unknown-book', bookId: 'nope' },
  },
  {
    request: 'POST /rest/orders',
    why: 'no lines',
    headers: { 'idempotency-key': 'empty' },
    body: { customer: 'ana', lines: [] },
    status: 422,
  },
  {
    request: 'POST /rest/orders',
    why: 'minus one copy',
    headers: { 'idempotency-key': 'minus' },
    body: { customer: 'ana', lines: [{ bookId: 'madame-bovary', quantity: -1 }] },
    status: 422,
  },
  { request: 'POST /rest/orders/nope/cancellation', why: 'nothing to cancel [S10]', status: 404 },
  { request: 'DELETE /rest/reviews/nope', why: 'no such review', headers: { 'x-reader': 'ana' }, status: 404 },
];

const named = (scenarios: readonly Scenario[]) =>
  scenarios.map((scenario) => [`${scenario.request} answers ${scenario.status}: ${scenario.why}`, scenario] as const);

describe('reading', () => {
  it.each(named(reading))('%s', async (_name, scenario) => {
    await playScenario(shop.url, scenario);
  });
});

describe('what is refused', () => {
  it.each(named(refused))('%s', async (_name, scenario) => {
    await playScenario(shop.url, scenario);
  });
});

describe('the life of a book', () => {
  const play = (scenario: Scenario) => playScenario(shop.url, scenario);

  it('is created, read, found unchanged, changed, replaced, and deleted', async () => {
    const created = await play({
      request: 'POST /rest/books',
      why: 'created [S5]',
      body: book,
      status: 201,
      present: { location: /\/rest\/(v2\/)?books\/a-new-book$/, etag: /^"1/ },
    });
    const location = new URL(created.headers.get('location')!, shop.url).pathname;
    const read = await play({ request: `GET ${location}`, why: 'read', status: 200, present: { etag: /^"1/ } });
    const etag = read.headers.get('etag')!;
    await play({
      request: `GET ${location}`,
      why: 'unchanged [P27]',
      headers: { 'if-none-match': etag },
      status: 304,
      present: { etag },
    });
    const patch = { 'content-type': 'application/merge-patch+json', 'if-match': etag };
    const changed = await play({
      request: `PATCH ${location}`,
      why: 'changed [S7]',
      headers: patch,
      body: { year: 2001 },
      status: 200,
      present: { etag: /^"2/ },
      matches: { year: 2001, title: 'A New Book' },
    });
    await play({
      request: `PATCH ${location}`,
      why: 'the old tag no longer holds [P29]',
      headers: patch,
      body: { year: 2002 },
      status: 412,
    });
    const replaced = await play({
      request: `PUT ${location}`,
      why: 'replaced',
      headers: { 'if-match': changed.headers.get('etag')! },
      body: { ...book, title: 'Another Title' },
      status: 200,
      matches: { title: 'Another Title', year: null, version: 3 },
    });
    await play({
      request: `DELETE ${location}`,
      why: 'the tag of an older state',
      headers: { 'if-match': etag },
      status: 412,
    });
    await play({
      request: `DELETE ${location}`,
      why: 'deleted [S9]',
      headers: { 'if-match': replaced.headers.get('etag')! },
      status: 204,
      absent: ['content-type'],
    });
    await play({ request: `GET ${location}`, why: 'gone', status: 404 });
  });

  it('a second book with the same ISBN is a conflict that names the first [S14]', async () => {
    const withIsbn = { ...book, title: 'With A Number', isbn: '9780306406157' };
    await play({ request: 'POST /rest/books', why: 'created', body: withIsbn, status: 201 });
    await play({
      request: 'POST /rest/books',
      why: 'a conflict',
      body: { ...withIsbn, title: 'Other' },
      status: 409,
      matches: { type: '/rest/problems/duplicate-isbn', existing: { id: 'with-a-number' } },
    });
  });
});

describe('the life of an order', () => {
  it('is placed once however often it is sent, read, and cancelled once', async () => {
    await fetch(`${shop.serviceUrls.inventory}/v1/stock/le-petit-prince`, {
      method: 'PUT',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ onHand: 5 }),
    });
    const order = { customer: 'ana', lines: [{ bookId: 'le-petit-prince', quantity: 2 }] };
    const headers = { 'idempotency-key': 'one-intent' };
    const place = {
      request: 'POST /rest/orders',
      why: 'placed [S5]',
      headers,
      body: order,
      status: 201,
      present: { location: /\/orders\// },
      matches: { status: 'CONFIRMED' },
    };
    const first = await playScenario(shop.url, place);
    const second = await playScenario(shop.url, place);
    expect(second.headers.get('location')).toBe(first.headers.get('location'));
    await playScenario(shop.url, {
      request: 'POST /rest/orders',
      why: 'another body under the same key',
      headers,
      body: { ...order, customer: 'bo' },
      status: 422,
    });
    await playScenario(shop.url, {
      request: 'GET /rest/books/le-petit-prince/stock',
      why: 'two copies are taken, not four',
      status: 200,
      matches: { stock: 3 },
    });
    const location = new URL(first.headers.get('location')!, shop.url).pathname;
    await playScenario(shop.url, {
      request: `GET ${location}`,
      why: 'read',
      status: 200,
      present: { etag: /"/, 'cache-control': 'no-store' },
      matches: { lines: [{ book: { title: 'Le Petit Prince' } }] },
    });
    await playScenario(shop.url, {
      request: `POST ${location}/cancellation`,
      why: 'cancelled',
      status: 200,
      matches: { status: 'CANCELLED' },
    });
    await playScenario(shop.url, {
      request: 'GET /rest/books/le-petit-prince/stock',
      why: 'the copies are back',
      status: 200,
      matches: { stock: 5 },
    });
  });
});

it('POST /rest/reports is a job that leads to a report with the titles of the books sold [S12, S13]', async () => {
  const placing = { customer: 'reporter', lines: line };
  const headers = { 'idempotency-key': 'for-the-report' };
  await playScenario(shop.url, { request: 'POST /rest/orders', why: 'sold', headers, body: placing, status: 201 });
  const moment = (ms: number) => new Date(Date.now() + ms).toISOString();
  const started = await playScenario(shop.url, {
    request: 'POST /rest/reports',
    why: 'answered as the job is once it has ended',
    headers: { prefer: 'wait=10' },
    body: { from: moment(-3_600_000), until: moment(3_600_000) },
    status: 303,
    present: { location: /^\/rest\/reports\//, 'preference-applied': 'wait=10' },
  });
  await playScenario(shop.url, {
    request: `GET ${started.headers.get('location')}`,
    why: 'the report, joined with the catalog',
    status: 200,
    matches: {
      books: expect.arrayContaining([
        { copies: expect.any(Number), book: { id: 'madame-bovary', title: 'Madame Bovary' } },
      ]),
    },
  });
  await playScenario(shop.url, {
    request: 'POST /rest/reports',
    why: 'a period that is none',
    body: { from: moment(0), until: moment(-1_000) },
    status: 422,
    matches: { errors: [{ pointer: '/until' }] },
  });
});

/** The REST API of the catalog, request by request, every answer held against the contract. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createCatalogService } from '../../../../subgraphs/catalog/service.ts';
import type { Service } from '../../../../subgraphs/chassis/create-service.ts';
import { seedBooks } from '../../../../subgraphs/seed/books.ts';
import { createContractClient, type ClientAnswer, type ClientRequest } from '../../contract-client.ts';

const beforeSunset = Date.UTC(2027, 5, 30) - 1;
let service: Service;
let time = beforeSunset;
const faults: unknown[] = [];
const client = createContractClient('catalog', () => service.url);

beforeAll(async () => {
  service = await createCatalogService({
    storage: { kind: 'ephemeral' },
    isSeeded: true,
    now: () => new Date(time),
    onError: (error) => faults.push(error),
    isCheckingAnswers: true,
  });
  await service.listen({ port: 0 });
});

beforeEach(() => {
  time = beforeSunset;
});

afterAll(async () => {
  await service.close();
  expect(faults).toEqual([]);
});

type Headers = Record<string, string>;
const get = (path: string, headers: Headers = {}) => client.send({ path, headers });
const post = (path: string, body: unknown) => client.send({ method: 'POST', path, body });
const put = (path: string, body: unknown, headers: Headers = {}) => client.send({ method: 'PUT', path, body, headers });
const patch = (path: string, body: unknown, headers: Headers = {}) =>
  client.send({ method: 'PATCH', path, body, headers: { 'content-type': 'application/merge-patch+json', ...headers } });
const remove = (path: string, headers: Headers = {}) => client.send({ method: 'DELETE', path, headers });

const bookOf = (title: string, more: Record<string, unknown> = {}) => ({
  title,
  authors: [{ id: 'jane-austen' }],
  price: { amount: '12.90', currency: 'EUR' },
  ...more,
});
const pageOf = ({ body }: ClientAnswer) => body['page'] as { hasNext: boolean; hasPrevious: boolean; end: string };
interface SeenBook {
  readonly id: string;
  readonly isbn: string | null;
  readonly price: { readonly amount: string };
}

const idsOf = ({ body }: ClientAnswer) => (body['items'] as { id: string }[]).map(({ id }) => id);
const statuses = (answers: readonly ClientAnswer[]) =>
  answers.map(({ status }) => status).toSorted((one, other) => one - other);

describe('one book', () => {
  test('POST /v2/books answers 201 with the book, its place and its tag', async () => {
    const { status, headers, body } = await post('/v2/books', bookOf('Nörthanger Abbey'));
    expect([status, headers.get('location'), headers.get('etag')]).toEqual([201, '/v2/books/northanger-abbey', '"1"']);
    expect(body).toEqual({
      id: 'northanger-abbey',
      title: 'Nörthanger Abbey',
      year: null,
      language: null,
      genre: null,
      isbn: null,
      authors: [{ id: 'jane-austen' }],
      price: { amount: '12.90', currency: 'EUR' },
      version: 1,
      updatedAt: '2027-06-29T23:59:59.999Z',
    });
    for (const name of ['deprecation', 'sunset', 'link']) expect(headers.get(name)).toBeNull();
    expect((await get('/v2/books/northanger-abbey')).body).toEqual(body);
  });

  test('POST of the same title again answers 201 with a numbered id', async () => {
    await post('/v2/books', bookOf('Twice'));
    expect((await post('/v2/books', bookOf('Twice'))).headers.get('location')).toBe('/v2/books/twice-2');
  });

  test('POST of an ISBN that is taken answers 409 with the book that has it', async () => {
    await post('/v2/books', bookOf('With a Number', { isbn: '978-0-306-40615-7' }));
    const { status, body } = await post('/v2/books', bookOf('Other', { isbn: '9780306406157' }));
    expect([status, body]).toMatchObject([
      409,
      { type: '/problems/duplicate-isbn', existing: { id: 'with-a-number' }, detail: expect.any(String) },
    ]);
    await post('/v2/books', bookOf('Without a Number'));
    expect((await patch('/v2/books/without-a-number', { isbn: '9780306406157' })).status).toBe(409);
    expect((await put('/v2/books/without-a-number', bookOf('X', { isbn: '9780306406157' }))).status).toBe(409);
    expect((await get('/v2/books?isbn=978-0-306-40615-7,9780306406150')).body).toMatchObject({ total: 1 });
  });

  test('GET with the tag it has answers 304 and no body; HEAD the same headers as GET', async () => {
    const again = await get('/v2/books/madame-bovary', { 'if-none-match': 'W/"7", W/"1"' });
    expect([again.status, again.text, again.headers.get('etag')]).toEqual([304, '', '"1"']);
    expect((await get('/v2/books/madame-bovary', { 'if-none-match': '"2"' })).status).toBe(200);
    const head = await client.send({ method: 'HEAD', path: '/v2/books/madame-bovary' });
    expect([head.status, head.text, head.headers.get('etag')]).toEqual([200, '', '"1"']);
  });

  test('PUT replaces all of it: what is left out becomes empty', async () => {
    const { body: old } = await post('/v2/books', bookOf('Persuasion', { year: 1817, genre: 'novel', language: 'en' }));
    const { status, headers, body } = await put('/v2/books/persuasion', bookOf('Changed'), { 'if-match': '"1"' });
    expect([status, headers.get('etag'), headers.get('location')]).toEqual([200, '"2"', null]);
    expect(body).toEqual({ ...old, title: 'Changed', year: null, genre: null, language: null, version: 2 });
  });

  test('PATCH changes what it names, null empties, {} changes nothing and keeps the version', async () => {
    const { body: old } = await post('/v2/books', bookOf('Sanditon', { year: 1817, genre: 'novel' }));
    const at = '/v2/books/sanditon';
    expect((await patch(at, {})).body).toEqual(old);
    expect((await patch(at, { year: 1817, price: { amount: '12.9' } })).body).toEqual(old);
    const { body } = await patch(at, { year: null, price: { amount: '7' }, authors: [{ id: 'b' }, { id: 'a' }] });
    expect(body).toEqual({
      ...old,
      year: null,
      price: { amount: '7.00', currency: 'EUR' },
      authors: [{ id: 'b' }, { id: 'a' }],
      version: 2,
    });
    expect((await patch(at, { title: 'Sanditon, again' })).body).toMatchObject({ id: 'sanditon', version: 3 });
  });

  test('writes with If-Match are done over the version they name, over any with *, and over no other', async () => {
    await post('/v2/books', bookOf('Matched'));
    const at = '/v2/books/matched';
    for (const tag of ['"2"', 'W/"1"', '"one"']) {
      const { status, headers } = await patch(at, { year: 1 }, { 'if-match': tag });
      expect([tag, status, headers.get('etag')]).toEqual([tag, 412, '"1"']);
    }
    expect((await put(at, bookOf('Matched 2'), { 'if-match': '"9", "1"' })).status).toBe(200);
    expect((await patch(at, { year: 2 }, { 'if-match': '*' })).status).toBe(200);
    expect((await remove(at, { 'if-match': '"2"' })).status).toBe(412);
    expect((await remove(at, { 'if-match': '"3"' })).status).toBe(204);
    expect((await remove(at, { 'if-match': '*' })).status).toBe(404);
    expect((await get(at)).status).toBe(404);
  });

  test('of ten PATCH at once with the same If-Match one is done', async () => {
    await post('/v2/books', bookOf('Wanted'));
    const years = Array.from({ length: 10 }, (_, index) => index + 1);
    const all = await Promise.all(years.map((year) => patch('/v2/books/wanted', { year }, { 'if-match': '"1"' })));
    expect(statuses(all)).toEqual([200, ...Array.from({ length: 9 }, () => 412)]);
    const winner = all.find(({ status }) => status === 200)!;
    expect((await get('/v2/books/wanted')).body).toEqual(winner.body);
    const both = await Promise.all([1, 2].map(() => remove('/v2/books/wanted', { 'if-match': '"2"' })));
    expect(statuses(both)).toEqual([204, 404]);
  });
});

describe('GET /v2/books', () => {
  test('is all seeded books, page by page, each once, with a link to the next', async () => {
    const seen: string[] = [];
    let path: string | undefined = '/v2/books?author=&first=7&sort=-year&yearTo=2000';
    while (path !== undefined) {
      const answer: ClientAnswer = await get(path);
      expect(answer.headers.get('link')).toContain('rel="first"');
      expect(pageOf(answer).hasPrevious).toBe(seen.length > 0);
      seen.push(...idsOf(answer));
      path = /<([^>]+)>; rel="next"/.exec(answer.headers.get('link')!)?.[1];
      expect(path !== undefined).toBe(pageOf(answer).hasNext);
    }
    expect(new Set(seen).size).toBe(seen.length);
    const dated = seedBooks.filter(({ year }) => year !== null && year <= 2000).map(({ id }) => id);
    expect(seen.filter((id) => dated.includes(id)).toSorted()).toEqual(dated.toSorted());
  });

  test('?ids= is all of them in one answer, whatever first says, without what it does not know', async () => {
    const ids = seedBooks.slice(0, 30).map(({ id }) => id);
    const answer = await get(`/v2/books?ids=${[...ids, 'unknown', 'no id at all'].join(',')}&first=1`);
    expect(idsOf(answer).toSorted()).toEqual(ids.toSorted());
    expect(answer.body).toMatchObject({ total: 30, page: { hasNext: false } });
    expect((await get('/v2/books?ids=')).body).toMatchObject({ items: [], total: 0 });
  });

  test('finds by a part of the title and of an author, without case and accents', async () => {
    expect(idsOf(await get('/v2/books?title=PETIT%20PRÍNCE'))).toEqual(['le-petit-prince']);
    expect(idsOf(await get('/v2/books?author=flaubert&title=bovary&language=fr&genre=novel&year=1857'))).toEqual([
      'madame-bovary',
    ]);
    expect(idsOf(await get('/v2/books?authorId=gustave-flaubert'))).toContain('madame-bovary');
    expect((await get('/v2/books?authorId=flaubert')).body).toMatchObject({ items: [], total: 0 });
  });

  test('?first=0 tells how many there are', async () => {
    const { body } = await get('/v2/books?title=petit%20prince&first=0');
    expect(body).toMatchObject({ items: [], total: 1, page: { hasNext: true, start: null, end: null } });
  });

  test('seeds have no ISBN, and prices from 4.90 to 39.90 that are not all the same', async () => {
    const items = (await get('/v2/books?first=100&yearTo=1950&genre=novel')).body['items'] as SeenBook[];
    const seeded = items.filter(({ id }) => seedBooks.some((book) => book.id === id));
    const amounts = seeded.map(({ price }) => Number(price.amount));
    expect(seeded.length).toBeGreaterThan(5);
    expect(seeded.every(({ isbn }) => isbn === null)).toBe(true);
    expect(Math.min(...amounts)).toBeGreaterThanOrEqual(4.9);
    expect(Math.max(...amounts)).toBeLessThanOrEqual(39.9);
    expect(new Set(amounts).size).toBeGreaterThan(3);
  });
});

describe('version 1', () => {
  const oldBook = { title: 'Lady Susan', authorId: 'jane-austen', price: 12.9 };

  test('shows the first author, and the price as a number', async () => {
    const { status, headers, body } = await post('/v1/books', { ...oldBook, year: 1871 });
    expect([status, headers.get('location'), headers.get('etag')]).toEqual([201, '/v1/books/lady-susan', '"1"']);
    expect(body).toMatchObject({ id: 'lady-susan', authorId: 'jane-austen', price: 12.9, year: 1871 });
    expect((await get('/v1/books/lady-susan')).body).toEqual(body);
    expect((await get('/v2/books/lady-susan')).body).toMatchObject({
      authors: [{ id: 'jane-austen' }],
      price: { amount: '12.90', currency: 'EUR' },
    });
  });

  test('PUT changes the first author and leaves those it does not show', async () => {
    await post('/v2/books', bookOf('Shared', { authors: [{ id: 'a' }, { id: 'b' }, { id: 'c' }] }));
    const at = '/v1/books/shared';
    expect((await put(at, { title: 'Shared', authorId: 'a', price: 12.9 })).body).toMatchObject({ version: 1 });
    expect((await put(at, { ...oldBook, authorId: 'c', price: 0.07 }, { 'if-match': '"1"' })).body).toMatchObject({
      authorId: 'c',
      price: 0.07,
      version: 2,
    });
    expect((await get('/v2/books/shared')).body['authors']).toEqual([{ id: 'c' }, { id: 'b' }]);
    expect((await put(at, oldBook, { 'if-match': '"1"' })).status).toBe(412);
    expect((await remove(at, { 'if-match': '"2"' })).status).toBe(204);
  });

  test('GET /v1/books pages like version 2, with its own links and those to version 2', async () => {
    const { headers, body } = await get('/v1/books?first=1&authorId=gustave-flaubert');
    expect(body['items']).toMatchObject([{ authorId: 'gustave-flaubert', price: expect.any(Number) }]);
    const link = headers.get('link')!;
    expect(link).toContain('</v1/books?authorId=gustave-flaubert&sort=title&first=1>; rel="first"');
    expect(link).toContain('</v2/books>; rel="successor-version"');
  });

  const rows: readonly (ClientRequest & { status: number; successor?: string })[] = [
    { path: '/v1/books', status: 200, successor: '/v2/books' },
    { path: '/v1/books/madame-bovary', status: 200 },
    { path: '/v1/books/madame-bovary', headers: { 'if-none-match': '"1"' }, status: 304 },
    { path: '/v1/books/none', status: 404, successor: '/v2/books/none' },
    { path: '/v1/books?first=ten', status: 400, successor: '/v2/books' },
    { path: '/v1/books/%20', status: 400, successor: '/v2/books/%20' },
    { path: '/v1/books/a/b', status: 404, successor: '/v2/books/a/b' },
    { path: '/v1/books/madame-bovary', headers: { accept: 'text/csv' }, status: 406 },
    { method: 'PATCH', path: '/v1/books/madame-bovary', body: {}, status: 405 },
    { method: 'PUT', path: '/v1/books/madame-bovary', body: {}, status: 422 },
    { method: 'PUT', path: '/v1/books/madame-bovary', body: '{', status: 400 },
    { method: 'DELETE', path: '/v1/books/madame-bovary', headers: { 'if-match': '"9"' }, status: 412 },
    { method: 'POST', path: '/v1/books', body: 'x'.repeat(1_100_000), status: 413, successor: '/v2/books' },
  ];
  test.each(rows.map((row) => [`${row.method ?? 'GET'} ${row.path}`, row.status, row] as const))(
    '%s answers %d and says when the version ends',
    async (_name, status, { successor = '/v2/books/madame-bovary', ...request }) => {
      const answer = await client.send(request);
      expect(answer.status).toBe(status);
      expect(answer.headers.get('deprecation')).toBe('@1782777600');
      expect(answer.headers.get('sunset')).toBe('Wed, 30 Jun 2027 00:00:00 GMT');
      expect(answer.headers.get('link')).toContain(`<${successor}>; rel="successor-version"`);
      expect(answer.headers.get('link')).toContain('</docs/v1>; rel="deprecation"');
    },
  );

  test('the link "deprecation" leads to a page that names the dates', async () => {
    const { status, headers, text } = await get('/docs/v1');
    expect([status, headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
    expect(text).toContain('2026-06-30');
    expect(text).toContain('2027-06-30');
  });

  test('from its sunset on everything is 410, and version 2 goes on', async () => {
    time = beforeSunset + 1;
    for (const method of ['GET', 'POST']) {
      const answer = await client.send({ method, path: '/v1/books' });
      expect([answer.status, answer.body]).toMatchObject([
        410,
        { type: '/problems/version-gone', successor: '/v2/books' },
      ]);
    }
    for (const method of ['GET', 'PUT', 'DELETE']) {
      const answer = await client.send({ method, path: '/v1/books/madame-bovary' });
      expect([answer.status, answer.body['successor']]).toEqual([410, '/v2/books/madame-bovary']);
      expect(answer.headers.get('sunset')).toBe('Wed, 30 Jun 2027 00:00:00 GMT');
      expect(answer.headers.get('etag')).toBeNull();
    }
    expect((await get('/v2/books/madame-bovary')).status).toBe(200);
    expect((await get('/v1/bookshelves')).status).toBe(404);
  });
});

interface Refusal extends ClientRequest {
  readonly name: string;
  readonly status: number;
  readonly type: string;
  readonly header?: readonly [string, string];
  /** Of the first error. */
  readonly at?: string;
}

const json = { 'content-type': 'application/json' };
const merge = { 'content-type': 'application/merge-patch+json' };
const ids = (count: number): string => Array.from({ length: count }, (_, index) => `b${index}`).join(',');

const badQueries: readonly (readonly [string, string, string?])[] = [
  ['first=-1', 'invalid-parameter', 'first'],
  ['first=101', 'invalid-parameter', 'first'],
  ['first=1&first=2', 'invalid-parameter', 'first'],
  ['year=1e3', 'invalid-parameter', 'year'],
  ['yearFrom=2147483648', 'invalid-parameter', 'yearFrom'],
  ['sort=author', 'invalid-parameter', 'sort'],
  ['title=a%00b', 'invalid-parameter', 'title'],
  ['author=%00', 'invalid-parameter', 'author'],
  ['authorId=%0a', 'invalid-parameter', 'authorId'],
  [`title=${'x'.repeat(201)}`, 'invalid-parameter', 'title'],
  [`ids=${ids(101)}`, 'invalid-parameter', 'ids'],
  ['isbn=abc', 'invalid-parameter', 'isbn'],
  ['after=rubbish', 'invalid-cursor', 'after'],
  ['after=', 'invalid-parameter', 'after'],
  ['titel=x', 'unknown-parameter', 'titel'],
];

const badBooks: readonly (readonly [string, Record<string, unknown>, string])[] = [
  ['no title', { title: undefined }, '/title'],
  ['an empty title', { title: '' }, '/title'],
  ['a title of white space', { title: '  ' }, '/title'],
  ['a title with a null byte', { title: 'a\u0000' }, '/title'],
  ['a title with half a character', { title: '\ud83d' }, '/title'],
  ['a title that is a number', { title: 7 }, '/title'],
  ['no authors', { authors: [] }, '/authors'],
  ['an author twice', { authors: [{ id: 'a' }, { id: 'a' }] }, '/authors'],
  ['an author that is no id', { authors: [{ id: 'a b' }] }, '/authors/0/id'],
  ['21 authors', { authors: Array.from({ length: 21 }, (_, index) => ({ id: `a${index}` })) }, '/authors'],
  ['a year of 1.5', { year: 1.5 }, '/year'],
  ['a year as text', { year: '1857' }, '/year'],
  ['the year 0', { year: 0 }, '/year'],
  ['the year 99999', { year: 99_999 }, '/year'],
  ['a language that is no code', { language: 'French' }, '/language'],
  ['a genre with a space', { genre: 'short stories' }, '/genre'],
  ['a wrong check digit', { isbn: '9780306406158' }, '/isbn'],
  ['an ISBN of ten digits', { isbn: '0306406152' }, '/isbn'],
  ['no price', { price: undefined }, '/price'],
  ['a price as a number', { price: 12.9 }, '/price'],
  ['a negative price', { price: { amount: '-1.00' } }, '/price/amount'],
  ['a price of three decimals', { price: { amount: '1.005' } }, '/price/amount'],
  ['a price of a million', { price: { amount: '1000000.00' } }, '/price/amount'],
  ['a price in dollars', { price: { amount: '1.00', currency: 'USD' } }, '/price/currency'],
  ['an unknown member', { colour: 'red' }, '/colour'],
];

const refusals: readonly Refusal[] = [
  ...badQueries.map(([query, type, at = '']) => ({
    name: `GET /v2/books?${query.slice(0, 30)}`,
    path: `/v2/books?${query}`,
    status: 400,
    type,
    at,
  })),
  ...badBooks.flatMap(([what, more, at]) =>
    [['POST', '/v2/books'] as const, ['PUT', '/v2/books/madame-bovary'] as const].map(([method, path]) => ({
      name: `${method} a book with ${what}`,
      method,
      path,
      body: bookOf('Refused', more),
      status: 422,
      type: 'validation',
      at,
    })),
  ),
  ...[
    { title: null },
    { authors: null },
    { price: null },
    { price: { amount: null } },
    { id: 'other' },
    { version: 9 },
  ].map((body) => ({
    name: `PATCH ${JSON.stringify(body)}`,
    method: 'PATCH',
    path: '/v2/books/madame-bovary',
    headers: merge,
    body,
    status: 422,
    type: 'validation',
    at: `/${Object.keys(body)[0]}${JSON.stringify(body).includes('amount') ? '/amount' : ''}`,
  })),
  ...[1.005, -1, 100_000, 1e-7, '12.90'].map((price) => ({
    name: `POST /v1/books with the price ${JSON.stringify(price)}`,
    method: 'POST',
    path: '/v1/books',
    body: { title: 'Refused', authorId: 'a', price },
    status: 422,
    type: 'validation',
    at: '/price',
    header: ['deprecation', '@1782777600'] as const,
  })),
  { name: 'GET an unknown book', path: '/v2/books/none', status: 404, type: 'not-found' },
  { name: 'GET a malformed id', path: '/v2/books/a%00b', status: 400, type: 'invalid-parameter', at: 'id' },
  { name: 'GET a path that does not decode', path: '/v2/books/%zz', status: 400, type: 'malformed-url' },
  { name: 'GET an unknown route', path: '/v3/books', status: 404, type: 'route-not-found' },
  { name: 'GET as XML', path: '/v2/books', headers: { accept: 'text/xml' }, status: 406, type: 'not-acceptable' },
  {
    name: 'PUT an unknown book',
    method: 'PUT',
    path: '/v2/books/none',
    body: bookOf('None'),
    status: 404,
    type: 'not-found',
  },
  {
    name: 'PATCH an unknown book',
    method: 'PATCH',
    path: '/v2/books/none',
    headers: { ...merge, 'if-match': '*' },
    body: {},
    status: 404,
    type: 'not-found',
  },
  { name: 'DELETE an unknown book', method: 'DELETE', path: '/v2/books/none', status: 404, type: 'not-found' },
  {
    name: 'POST to a book',
    method: 'POST',
    path: '/v2/books/madame-bovary',
    body: {},
    status: 405,
    type: 'method-not-allowed',
    header: ['allow', 'GET, HEAD, PUT, PATCH, DELETE, OPTIONS'],
  },
  { name: 'POST without a body', method: 'POST', path: '/v2/books', headers: json, status: 400, type: 'missing-body' },
  {
    name: 'POST broken JSON',
    method: 'POST',
    path: '/v2/books',
    body: '{"title":',
    status: 400,
    type: 'malformed-body',
  },
  {
    name: 'POST what is not UTF-8',
    method: 'POST',
    path: '/v2/books',
    body: new Uint8Array([0x22, 0xff, 0x22]),
    status: 400,
    type: 'malformed-body',
  },
  { name: 'POST a list', method: 'POST', path: '/v2/books', body: [], status: 422, type: 'validation' },
  {
    name: 'POST text',
    method: 'POST',
    path: '/v2/books',
    headers: { 'content-type': 'text/plain' },
    body: 'Emma',
    status: 415,
    type: 'unsupported-media-type',
    header: ['accept-post', 'application/json'],
  },
  {
    name: 'PATCH as plain JSON',
    method: 'PATCH',
    path: '/v2/books/madame-bovary',
    body: {},
    status: 415,
    type: 'unsupported-media-type',
    header: ['accept-patch', 'application/merge-patch+json'],
  },
  {
    name: 'POST 2 MB',
    method: 'POST',
    path: '/v2/books',
    body: bookOf('x'.repeat(2_000_000)),
    status: 413,
    type: 'body-too-large',
  },
];

describe('refusals', () => {
  test.each(refusals)('$name answers $status $type', async ({ status, type, header, at, ...request }) => {
    const answer = await client.send(request);
    expect([answer.status, answer.body['type']]).toEqual([status, `/problems/${type}`]);
    expect(answer.headers.get('content-type')).toContain('application/problem+json');
    expect(answer.headers.get('etag')).toBeNull();
    expect(answer.headers.get(header?.[0] ?? 'location')).toBe(header?.[1] ?? null);
    const [error] = (answer.body['errors'] ?? []) as { pointer?: string; parameter?: string }[];
    if (at !== undefined) expect(error?.pointer ?? error?.parameter).toBe(at);
  });

  test('change nothing', async () => {
    expect((await get('/v2/books/madame-bovary')).body).toMatchObject({ title: 'Madame Bovary', version: 1 });
    expect((await get('/v2/books?title=refused')).body).toMatchObject({ total: 0 });
  });
});

describe('the service', () => {
  test('GET /health/ready answers 200', async () => {
    expect((await fetch(`${service.url}/health/ready`)).status).toBe(200);
  });

  test('has answered every success of its contract', async () => {
    await get('/v1/books/madame-bovary', { 'if-none-match': '"1"' });
    expect(client.unseen()).toEqual([]);
  });
});

/** The REST API of the reviews, request by request, every answer held against the contract. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Service } from '../../../../subgraphs/chassis/create-service.ts';
import { createReviewsService } from '../../../../subgraphs/reviews/service.ts';
import { createContractClient, type ClientAnswer, type ClientRequest } from '../../contract-client.ts';

let service: Service;
let time = Date.UTC(2026, 4, 4, 9);
const faults: unknown[] = [];
const client = createContractClient('reviews', () => service.url);

beforeAll(async () => {
  service = await createReviewsService({
    storage: { kind: 'ephemeral' },
    isSeeded: true,
    now: () => new Date((time += 1_000)),
    onError: (error) => faults.push(error),
    isCheckingAnswers: true,
  });
  await service.listen({ port: 0 });
});

afterAll(async () => {
  await service.close();
  expect(faults).toEqual([]);
});

const text = 'A book to read twice.';
const add = (bookId: string, reader: string, body: object = {}): Promise<ClientAnswer> =>
  client.send({
    method: 'POST',
    path: '/v1/reviews',
    headers: { 'x-reader': reader },
    body: { bookId, rating: 5, text, ...body },
  });
const get = (path: string, headers: Record<string, string> = {}) => client.send({ path, headers });
const patch = (path: string, reader: string, body: object, headers: Record<string, string> = {}) =>
  client.send({
    method: 'PATCH',
    path,
    headers: { 'content-type': 'application/merge-patch+json', 'x-reader': reader, ...headers },
    body,
  });
const itemsOf = ({ body }: ClientAnswer) => body['items'] as Record<string, unknown>[];
const pageOf = ({ body }: ClientAnswer) => body['page'] as Record<string, unknown>;

describe('a review', () => {
  test('POST /v1/reviews answers 201 with Location and ETag, and is there then', async () => {
    const { status, headers, body } = await add('new-book', 'anna');
    expect([status, headers.get('etag')]).toEqual([201, '"1"']);
    expect(body).toMatchObject({ bookId: 'new-book', reader: 'anna', rating: 5, text, version: 1 });
    const read = await get(headers.get('location')!);
    expect(read.body).toEqual(body);
    expect((await get(headers.get('location')!, { 'if-none-match': '"1"' })).status).toBe(304);
  });

  test('POST by the same reader about the same book answers 409 and names the first', async () => {
    const first = await add('twice', 'anna');
    const second = await add('twice', 'anna', { rating: 1 });
    expect([second.status, second.body]).toMatchObject([
      409,
      { type: '/problems/already-reviewed', existing: { id: first.body['id'] } },
    ]);
  });

  test('POST with a reader in UTF-8 keeps the name', async () => {
    const latin1 = Buffer.from('Zoë Ångström', 'utf8').toString('latin1');
    expect((await add('names', latin1)).body['reader']).toBe('Zoë Ångström');
  });

  test('PATCH changes what is given, moves the version on, and a patch of nothing keeps it', async () => {
    const { headers } = await add('patched', 'anna');
    const path = headers.get('location')!;
    const changed = await patch(path, 'anna', { rating: 2 }, { 'if-match': '"1"' });
    expect([changed.status, changed.headers.get('etag')]).toEqual([200, '"2"']);
    expect(changed.body).toMatchObject({ rating: 2, text, version: 2 });
    expect((await patch(path, 'anna', {})).headers.get('etag')).toBe('"2"');
    const late = await patch(path, 'anna', { rating: 1 }, { 'if-match': '"1"' });
    expect([late.status, late.headers.get('etag')]).toEqual([412, '"2"']);
    expect((await patch(path, 'anna', { rating: null })).status).toBe(422);
  });

  test('PUT replaces rating and text', async () => {
    const { headers } = await add('replaced', 'anna');
    const answer = await client.send({
      method: 'PUT',
      path: headers.get('location')!,
      headers: { 'x-reader': 'anna' },
      body: { rating: 1, text: '  On the second reading, less so.  ' },
    });
    expect([answer.status, answer.body]).toMatchObject([200, { rating: 1, text: 'On the second reading, less so.' }]);
  });

  test.each([
    ['PATCH', { 'content-type': 'application/merge-patch+json' }, { rating: 1 }],
    ['PUT', { 'content-type': 'application/json' }, { rating: 1, text }],
    ['DELETE', {}, undefined],
  ])('%s by another reader answers 403, by nobody 401', async (method, type, body) => {
    const { headers } = await add(`owned-${method}`, 'anna');
    const path = headers.get('location')!;
    const foreign = await client.send({ method, path, body, headers: { ...type, 'x-reader': 'berta' } });
    expect([foreign.status, foreign.body['type']]).toEqual([403, '/problems/not-your-review']);
    const nobody = await client.send({ method, path, body, headers: type });
    expect([nobody.status, nobody.body['type'], nobody.headers.get('www-authenticate')]).toEqual([
      401,
      '/problems/reader-required',
      'Reader',
    ]);
    expect((await get(path)).body['version']).toBe(1);
  });

  test('DELETE answers 204, then 404; the reader may review the book again', async () => {
    const { headers } = await add('deleted', 'anna');
    const path = headers.get('location')!;
    const remove = (match: string) =>
      client.send({ method: 'DELETE', path, headers: { 'x-reader': 'anna', 'if-match': match } });
    expect((await remove('"9"')).status).toBe(412);
    expect((await remove('*')).status).toBe(204);
    expect((await remove('*')).status).toBe(404);
    expect((await add('deleted', 'anna')).status).toBe(201);
  });
});

describe('lists', () => {
  beforeAll(async () => {
    for (const [index, rating] of [5, 4, 4, 2, 1].entries()) await add('listed', `reader-${index}`, { rating });
  });

  test('GET /v1/books/listed/reviews gives the rating and a page, with a link to the next', async () => {
    const answer = await get('/v1/books/listed/reviews?first=2');
    expect(answer.body).toMatchObject({ bookId: 'listed', rating: { average: 3.2, count: 5 }, total: 5 });
    expect(itemsOf(answer).map(({ reader }) => reader)).toEqual(['reader-4', 'reader-3']);
    expect(pageOf(answer)).toMatchObject({ hasNext: true, hasPrevious: false });
    const next = /<([^>]+)>; rel="next"/.exec(answer.headers.get('link')!)![1]!;
    const second = await get(next);
    expect(itemsOf(second).map(({ reader }) => reader)).toEqual(['reader-2', 'reader-1']);
    const third = await get(`/v1/books/listed/reviews?first=2&after=${String(pageOf(second)['end'])}`);
    expect(itemsOf(third).map(({ reader }) => reader)).toEqual(['reader-0']);
    expect(pageOf(third)).toMatchObject({ hasNext: false, hasPrevious: true });
    expect(third.headers.get('link')).not.toContain('next');
  });

  test('GET of a book without reviews gives an empty list and no average', async () => {
    const { status, body } = await get('/v1/books/unheard-of/reviews');
    expect([status, body]).toEqual([
      200,
      {
        bookId: 'unheard-of',
        rating: { average: null, count: 0 },
        items: [],
        page: { hasNext: false, hasPrevious: false, start: null, end: null },
        total: 0,
      },
    ]);
  });

  test('GET ?first=0 gives the rating alone', async () => {
    const answer = await get('/v1/books/listed/reviews?first=0');
    expect([itemsOf(answer), answer.body['total'], answer.body['rating']]).toEqual([[], 5, { average: 3.2, count: 5 }]);
  });

  test('GET /v1/book-reviews answers for every id asked, in that order', async () => {
    const answer = await get('/v1/book-reviews?bookIds=unheard-of,listed&first=1');
    const items = itemsOf(answer);
    expect(items.map(({ bookId, total }) => [bookId, total])).toEqual([
      ['unheard-of', 0],
      ['listed', 5],
    ]);
    const alone = await get('/v1/books/listed/reviews?first=1');
    expect(items[1]).toEqual(alone.body);
  });

  test('GET /v1/book-reviews takes a cursor of a book', async () => {
    const page = await get('/v1/books/listed/reviews?first=3');
    const answer = await get(`/v1/book-reviews?bookIds=listed&first=9&after=${String(pageOf(page)['end'])}`);
    const [listed] = itemsOf(answer) as { items: { reader: string }[] }[];
    expect(listed!.items.map(({ reader }) => reader)).toEqual(['reader-1', 'reader-0']);
  });

  test('GET /v1/reviews?reader= gives a reader his own', async () => {
    await add('other', 'reader-0');
    const answer = await get('/v1/reviews?reader=reader-0');
    expect(itemsOf(answer).map(({ bookId }) => bookId)).toEqual(['other', 'listed']);
    expect((await get('/v1/reviews?bookId=listed&reader=reader-0')).body['total']).toBe(1);
  });

  test('GET /v1/reviews pages through thousands of seeded reviews', async () => {
    const answer = await get('/v1/reviews?first=100');
    expect(itemsOf(answer)).toHaveLength(100);
    expect(answer.body['total']).toBeGreaterThan(5_000);
  });
});

interface Refusal extends ClientRequest {
  readonly name: string;
  readonly status: number;
  readonly type: string;
}

const post = (body: unknown, headers: Record<string, string> = { 'x-reader': 'carla' }) => ({
  method: 'POST',
  path: '/v1/reviews',
  body,
  headers,
});
const valid = { bookId: 'refused', rating: 5, text };
const foreignCursor = Buffer.from(JSON.stringify(['other', 1, 'x'])).toString('base64url');
const brokenCursor = (...values: unknown[]): string =>
  Buffer.from(JSON.stringify(['newest', ...values])).toString('base64url');
const invalid = { status: 422, type: 'validation' };
const wrong = { status: 400, type: 'invalid-parameter' };
const cursor = { status: 400, type: 'invalid-cursor' };

const refusals: readonly Refusal[] = [
  { name: 'GET an unknown review', path: '/v1/reviews/none', status: 404, type: 'not-found' },
  { name: 'GET a malformed id', path: '/v1/reviews/a%00b', ...wrong },
  { name: 'GET ?first=101', path: '/v1/reviews?first=101', ...wrong },
  { name: 'GET ?first=-1', path: '/v1/reviews?first=-1', ...wrong },
  { name: 'GET ?first=many', path: '/v1/reviews?first=many', ...wrong },
  { name: 'GET ?first=1&first=2', path: '/v1/reviews?first=1&first=2', ...wrong },
  { name: 'GET ?limit=', path: '/v1/reviews?limit=3', status: 400, type: 'unknown-parameter' },
  { name: 'GET ?reader= with a null byte', path: '/v1/reviews?reader=%00', ...wrong },
  { name: 'GET no cursor at all', path: '/v1/reviews?after=???', ...cursor },
  { name: "GET another list's cursor", path: `/v1/reviews?after=${foreignCursor}`, ...cursor },
  { name: 'GET a cursor without a moment', path: `/v1/reviews?after=${brokenCursor('soon', 'x')}`, ...cursor },
  {
    name: 'GET a cursor of no such day',
    path: `/v1/reviews?after=${brokenCursor('2026-99-99T00:00:00.000Z', 'x')}`,
    ...cursor,
  },
  {
    name: 'GET a cursor with a null byte',
    path: `/v1/reviews?after=${brokenCursor('2026-01-01T00:00:00.000Z', 'a\u0000')}`,
    ...cursor,
  },
  { name: 'GET /v1/book-reviews', path: '/v1/book-reviews', ...wrong },
  {
    name: 'GET 101 books',
    path: `/v1/book-reviews?bookIds=${Array.from({ length: 101 }, (_, index) => `b${index}`).join(',')}`,
    ...wrong,
  },
  {
    name: 'GET as XML',
    path: '/v1/reviews',
    headers: { accept: 'application/xml' },
    status: 406,
    type: 'not-acceptable',
  },
  { name: 'DELETE the list', method: 'DELETE', path: '/v1/reviews', status: 405, type: 'method-not-allowed' },
  { name: 'GET an unknown route', path: '/v2/reviews', status: 404, type: 'route-not-found' },
  { name: 'POST without a reader', ...post(valid, {}), status: 401, type: 'reader-required' },
  { name: 'POST with a blank reader', ...post(valid, { 'x-reader': ' ' }), status: 401, type: 'reader-required' },
  { name: 'POST with a long reader', ...post(valid, { 'x-reader': 'r'.repeat(65) }), ...invalid },
  { name: 'POST { rating: 6 }', ...post({ ...valid, rating: 6 }), ...invalid },
  { name: 'POST { rating: "5" }', ...post({ ...valid, rating: '5' }), ...invalid },
  { name: 'POST { rating: 4.5 }', ...post({ ...valid, rating: 4.5 }), ...invalid },
  { name: 'POST a short text', ...post({ ...valid, text: '   short   ' }), ...invalid },
  { name: 'POST a long text', ...post({ ...valid, text: 'a'.repeat(5_001) }), ...invalid },
  { name: 'POST a text with a null byte', ...post({ ...valid, text: 'Good\u0000 for the database' }), ...invalid },
  { name: 'POST half a character', ...post({ ...valid, text: 'Good\ud83d for the database' }), ...invalid },
  { name: 'POST a malformed book', ...post({ ...valid, bookId: '../x' }), ...invalid },
  { name: 'POST an unknown member', ...post({ ...valid, stars: 5 }), ...invalid },
  { name: 'POST an array', ...post([valid]), ...invalid },
  { name: 'POST broken JSON', ...post('{"bookId"'), status: 400, type: 'malformed-body' },
  { name: 'POST __proto__', ...post('{"__proto__":{}}'), status: 400, type: 'malformed-body' },
  { name: 'POST bad UTF-8', ...post(new Uint8Array([0x22, 0xff, 0x22])), status: 400, type: 'malformed-body' },
  { name: 'POST nothing', ...post(undefined), status: 400, type: 'missing-body' },
  { name: 'POST 10 MB', ...post({ ...valid, text: 'a'.repeat(10_000_000) }), status: 413, type: 'body-too-large' },
  {
    name: 'PATCH as plain JSON',
    method: 'PATCH',
    path: '/v1/reviews/review-0001',
    headers: { 'x-reader': 'anna', 'content-type': 'application/json' },
    body: {},
    status: 415,
    type: 'unsupported-media-type',
  },
];

describe('refusals', () => {
  test.each(refusals)('$name answers $status $type', async ({ status, type, name: _name, ...request }) => {
    const answer = await client.send(request);
    expect([answer.status, answer.body['type']]).toEqual([status, `/problems/${type}`]);
    expect([answer.headers.get('location'), answer.headers.get('etag')]).toEqual([null, null]);
  });

  test('POST with several mistakes names them all', async () => {
    const { body } = await client.send(post({ bookId: 'refused', rating: 9 }));
    const pointers = (body['errors'] as { pointer: string }[]).map(({ pointer }) => pointer);
    expect(new Set(pointers)).toEqual(new Set(['/rating', '/text']));
  });
});

test('every success of the contract has been answered', () => {
  expect(client.unseen()).toEqual([]);
});

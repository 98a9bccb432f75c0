/** The REST API of the inventory, request by request, every answer held against the contract. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Service } from '../../../../subgraphs/chassis/create-service.ts';
import { createInventoryService } from '../../../../subgraphs/inventory/service.ts';
import { createContractClient, type ClientRequest } from '../../contract-client.ts';

let service: Service;
let time = Date.UTC(2026, 4, 4, 9);
const faults: unknown[] = [];
const client = createContractClient('inventory', () => service.url);

beforeAll(async () => {
  service = await createInventoryService({
    storage: { kind: 'ephemeral' },
    isSeeded: true,
    now: () => new Date(time),
    onError: (error) => faults.push(error),
    isCheckingAnswers: true,
  });
  await service.listen({ port: 0 });
});

afterAll(async () => {
  await service.close();
  expect(faults).toEqual([]);
});

const put = (path: string, body: unknown, headers: Record<string, string> = {}) =>
  client.send({ method: 'PUT', path, body, headers });
const post = (path: string) => client.send({ method: 'POST', path });
const get = (path: string, headers: Record<string, string> = {}) => client.send({ path, headers });
const one = (bookId: string, quantity = 1) => ({ lines: [{ bookId, quantity }] });

describe('stock', () => {
  test('PUT /v1/stock/test-emma puts a book on the shelf, then counts it anew', async () => {
    const first = await put('/v1/stock/test-emma', { onHand: 7 });
    expect([first.status, first.headers.get('location'), first.headers.get('etag')]).toEqual([
      201,
      '/v1/stock/test-emma',
      '"7-0"',
    ]);
    const second = await put('/v1/stock/test-emma', { onHand: 5 });
    expect([second.status, second.body]).toEqual([200, { bookId: 'test-emma', onHand: 5, reserved: 0, available: 5 }]);
  });

  test('PUT with If-Match writes over the counts that were seen and over no others', async () => {
    await put('/v1/stock/match', { onHand: 3 });
    expect((await put('/v1/stock/match', { onHand: 4 }, { 'if-match': '"3-0"' })).status).toBe(200);
    const late = await put('/v1/stock/match', { onHand: 9 }, { 'if-match': '"3-0"' });
    expect([late.status, late.headers.get('etag')]).toEqual([412, '"4-0"']);
    expect((await put('/v1/stock/match', { onHand: 9 }, { 'if-match': '"1-0", "4-0"' })).status).toBe(200);
    expect((await put('/v1/stock/nobody', { onHand: 9 }, { 'if-match': '*' })).status).toBe(412);
  });

  test('PUT below what is reserved answers 409 and says how many are', async () => {
    await put('/v1/stock/low', { onHand: 3 });
    await put('/v1/reservations/low-1', one('low', 2));
    const answer = await put('/v1/stock/low', { onHand: 1 });
    expect([answer.status, answer.body]).toMatchObject([409, { type: '/problems/below-reserved', reserved: 2 }]);
  });

  test('GET /v1/stock/test-emma with the tag it has answers 304 and no body', async () => {
    const { headers } = await get('/v1/stock/test-emma');
    const again = await get('/v1/stock/test-emma', { 'if-none-match': headers.get('etag')! });
    expect([again.status, again.text]).toEqual([304, '']);
    const head = await client.send({ method: 'HEAD', path: '/v1/stock/test-emma' });
    expect([head.status, head.text, head.headers.get('etag')]).toEqual([200, '', headers.get('etag')]);
  });

  test('GET /v1/stock?bookIds= answers in the order asked, each once, and leaves out what it does not know', async () => {
    await put('/v1/stock/first', { onHand: 1 });
    await put('/v1/stock/second', { onHand: 2 });
    const { body } = await get('/v1/stock?bookIds=second,unknown,first,second');
    expect(body['items']).toEqual([
      { bookId: 'second', onHand: 2, reserved: 0, available: 2 },
      { bookId: 'first', onHand: 1, reserved: 0, available: 1 },
    ]);
  });
});

describe('reservations', () => {
  test('PUT /v1/reservations/{id} answers 201, then 200 with the same, then 409 for other lines', async () => {
    await put('/v1/stock/test-faust', { onHand: 4 });
    const first = await put('/v1/reservations/r-1', { ...one('test-faust', 2), ttlSeconds: 60 });
    expect([first.status, first.headers.get('location')]).toEqual([201, '/v1/reservations/r-1']);
    expect(first.body).toEqual({
      id: 'r-1',
      state: 'HELD',
      lines: [{ bookId: 'test-faust', quantity: 2 }],
      createdAt: '2026-05-04T09:00:00.000Z',
      expiresAt: '2026-05-04T09:01:00.000Z',
    });
    const second = await put('/v1/reservations/r-1', one('test-faust', 2));
    expect([second.status, second.body, second.headers.get('location')]).toEqual([200, first.body, null]);
    const third = await put('/v1/reservations/r-1', one('test-faust', 1));
    expect([third.status, third.body['type']]).toEqual([409, '/problems/reservation-differs']);
    expect((await get('/v1/stock/test-faust')).body).toMatchObject({ onHand: 4, reserved: 2, available: 2 });
  });

  test('PUT of more than there is answers 409 with the book, what there is and what was asked for', async () => {
    const { status, body } = await put('/v1/reservations/r-2', one('test-faust', 3));
    expect([status, body]).toMatchObject([
      409,
      { type: '/problems/out-of-stock', bookId: 'test-faust', available: 2, requested: 3 },
    ]);
    expect((await get('/v1/reservations/r-2')).status).toBe(404);
  });

  test('POST commitment takes the copies, again the same; release brings them back', async () => {
    expect((await post('/v1/reservations/r-1/commitment')).body).toMatchObject({ state: 'COMMITTED' });
    expect((await post('/v1/reservations/r-1/commitment')).body).toMatchObject({ state: 'COMMITTED' });
    expect((await get('/v1/stock/test-faust')).body).toMatchObject({ onHand: 2, reserved: 0 });
    expect((await post('/v1/reservations/r-1/release')).body).toMatchObject({ state: 'RELEASED' });
    expect((await post('/v1/reservations/r-1/release')).body).toMatchObject({ state: 'RELEASED' });
    expect((await get('/v1/stock/test-faust')).body).toMatchObject({ onHand: 4, reserved: 0 });
    const late = await post('/v1/reservations/r-1/commitment');
    expect([late.status, late.body]).toMatchObject([409, { type: '/problems/reservation-over', state: 'RELEASED' }]);
  });

  test('a hold that is over is EXPIRED in every answer, and its copies are free', async () => {
    await put('/v1/reservations/r-3', { ...one('test-faust', 4), ttlSeconds: 1 });
    time += 1_000;
    expect((await get('/v1/reservations/r-3')).body).toMatchObject({ state: 'EXPIRED' });
    expect((await post('/v1/reservations/r-3/commitment')).body).toMatchObject({ state: 'EXPIRED', status: 409 });
    expect((await post('/v1/reservations/r-3/release')).body).toMatchObject({ state: 'EXPIRED' });
    expect((await put('/v1/reservations/r-4', one('test-faust', 4))).status).toBe(201);
  });
});

describe('200 parallel reservations for the last 50 copies', () => {
  test('50 answer 201, 150 answer 409, and no copy is left', async () => {
    await put('/v1/stock/rare', { onHand: 50 });
    const answers = await Promise.all(
      Array.from({ length: 200 }, (_, index) => put(`/v1/reservations/rare-${index}`, one('rare'))),
    );
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(50);
    expect(answers.filter(({ body }) => body['type'] === '/problems/out-of-stock')).toHaveLength(150);
    expect((await get('/v1/stock/rare')).body).toMatchObject({ onHand: 50, reserved: 50, available: 0 });
  });
});

interface Refusal extends ClientRequest {
  readonly name: string;
  readonly status: number;
  readonly type: string;
  readonly header?: readonly [string, string];
}

const ids = (count: number): string => Array.from({ length: count }, (_, index) => `b${index}`).join(',');
const json = { 'content-type': 'application/json' };
const reservation = { method: 'PUT', path: '/v1/reservations/bad' } as const;

const refusals: readonly Refusal[] = [
  { name: 'GET /v1/stock', path: '/v1/stock', status: 400, type: 'invalid-parameter' },
  { name: 'GET /v1/stock?bookIds=', path: '/v1/stock?bookIds=', status: 400, type: 'invalid-parameter' },
  { name: 'GET 101 books', path: `/v1/stock?bookIds=${ids(101)}`, status: 400, type: 'invalid-parameter' },
  { name: 'GET with a null byte', path: '/v1/stock?bookIds=a%00b', status: 400, type: 'invalid-parameter' },
  { name: 'GET ?bookId=', path: '/v1/stock?bookId=a', status: 400, type: 'unknown-parameter' },
  { name: 'GET stock of an unknown book', path: '/v1/stock/none', status: 404, type: 'not-found' },
  { name: 'GET stock of a malformed id', path: '/v1/stock/%20', status: 400, type: 'invalid-parameter' },
  {
    name: 'GET as XML',
    path: '/v1/stock/test-emma',
    headers: { accept: 'text/xml' },
    status: 406,
    type: 'not-acceptable',
  },
  {
    name: 'DELETE stock',
    method: 'DELETE',
    path: '/v1/stock/test-emma',
    status: 405,
    type: 'method-not-allowed',
    header: ['allow', 'GET, HEAD, PUT, OPTIONS'],
  },
  { name: 'GET an unknown route', path: '/v1/shelves', status: 404, type: 'route-not-found' },
  { name: 'PUT without a body', method: 'PUT', path: '/v1/stock/x', status: 400, type: 'missing-body' },
  {
    name: 'PUT broken JSON',
    method: 'PUT',
    path: '/v1/stock/x',
    headers: json,
    body: '{"onHand":',
    status: 400,
    type: 'malformed-body',
  },
  {
    name: 'PUT text',
    method: 'PUT',
    path: '/v1/stock/x',
    headers: { 'content-type': 'text/plain' },
    body: 'seven',
    status: 415,
    type: 'unsupported-media-type',
  },
  {
    name: 'PUT 10 MB',
    method: 'PUT',
    path: '/v1/stock/x',
    body: { onHand: 'x'.repeat(10_000_000) },
    status: 413,
    type: 'body-too-large',
  },
  ...[-1, 1.5, '7', null, 1_000_001].map((onHand): Refusal => ({
    name: `PUT { onHand: ${JSON.stringify(onHand)} }`,
    method: 'PUT',
    path: '/v1/stock/x',
    body: { onHand },
    status: 422,
    type: 'validation',
  })),
  { ...reservation, name: 'PUT no lines', body: { lines: [] }, status: 422, type: 'validation' },
  { ...reservation, name: 'PUT a quantity of 0', body: one('test-emma', 0), status: 422, type: 'validation' },
  {
    ...reservation,
    name: 'PUT a book twice',
    body: { lines: [...one('test-emma').lines, ...one('test-emma').lines] },
    status: 422,
    type: 'validation',
  },
  {
    ...reservation,
    name: 'PUT 51 lines',
    body: { lines: Array.from({ length: 51 }, (_, index) => ({ bookId: `b${index}`, quantity: 1 })) },
    status: 422,
    type: 'validation',
  },
  {
    ...reservation,
    name: 'PUT ttlSeconds: 3601',
    body: { ...one('test-emma'), ttlSeconds: 3601 },
    status: 422,
    type: 'validation',
  },
  {
    ...reservation,
    name: 'PUT an unknown member',
    body: { ...one('test-emma'), note: '' },
    status: 422,
    type: 'validation',
  },
  {
    name: 'PUT a malformed id',
    method: 'PUT',
    path: '/v1/reservations/a%2Fb',
    body: one('test-emma'),
    status: 400,
    type: 'invalid-parameter',
  },
  { name: 'GET an unknown reservation', path: '/v1/reservations/none', status: 404, type: 'not-found' },
  {
    name: 'POST commitment of an unknown one',
    method: 'POST',
    path: '/v1/reservations/none/commitment',
    status: 404,
    type: 'not-found',
  },
  {
    name: 'POST release of an unknown one',
    method: 'POST',
    path: '/v1/reservations/none/release',
    status: 404,
    type: 'not-found',
  },
];

describe('refusals', () => {
  test.each(refusals)('$name answers $status $type', async ({ status, type, header, ...request }) => {
    const answer = await client.send(request);
    expect([answer.status, answer.body['type']]).toEqual([status, `/problems/${type}`]);
    expect(answer.headers.get('content-type')).toContain('application/problem+json');
    expect(answer.headers.get('etag')).toBeNull();
    expect(answer.headers.get(header?.[0] ?? 'location')).toBe(header?.[1] ?? null);
  });

  test('PUT a book twice points at the second line', async () => {
    const { body } = await put('/v1/reservations/bad', {
      lines: [...one('test-emma').lines, ...one('test-emma').lines],
    });
    expect(body['errors']).toMatchObject([{ pointer: '/lines/1/bookId' }]);
  });
});

describe('the service', () => {
  test('seeds stock of 0 to 40 copies, the same every time', async () => {
    const { seedBooks } = await import('../../../../subgraphs/seed/books.ts');
    const bookIds = seedBooks.slice(0, 100).map(({ id }) => id);
    const { body } = await get(`/v1/stock?bookIds=${bookIds.join(',')}`);
    const counts = (body['items'] as { onHand: number }[]).map(({ onHand }) => onHand);
    expect(counts).toHaveLength(bookIds.length);
    expect(Math.min(...counts)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...counts)).toBeLessThanOrEqual(40);
    expect(new Set(counts).size).toBeGreaterThan(10);
  });

  test('GET /health/ready answers 200 and the request id it was sent', async () => {
    const response = await fetch(`${service.url}/health/ready`, { headers: { 'x-request-id': 'abc-1' } });
    expect([response.status, response.headers.get('x-request-id')]).toEqual([200, 'abc-1']);
  });

  test('has answered every success of its contract', () => {
    expect(client.unseen()).toEqual([]);
  });
});
